"""Messages that wait for office hours, and those that do not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from data.calendar import working_calendar
from data.outbox.file import FileAdapter
from data.outbox.http import WebhookAdapter
from data.outbox.routing import Route, RouteError, load_routes
from tests.gateways import Time, WebServer, reported, run, states, worker
from tests.world import World

ZONE = ZoneInfo("Asia/Shanghai")


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


@pytest.fixture
def held(world: World, web: WebServer):
    """A worker whose route keeps office hours, and its clock."""
    clock = Time()
    route = Route("sms", WebhookAdapter(web.url, secret="s"), hours=("case.*", "clock.reminder"))
    one = worker(world, route, clock=clock)
    one.calendar = working_calendar(ZONE)
    return one, clock


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-05T00:00", "2026-03-05T08:30"),
        ("2026-03-05T23:30", "2026-03-06T08:30"),
        ("2026-03-06T18:00", "2026-03-09T08:30"),
        ("2026-04-30T19:00", "2026-05-06T08:30"),
        ("2026-03-05T12:30", "2026-03-05T14:30"),
    ],
)
def test_a_message_of_the_night_goes_when_the_office_opens(world: World, web: WebServer, held, now: str, opens: str):
    one, clock = held
    clock.at = at(now)
    reported(world)
    for _ in range(3):
        run(one)
    assert web.got == [] and states(world) == [("sms", "waiting", 0, "office hours")]
    with world.database.owning() as connection:
        assert connection.execute(text("SELECT next_try_at FROM delivery")).scalar() == at(opens)
    clock.at = at(opens)
    run(one)
    assert len(web.got) == 1 and states(world) == [("sms", "sent", 1, "")]


def test_many_lines_at_once_wait_as_one_does(world: World, tmp_path: Path, held):
    one, clock = held
    clock.at = at("2026-03-05T23:30")
    one.routes = (Route("file", FileAdapter(tmp_path), hours=("*",)),)
    for _ in range(3):
        reported(world)
    run(one)
    assert {(state, error) for _, state, _, error in states(world)} == {("waiting", "office hours")}


def test_a_grave_case_does_not_wait(world: World, web: WebServer, held):
    one, clock = held
    clock.at = at("2026-03-05T23:30")
    case_no = reported(world)
    with world.database.owning() as connection:
        connection.execute(text("UPDATE cases SET severity = 'grave' WHERE case_no = :no"), {"no": case_no})
    run(one)
    assert len(web.got) == 1


def test_in_office_hours_nothing_waits(world: World, web: WebServer, held):
    one, clock = held
    clock.at = at("2026-03-05T10:00")
    reported(world)
    run(one)
    assert len(web.got) == 1


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("hours: office", {"case.report", "clock.reminder", "clock.passed"}),
        ("hours: {clock.reminder: office}", {"clock.reminder"}),
        ('hours: {"clock.*": office, case.report: always}', {"clock.reminder", "clock.passed"}),
        ("hours: always", set()),
        ("attempts: 3", set()),
    ],
)
def test_a_route_says_which_topics_wait(tmp_path: Path, said: str, waits: set[str]):
    path = tmp_path / "routes.yaml"
    path.write_text(f"routes: [{{name: a, adapter: file, {said}}}]")
    [route] = load_routes(path, {})
    assert {one for one in ("case.report", "clock.reminder", "clock.passed") if route.in_office_hours(one)} == waits


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("hours: night", "hours: has to be office"),
        ("hours: {clock.remindr: office}", "'clock.remindr' is no topic"),
        ("hours: {clock.reminder: night}", "hours: has to be office"),
        ("keep_hours: soon", "keep_hours: has to be a number"),
        ("keep_hours: -1", "keep_hours: has to be a number"),
    ],
)
def test_wrong_hours_are_one_line(tmp_path: Path, said: str, line: str):
    path = tmp_path / "routes.yaml"
    path.write_text(f"routes: [{{name: a, adapter: file, {said}}}]")
    with pytest.raises(RouteError) as refused:
        load_routes(path, {})
    assert line in str(refused.value) and "\n" not in str(refused.value)
