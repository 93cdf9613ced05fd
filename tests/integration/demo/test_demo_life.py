"""The demonstration at work: cases come in and move on, people are left alone, backlogs go, and it ends when told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from data import accounts
from data.audit import trace
from data.commands import claims
from data.commands.cases import move_case
from data.commands.claims import Wish
from data.database import SYSTEM
from data.live.hub import LiveHub
from data.services import Clock, Services
from demo import live
from demo.live import LIFE_LOCK, DemoLife
from rules.errors import Problem
from rules.facts import MoveRequest
from settings import DemoSettings
from tests.conftest import DEMO_NOW, settings_for


@dataclass
class Watch:
    """A clock that a test sets."""

    at: datetime = DEMO_NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def life(cluster, demo_name, demo_database, watch) -> DemoLife:
    settings = settings_for(cluster, demo_name)
    hub = LiveHub(demo_database, settings.live, Clock(DEMO_NOW))
    return DemoLife(Services(settings, demo_database, watch, hub))  # type: ignore[arg-type]


def scalar(database, statement: str, **values):
    with database.reading(SYSTEM) as connection:
        return connection.execute(text(statement), values).scalar()


def late(database, now: datetime) -> int:
    return scalar(database, "SELECT count(*) FROM cases WHERE is_open(status) AND due_at < :now", now=now)


def few(monkeypatch) -> None:
    """Figures at rest that suit the small demonstration of the tests."""
    monkeypatch.setattr(live, "AT_REST", tuple((statuses, 3) for statuses, _ in live.AT_REST))
    monkeypatch.setattr(live, "LATE_AT_REST", 2)
    monkeypatch.setattr(live, "FEW_WAITING", 2)


def test_each_beat_brings_a_case_and_moves_others(life, demo_database, watch, monkeypatch):
    few(monkeypatch)
    before = (
        scalar(demo_database, "SELECT count(*) FROM cases"),
        scalar(demo_database, "SELECT sum(version) FROM cases"),
    )
    for _ in range(12):
        assert life.beat()
        watch.at += timedelta(seconds=10)
    assert scalar(demo_database, "SELECT count(*) FROM cases") == before[0] + 12
    assert scalar(demo_database, "SELECT sum(version) FROM cases") > before[1] + 24
    acts = "SELECT array_agg(DISTINCT act) FROM case_event WHERE at >= :now"
    assert {"report", "accept", "assess", "dispatch"} <= set(scalar(demo_database, acts, now=DEMO_NOW))
    with demo_database.owning() as connection:
        assert all(isinstance(found, int) for found in trace.verify(connection))


def test_a_backlog_of_days_is_worked_off(life, demo_database, watch, monkeypatch):
    few(monkeypatch)
    watch.at += timedelta(days=4)
    assert late(demo_database, watch.at) > 2
    for _ in range(25):
        life.beat()
        watch.at += timedelta(seconds=10)
    assert late(demo_database, watch.at) <= 2
    assert scalar(demo_database, "SELECT count(*) FROM cases WHERE status = 'waiting'") >= 2


def test_a_case_that_a_person_has_just_touched_is_left_alone(life, demo_database, watch, monkeypatch):
    few(monkeypatch)
    monkeypatch.setattr(live, "LATE_AT_REST", 0)
    viewer = accounts.log_in(demo_database, "dispatcher", "gridboard", watch.at).viewer
    with demo_database.reading(viewer) as connection:
        number, version = connection.execute(
            text("SELECT case_no, version FROM cases WHERE status = 'reported' ORDER BY reported_at LIMIT 1")
        ).one()
    request = MoveRequest(case_no=number, move="accept", version=version)
    move_case(demo_database, request, viewer=viewer, now=watch.at)
    for _ in range(6):
        watch.at += timedelta(seconds=20)
        life.beat()
    assert scalar(demo_database, "SELECT version FROM cases WHERE case_no = :no", no=number) == version + 1
    watch.at += timedelta(hours=5)
    for _ in range(6):
        life.beat()
    assert scalar(demo_database, "SELECT version FROM cases WHERE case_no = :no", no=number) > version + 1


def test_a_case_that_a_person_has_in_hand_is_not_dispatched(life, demo_database, watch, monkeypatch):
    few(monkeypatch)
    monkeypatch.setattr(live, "LATE_AT_REST", 0)
    viewer = accounts.log_in(demo_database, "dispatcher", "gridboard", watch.at).viewer
    held = claims.claim_next(demo_database, viewer=viewer, tab="t", wish=Wish(area="532800"))
    for _ in range(12):
        watch.at += timedelta(seconds=20)
        life.beat()
    statuses = "SELECT status FROM cases WHERE case_no = :no"
    assert scalar(demo_database, statuses, no=held) == "waiting"
    claims.release(demo_database, viewer=viewer, case_no=held)
    for _ in range(12):
        watch.at += timedelta(seconds=20)
        life.beat()
    assert scalar(demo_database, statuses, no=held) != "waiting"


def test_one_process_lives_and_the_others_wait(life, demo_database):
    before = scalar(demo_database, "SELECT count(*) FROM cases")
    with demo_database.owning() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LIFE_LOCK})
        assert life.beat()
    assert scalar(demo_database, "SELECT count(*) FROM cases") == before


def test_a_real_deployment_is_never_touched(life, demo_database):
    with demo_database.owning() as connection:
        connection.execute(text("UPDATE deployment SET value = 'false' WHERE key = 'synthetic'"))
    before = scalar(demo_database, "SELECT sum(version) FROM cases")
    assert not life.beat()
    assert scalar(demo_database, "SELECT sum(version) FROM cases") == before


def test_it_survives_a_database_that_does_not_answer_and_ends_when_told(life, demo_database, monkeypatch):
    beats: list[int] = []

    def beat() -> bool:
        beats.append(1)
        if len(beats) == 1:
            raise Problem("unavailable")
        if len(beats) == 2:
            raise RuntimeError("a mistake of its own")
        return True

    async def run() -> None:
        monkeypatch.setattr(life, "beat", beat)
        settings = life.services.settings.model_copy(update={"demo": DemoSettings(live=True, interval_s=0.5)})
        life.services = Services(settings, demo_database, Clock(), life.services.hub)
        monkeypatch.setattr(live, "LONGEST_PAUSE_S", 0.02)
        await life.start()
        while len(beats) < 4:
            await asyncio.sleep(0.01)
        await life.stop()

    asyncio.run(asyncio.wait_for(run(), 20))
    assert life._task is not None and life._task.done() and not life._task.cancelled()


def test_a_clock_that_stands_still_has_no_life(life):
    async def run() -> None:
        await life.start()
        await life.stop()

    asyncio.run(run())
    assert life._task is None
