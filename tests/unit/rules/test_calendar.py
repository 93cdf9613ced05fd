"""The working calendar, against a second way of counting: minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import Basis, Calendar

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")  # Berlin's clocks change on 29 March 2026
FESTIVAL = frozenset({date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)})
WORKED = frozenset({date(2026, 5, 9), date(2026, 3, 28)})
MINUTE = timedelta(minutes=1)
bases, zones = st.sampled_from(list(Basis)), st.sampled_from([SHANGHAI, BERLIN, UTC])
moments = st.integers(0, 70 * 24 * 60).map(lambda n: datetime(2026, 3, 20, tzinfo=UTC) + n * MINUTE)
amounts = st.integers(-15 * 24 * 60, 15 * 24 * 60).map(lambda n: n * MINUTE)


def calendar(zone) -> Calendar:
    return Calendar(zone, days_off=FESTIVAL, work_days=WORKED)


def runs(of: Calendar, at: datetime, basis: Basis) -> bool:
    """Whether the clock runs in the minute that begins at a moment."""
    local = at.astimezone(of.zone)
    if basis == Basis.natural:
        return True
    if not (local.date() in WORKED or (local.date() not in FESTIVAL and local.weekday() < 5)):
        return False
    return basis == Basis.workdays or any(a <= local.time() < b for a, b in of.office)


@settings(max_examples=60)
@given(zones, moments, st.integers(0, 9 * 24 * 60), bases)
def test_it_counts_what_a_minute_by_minute_count_counts(zone, start, minutes, basis):
    of = calendar(zone)
    by_minutes = sum(runs(of, start + n * MINUTE, basis) for n in range(minutes))
    assert of.counted(start, start + minutes * MINUTE, basis) == by_minutes * MINUTE


@given(zones, moments, moments, moments, bases)
def test_parts_add_up_and_backwards_is_the_negative(zone, a, b, c, basis):
    of = calendar(zone)
    assert of.counted(a, b, basis) + of.counted(b, c, basis) == of.counted(a, c, basis)
    assert of.counted(a, b, basis) == -of.counted(b, a, basis)
    assert abs(of.counted(a, b, basis)) <= abs(b - a)


@given(zones, moments, amounts, bases)
def test_the_moment_after_an_amount_is_the_first_by_which_it_has_counted(zone, start, amount, basis):
    of = calendar(zone)
    moment = of.after(start, amount, basis)
    assert moment.tzinfo == UTC and of.counted(start, moment, basis) == amount
    if amount > timedelta(0):
        assert of.counted(start, moment - timedelta(microseconds=1), basis) < amount
    if amount < timedelta(0):
        assert of.counted(start, moment + timedelta(microseconds=1), basis) > amount


def test_a_holiday_and_a_weekend_do_not_count_and_a_worked_saturday_does():
    of = calendar(SHANGHAI)
    thursday = datetime(2026, 4, 30, 16, 0, tzinfo=SHANGHAI)
    assert of.after(thursday, timedelta(days=1), Basis.workdays) == datetime(2026, 5, 6, 16, 0, tzinfo=SHANGHAI)
    friday = datetime(2026, 5, 8, 16, 0, tzinfo=SHANGHAI)
    assert of.after(friday, timedelta(days=1), Basis.workdays) == datetime(2026, 5, 9, 16, 0, tzinfo=SHANGHAI)
    assert of.after(friday, timedelta(hours=4), Basis.office) == datetime(2026, 5, 9, 10, 30, tzinfo=SHANGHAI)


def test_a_clock_that_starts_on_a_day_off_begins_with_the_next_working_day():
    sunday = datetime(2026, 4, 5, 11, 0, tzinfo=SHANGHAI)
    assert calendar(SHANGHAI).after(sunday, timedelta(hours=1), Basis.workdays) == datetime(
        2026, 4, 7, 1, 0, tzinfo=SHANGHAI
    )


@pytest.mark.parametrize("office", [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(15)))])
def test_office_hours_that_do_not_follow_one_another_are_refused(office):
    with pytest.raises(ValueError, match="office"):
        Calendar(UTC, office=office)


def test_a_week_without_a_working_day_is_refused():
    with pytest.raises(ValueError, match="week"):
        Calendar(UTC, weekend=frozenset(range(7)))


def test_a_deadline_in_another_generation_is_refused():
    with pytest.raises(OverflowError):
        Calendar(UTC).after(datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=20_000), Basis.workdays)


WEEK = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday


def hours(*said: str) -> Calendar:
    def at(words: str) -> time:
        hour, minute = map(int, words.split(":"))
        return time(hour % 24, minute)

    return Calendar(UTC, office=tuple((at(one[:5]), at(one[6:])) for one in said))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (["00:00-24:00"], ["00:00-24:00"]),
        (["22:00-06:00"], ["22:00-06:00"]),
        (["08:00-12:00", "12:00-18:00"], ["08:00-18:00"]),
        (["12:00-18:00", "08:00-12:00"], ["08:00-18:00"]),
        (["14:30-18:00", "08:30-12:00"], ["08:30-12:00", "14:30-18:00"]),
        (["18:00-24:00"], ["18:00-24:00"]),
        (["06:00-14:00", "14:00-22:00", "22:00-06:00"], ["06:00-22:00", "22:00-06:00"]),
        (["20:00-02:00", "08:00-12:00"], ["08:00-12:00", "20:00-02:00"]),
    ],
)
def test_hours_that_touch_are_one_and_may_go_over_midnight(said: list[str], written: list[str]):
    assert list(hours(*said).office_hours) == written


@pytest.mark.parametrize(
    "said", [["08:00-12:00", "11:59-13:00"], ["22:00-06:00", "05:00-07:00"], ["00:00-24:00", "08:00-09:00"],
             ["20:00-04:00", "22:00-23:00"], ["08:00-12:00", "08:00-12:00"]],
)  # fmt: skip
def test_hours_that_overlap_are_refused_in_one_line(said: list[str]):
    with pytest.raises(ValueError, match=r"office hours overlap: .* and ") as refused:
        hours(*said)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        # of a week from Monday to Monday; a night that begins on Friday ends on Saturday, none begins on Sunday
        (["00:00-24:00"], timedelta(days=5)),
        (["22:00-06:00"], timedelta(hours=40)),
        (["08:00-12:00", "12:00-18:00"], timedelta(hours=50)),
        (["06:00-14:00", "14:00-22:00", "22:00-06:00"], timedelta(days=5)),
        (["18:00-24:00"], timedelta(hours=30)),
    ],
)
def test_a_week_of_any_hours(said: list[str], counted: timedelta):
    calendar, week = hours(*said), timedelta(days=7)
    # from Monday 12:00, as no night is cut then but the one of Friday that ends on Saturday
    start = WEEK + timedelta(hours=6)
    assert calendar.counted(start, start + week, Basis.office) == counted
    for part in (0.1, 0.5, 0.9, 1.0):
        there = calendar.after(start, counted * part, Basis.office)
        assert calendar.counted(start, there, Basis.office) == counted * part
        assert calendar.counted(calendar.after(there, -counted * part, Basis.office), there, Basis.office) == counted * part


def test_a_night_belongs_to_the_day_on_which_it_begins():
    calendar = hours("22:00-06:00")
    assert calendar.after(WEEK - timedelta(hours=1), timedelta(hours=1), Basis.office) == WEEK + timedelta(hours=23)
    friday = WEEK + timedelta(days=4, hours=23)
    assert calendar.after(friday, timedelta(hours=7), Basis.office) == WEEK + timedelta(days=5, hours=6)
    tuesday = WEEK + timedelta(days=1)
    night = calendar.counted(tuesday + timedelta(hours=3), tuesday + timedelta(hours=9), Basis.office)
    assert night == timedelta(hours=3)


@pytest.mark.parametrize(
    ("at", "opens"),
    [("2026-03-02T00:00", "2026-03-02T08:30"), ("2026-03-02T09:00", "2026-03-02T09:00"), ("2026-03-02T12:00", "2026-03-02T14:30"),
     ("2026-03-06T23:30", "2026-03-09T08:30"), ("2026-03-06T17:59", "2026-03-06T17:59")],
)  # fmt: skip
def test_when_office_hours_begin_next(at: str, opens: str):
    at, opens = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (at, opens))
    assert Calendar(UTC).opens(at) == opens
