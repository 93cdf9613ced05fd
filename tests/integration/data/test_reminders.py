"""The clocks watched: each level told once, to whom it concerns, whoever watches and however late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from data.commands.cases import move_case, resume_ended
from data.commands.reminders import tell_due
from data.commands.reports import CaseReport, report_case
from data.jobs.scheduler import Job, Scheduler
from rules.facts import MoveRequest
from rules.sla import SlaPolicy
from tests.world import NOW, World

SLA = SlaPolicy()
HOUR = timedelta(hours=1)
ROOT = Path(__file__).parents[3]


def reported(world: World, now: datetime = NOW) -> str:
    lon, lat = world.point_in("C1V1G1")
    report = CaseReport(kind="dispute", category="neighbour", title="噪音", lon=lon, lat=lat)
    case = report_case(world.database, viewer=world.viewers["dispatcher"], report=report, now=now, sla=SLA)
    return str(case["case_no"])


def move(world: World, case_no: str, name: str, by: str = "dispatcher", now: datetime = NOW, **given) -> dict:
    with world.database.owning() as connection:
        version = connection.execute(
            text("SELECT version FROM cases WHERE case_no = :no"), {"no": case_no}
        ).scalar_one()
    to = world.organisations.get(given.pop("to", ""))
    request = MoveRequest(case_no=case_no, move=name, version=version, to=to, **given)
    return move_case(world.database, request, viewer=world.viewers[by], now=now, sla=SLA)


def handled(world: World, now: datetime = NOW) -> str:
    case_no = reported(world, now)
    for name, by, given in (
        ("accept", "dispatcher", {}), ("assess", "dispatcher", {}), ("dispatch", "dispatcher", {"to": "justice-C1"}),
        ("sign", "handler", {}), ("start", "handler", {}),
    ):  # fmt: skip
        move(world, case_no, name, by, now, **given)
    return case_no


def watch(world: World, now: datetime) -> None:
    while tell_due(world.database, now=now, sla=SLA):
        pass


def reminders(world: World) -> list[tuple[str, str]]:
    with world.database.owning() as connection:
        rows = connection.execute(text("SELECT step, level FROM case_notice ORDER BY at, step, due_at, level DESC"))
        return [(row.step, row.level) for row in rows]


def messages(world: World) -> Counter[tuple[str, str]]:
    with world.database.owning() as connection:
        rows = connection.execute(
            text(
                "SELECT b.topic, o.code FROM outbox b JOIN organisation o ON o.id = b.organisation_id"
                " WHERE b.topic LIKE 'clock.%'"
            )
        )
        return Counter((row.topic, row.code) for row in rows)


def test_each_level_is_told_once_to_whom_it_concerns(world: World):
    reported(world)
    for minutes in range(0, 301, 10):
        for _ in range(2):
            watch(world, NOW + timedelta(minutes=minutes))
    assert reminders(world) == [("dispatch", "warn"), ("dispatch", "leader"), ("dispatch", "above")]
    assert messages(world) == {
        ("clock.reminder", "centre-C1V1"): 1,
        ("clock.passed", "centre-C1V1"): 1,
        ("clock.passed_twice", "centre-C1V1"): 1,
        ("clock.passed_twice", "centre-C1"): 1,
    }


@pytest.mark.parametrize(("minutes", "levels"), [(95, 0), (96, 1), (119, 1), (120, 2), (239, 2), (240, 3)])
def test_a_level_is_told_when_it_is_reached_and_not_before(world: World, minutes: int, levels: int):
    reported(world)
    watch(world, NOW + timedelta(minutes=minutes))
    assert len(reminders(world)) == levels


def test_what_a_stopped_server_missed_is_told_as_one_message(world: World):
    reported(world)
    watch(world, NOW + 10 * HOUR)
    assert [level for _, level in reminders(world)] == ["warn", "leader", "above"]
    assert {topic for topic, _ in messages(world)} == {"clock.passed_twice"}


def test_what_is_stale_is_written_down_and_not_sent(world: World):
    reported(world)
    watch(world, NOW + timedelta(days=30))
    assert len(reminders(world)) == 3 and messages(world) == {}


def test_a_case_that_moved_on_has_its_new_clock_alone(world: World):
    case_no = reported(world)
    watch(world, NOW + timedelta(minutes=100))
    for name in ("accept", "assess"):
        move(world, case_no, name, now=NOW + timedelta(minutes=101))
    move(world, case_no, "dispatch", now=NOW + timedelta(minutes=102), to="justice-C1")
    watch(world, NOW + timedelta(minutes=150))
    assert reminders(world) == [("dispatch", "warn")]
    watch(world, NOW + timedelta(minutes=102 + 121))
    assert reminders(world)[1:] == [("sign", "warn"), ("sign", "leader")]
    assert messages(world)["clock.passed", "justice-C1"] == 1 == messages(world)["clock.passed", "centre-C1"]


def test_a_paused_case_is_quiet_and_is_not_told_twice_of_what_it_was_told_before(world: World):
    case_no = handled(world)
    later = NOW + timedelta(days=17)  # 13 of 15 working days, from a Tuesday
    watch(world, later)
    assert reminders(world) == [("settle", "warn")]
    move(world, case_no, "pause", "handler", later, reason="等待鉴定", until=later + timedelta(days=30))
    watch(world, later + timedelta(days=29))
    move(world, case_no, "resume", "handler", later + timedelta(days=29))
    watch(world, later + timedelta(days=29))
    assert reminders(world) == [("settle", "warn")]
    watch(world, later + timedelta(days=36))
    assert reminders(world) == [("settle", "warn"), ("settle", "leader")]


def test_a_pause_ends_by_itself_and_late_is_as_if_in_time(world: World):
    in_time, late = handled(world), handled(world)
    until = NOW + timedelta(days=7)
    for case_no in (in_time, late):
        move(world, case_no, "pause", "handler", NOW, reason="等待鉴定", until=until)
    assert resume_ended(world.database, now=until - HOUR, sla=SLA) == 0
    assert resume_ended(world.database, now=until, sla=SLA, limit=1) == 1
    assert resume_ended(world.database, now=until + timedelta(days=3), sla=SLA) == 1
    with world.database.owning() as connection:
        rows = connection.execute(text("SELECT status, due_at FROM cases ORDER BY case_no")).all()
        by = connection.execute(
            text("SELECT role, details ->> 'rule' AS rule, user_id FROM case_event WHERE act = 'resume'")
        ).all()
    assert {row.status for row in rows} == {"handling"} and rows[0].due_at == rows[1].due_at
    assert set(by) == {("system", "pause_ended", None)}


def test_two_at_once_tell_everything_once(world: World):
    for number in range(12):
        reported(world, NOW + timedelta(minutes=number))
    now = NOW + timedelta(hours=9)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            watch(world, now)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watch(world, now)
    assert failed == [] and len(reminders(world)) == 36
    assert messages(world) == {("clock.passed_twice", "centre-C1V1"): 12, ("clock.passed_twice", "centre-C1"): 12}


KILLED = """
import sys, time
from datetime import datetime, timedelta
from data.database import Database
from data.commands import reminders
from data.jobs.scheduler import Job, Scheduler
from rules.sla import SlaPolicy
database = Database(sys.argv[1], sys.argv[2])
now = datetime.fromisoformat(sys.argv[3])
def slow():
    print("working", flush=True)
    reminders.tell_due(database, now=now, sla=SlaPolicy(), batch=1)
    time.sleep(0.05)
    return True
