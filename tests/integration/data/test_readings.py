"""Counts of past moments taken from the trace are those that stood there then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from data import bulk
from data.commands import readings
from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.queries import changes, summaries
from data.queries.areas import key
from data.queries.readings import compared, moments, same_weekday
from rules.facts import MoveRequest
from rules.sla import SlaPolicy
from tests.world import NOW, World

SLA = SlaPolicy()
NAMES = ("open", "waiting", "to_file", "overdue")
AREAS = ("C", "C1", "C1V1", "C1V1G1", "C2")
HOUR = timedelta(hours=1)


@pytest.fixture
def start(world: World):
    """Yesterday at 08:00 on the area's clock, as seen from NOW."""
    with world.database.owning() as connection:
        return changes.since(NOW, key(connection, "C"))


def report(world: World, at, **changes: Any) -> dict:
    lon, lat = world.point_in(changes.pop("place", "C1V1G1"))
    values = {"kind": "dispute", "category": "neighbour", "title": "邻里噪音纠纷", "lon": lon, "lat": lat} | changes
    return report_case(world.database, viewer=world.viewers["dispatcher"], report=CaseReport(**values), key=None, now=at)


def move(world: World, case: dict, name: str, at, *, by: str = "dispatcher", **more: Any) -> dict:
    request = MoveRequest(case_no=case["case_no"], move=name, version=case["version"], **more)
    return move_case(world.database, request, viewer=world.viewers[by], key=None, now=at)


def settled(world: World, at) -> dict:
    case = move(world, move(world, report(world, at), "accept", at), "assess", at)
    case = move(world, case, "dispatch", at, to=world.organisations["justice-C1"])
    return move(world, move(world, case, "sign", at, by="handler"), "settle", at, by="handler")


def summary(world: World, area: str, at, viewer: str = "leader") -> dict:
    with world.database.reading(world.viewers[viewer]) as connection:
        return summaries.summary(connection, key(connection, area), at, world.viewers[viewer])


def before(world: World, area: str, now, since, viewer: str = "leader") -> dict:
    with world.database.reading(world.viewers[viewer]) as connection:
        return compared(connection, key(connection, area), now, since)[0]


def take(world: World, now=NOW) -> int:
    return readings.take_readings(world.database, now=now, sla=SLA)


def test_what_is_computed_later_is_what_was_counted_then(world: World, start) -> None:
    waits = move(world, move(world, report(world, start - 30 * HOUR), "accept", start - 30 * HOUR), "assess", start - 29 * HOUR)
    closed = settled(world, start - 10 * HOUR)
    fresh = report(world, start - HOUR, place="C2V1G1", severity="grave")
    untouched = report(world, start - 50 * HOUR)
    then = {area: {name: summary(world, area, start)[name] for name in NAMES} for area in AREAS}
    assert then["C"] == {"open": 3, "waiting": 1, "to_file": 1, "overdue": 2}

    move(world, waits, "dispatch", start + HOUR, to=world.organisations["justice-C1"])
    move(world, closed, "reopen", start + 2 * HOUR, reason="再次发生")
    move(world, fresh, "accept", start + 3 * HOUR)
    report(world, start + 4 * HOUR)
    take(world)
    assert {area: before(world, area, NOW, start) for area in AREAS} == then
    assert untouched["version"] == 1


def test_a_reading_is_taken_once_and_what_is_old_is_forgotten(world: World, start) -> None:
    report(world, start - 24 * HOUR)
    first = take(world)
    assert first > 3 and take(world) == 0
    later = NOW + timedelta(days=readings.KEPT_DAYS + 1)
    assert take(world, later) > 0
    with world.database.owning() as connection:
        oldest = connection.execute(text("SELECT min(at) FROM reading_moment")).scalar()
    assert oldest > start


def test_nothing_is_read_from_before_the_first_act(world: World, start) -> None:
    assert take(world) == 0
    report(world, start + HOUR)
    take(world)
    assert before(world, "C", NOW, start) == {}


def test_cases_loaded_later_are_counted_again_and_what_was_overdue_stays_known(world: World, start) -> None:
    report(world, start - 24 * HOUR)
    take(world)
    with world.database.owning() as connection:
        bulk.rebuild_rollups(connection, "C")
    later = NOW + timedelta(days=3)
    assert take(world, later) > 0
    assert before(world, "C", later, start) == {"open": 1, "waiting": 0, "to_file": 0, "overdue": 1}


def test_a_reader_is_told_of_its_own_area_alone(world: World, start) -> None:
    report(world, start - 24 * HOUR)
    take(world)
    with world.database.reading(world.viewers["dispatcher.c2"]) as connection:
        seen = connection.execute(text("SELECT count(*) FROM area_reading WHERE path NOT LIKE 'C/C2/%'")).scalar()
    assert seen == 0


def test_the_range_is_of_the_hour_that_has_passed_last(world: World) -> None:
    with world.database.owning() as connection:
        area = key(connection, "C")
        local = [at.astimezone(area.zone) for at in same_weekday(NOW, area.zone)]
        for at, number in zip(same_weekday(NOW, area.zone), (310, 900, 320, 345, 312, 5, 330, 315), strict=True):
            values = {"p": area.prefecture, "a": area.id, "path": area.path, "at": at, "n": number}
            connection.execute(text("INSERT INTO reading_moment VALUES (:p, :at, false)"), values)
            row = "INSERT INTO area_reading VALUES (:p, :a, :path, :at, :n, 0, 0, NULL)"
            connection.execute(text(row), values)
    assert {(at.weekday(), at.hour) for at in local} == {(NOW.astimezone(area.zone).weekday(), 8)}
    with world.database.reading(world.viewers["leader"]) as connection:
        _, usual = compared(connection, area, NOW, changes.since(NOW, area))
        assert usual == {"open": (310, 345), "waiting": (0, 0), "to_file": (0, 0)}, "too little is known of what was overdue"


def test_three_weeks_say_nothing_of_what_is_usual(world: World, start) -> None:
    report(world, NOW - timedelta(days=22))
    take(world)
    with world.database.reading(world.viewers["leader"]) as connection:
        assert compared(connection, key(connection, "C"), NOW, start)[1] == {}


def test_the_months_figure_then_is_the_one_now_without_what_came(world: World, start) -> None:
    old = settled(world, start - 3 * HOUR)
    settled(world, start - 2 * HOUR)
    then = summary(world, "C", start)["settled_month"]
    move(world, old, "reopen", start + HOUR, reason="再次发生")
    settled(world, start + HOUR)
    settled(world, start + 2 * HOUR)
    with world.database.reading(world.viewers["leader"]) as connection:
        brought = changes.changes(connection, key(connection, "C"), NOW)["brought"]["settled_month"]
    assert (then, summary(world, "C", NOW)["settled_month"] - brought) == (2, 2)


def test_hours_are_those_of_the_deployment_over_a_change_of_its_clock(world: World) -> None:
    with world.database.owning() as connection:
        zone = replace(key(connection, "C"), timezone="Europe/Berlin").zone
    found = moments(NOW.replace(month=3, day=30, hour=20), zone, days=2)
    assert [at.astimezone(zone).hour for at in found] == [8, 14, 20] * 3
    assert len({at.hour for at in found}) == 6
