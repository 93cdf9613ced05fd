"""The working calendar changed between two starts: told once, kept until the deadlines are computed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from data import calendar_changes
from data.database import SYSTEM
from rules.calendar import Calendar
from rules.sla import Limit, Limits, SlaPolicy
from tests.world import NOW, World

OLD = SlaPolicy(calendar=Calendar(UTC, days_off=frozenset({date(2027, 1, 1)})))


def with_days(off: set[date], worked: set[date] = frozenset()) -> SlaPolicy:  # type: ignore[assignment]
    return replace(OLD, calendar=replace(OLD.calendar, days_off=frozenset(off), work_days=frozenset(worked)))


ANNOUNCED = with_days({date(2027, 1, 1), date(2027, 2, 8), date(2027, 2, 9)}, {date(2027, 2, 20)})


def pending(world: World) -> dict | None:
    with world.database.reading(SYSTEM) as connection:
        return calendar_changes.pending(connection)


def test_new_days_are_told_once_and_kept_until_recomputed(world: World, caplog):
    start = calendar_changes.note_start
    assert start(world.database, OLD, NOW) is None and start(world.database, OLD, NOW) is None
    assert pending(world) is None and "calendar" not in caplog.text
    change = start(world.database, ANNOUNCED, NOW)
    assert change and (change["days_off"], change["work_days"]) == (["2027-02-08", "2027-02-09"], ["2027-02-20"])
    printed = caplog.text
    assert printed.count("the working calendar or the limits have changed") == 1 and "2027-02-08" in printed
    caplog.clear()
    assert start(world.database, ANNOUNCED, NOW) is None and "calendar" not in caplog.text, "once"
    assert pending(world) == change
    later = with_days({*ANNOUNCED.calendar.days_off, date(2027, 5, 3)}, {date(2027, 2, 20)})
    start(world.database, later, NOW)
    assert (pending(world) or {})["days_off"] == ["2027-02-08", "2027-02-09", "2027-05-03"], "both are still to be reckoned"
    calendar_changes.settle(world.database, later)
    assert pending(world) is None and start(world.database, later, NOW) is None


@pytest.mark.parametrize(
    "changed",
    [
        replace(OLD, sign=Limits(*(Limit(timedelta(hours=9)),) * 3)),
        replace(OLD, calendar=replace(OLD.calendar, office=((OLD.calendar.office[0]),))),
        replace(OLD, calendar=replace(OLD.calendar, weekend=frozenset({6}))),
    ],
)
def test_other_limits_hours_and_weekends_are_told_too(world: World, changed: SlaPolicy):
    calendar_changes.note_start(world.database, OLD, NOW)
    change = calendar_changes.note_start(world.database, changed, NOW)
    assert change and change["limits"] and not change["days_off"]


def test_a_holiday_that_is_worked_after_all_is_told(world: World):
    calendar_changes.note_start(world.database, ANNOUNCED, NOW)
    change = calendar_changes.note_start(world.database, OLD, NOW)
    assert change and change["work_days"] == ["2027-02-08", "2027-02-09"] and change["days_off"] == ["2027-02-20"]