Scheduler(database, [Job("clocks", 0, slow)], tick_s=0.05).start()
time.sleep(60)
"""


def test_the_leader_is_killed_and_the_other_goes_on_with_nothing_lost_or_twice(world: World):
    for number in range(20):
        reported(world, NOW + timedelta(minutes=number))
    now = NOW + timedelta(hours=9)
    command = [sys.executable, "-c", KILLED, world.database.owner_url, world.database.app_url, now.isoformat()]
    first = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None and first.stdout.readline() == "working\n"
    second = Scheduler(
        world.database, [Job("clocks", 0, lambda: tell_due(world.database, now=now, sla=SLA) > 0)], tick_s=0.05
    )
    assert second.tick() is False, "one leads"
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    deadline = time.monotonic() + 20
    while not second.tick():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second.stop()
    assert len(reminders(world)) == 60
    assert messages(world) == {("clock.passed_twice", "centre-C1V1"): 20, ("clock.passed_twice", "centre-C1"): 20}


def test_a_scheduler_outlives_the_database_and_a_job_that_fails(world: World):
    asked: list[str] = []

    def breaks() -> bool:
        asked.append("breaks")
        raise RuntimeError("no")

    def works() -> bool:
        asked.append("works")
        return False

    scheduler = Scheduler(world.database, [Job("breaks", 0, breaks), Job("works", 0, works)], tick_s=0.02)
    scheduler.start()
    with world.database.owning() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gridboard-scheduler'"
            )
        )
    before, deadline = len(asked), time.monotonic() + 20
    while len(asked) < before + 6:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    scheduler.stop()
    assert {"breaks", "works"} == set(asked)
