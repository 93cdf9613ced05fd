"""The time in each stage adds up, whatever the clocks said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.cases import STAGE_OF, Stage, Status
from rules.stages import Stay, dwell, longest_stage, times_known, whole_minutes

START = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
steps = st.lists(
    st.tuples(st.timedeltas(-HOUR, 400 * HOUR).map(lambda later: START + later), st.sampled_from(list(Status))),
    min_size=1, max_size=40,
)  # fmt: skip


@given(steps, st.timedeltas(-HOUR, 900 * HOUR))
def test_the_stays_add_up_and_none_is_negative(course, later):
    until = START + later
    told = dwell(course, until)
    assert all(timedelta(0) <= stay.paused <= stay.length for stay in told.stays)
    assert sum((stay.length for stay in told.stays), timedelta(0)) == told.total
    latest = max([until, *(at for at, _ in course)])
    assert told.total == latest - course[0][0]
    assert {stay.stage for stay in told.stays} == {STAGE_OF[status] for _, status in course}
    shown = whole_minutes(told)
    assert sum(shown) == int(told.total / timedelta(minutes=1)) and min(shown) >= 0


def test_a_case_that_came_back_has_two_visits_and_a_pause_is_part_of_its_stage():
    course = [
        (START, Status.reported), (START + HOUR, Status.waiting), (START + 2 * HOUR, Status.dispatched),
        (START + 3 * HOUR, Status.handling), (START + 5 * HOUR, Status.waiting), (START + 6 * HOUR, Status.dispatched),
        (START + 7 * HOUR, Status.handling), (START + 8 * HOUR, Status.paused),
    ]  # fmt: skip
    assert dwell(course, START + 10 * HOUR).stays == (
        Stay(Stage.report, HOUR, 1),
        Stay(Stage.dispatch, 4 * HOUR, 2),
        Stay(Stage.handle, 5 * HOUR, 2, paused=2 * HOUR),
    )


def test_rounding_gives_the_minutes_that_are_over_to_the_largest_remainders():
    course = [
        (START, Status.reported), (START + timedelta(seconds=50), Status.accepted),
        (START + timedelta(seconds=100), Status.waiting),
    ]  # fmt: skip
    assert whole_minutes(dwell(course, START + timedelta(seconds=130))) == (1, 1, 0)


def test_a_stage_that_begins_or_ends_at_a_time_that_nobody_told_has_no_known_length():
    course = [
        (START, Status.reported), (START, Status.accepted), (START, Status.waiting), (START, Status.dispatched),
        (START + HOUR, Status.signed), (START + 3 * HOUR, Status.settled), (START + 4 * HOUR, Status.archived),
    ]  # fmt: skip
    told = dwell(course, START + 4 * HOUR, untold=(1, 2, 3))
    assert {stay.stage for stay in told.stays if not stay.known} == {Stage.report, Stage.assess, Stage.dispatch}
    assert told.total == 4 * HOUR, "the whole is known"
    unsettled = dwell(course, START + 4 * HOUR, untold=(5,))
    assert {stay.stage for stay in unsettled.stays if not stay.known} == {Stage.handle, Stage.file}
    assert all(stay.known for stay in dwell(course, START + 4 * HOUR, untold=(6,)).stays), "within a stage it does not matter"


def test_an_imported_step_of_the_version_before_is_unknown_where_it_repeats_the_time_before():
    def act(at, **details):
        return {"at": at, "details": details}

    old, now = {"imported": True}, {"imported": True, "time_unknown": False}
    assert times_known([act(START, **old), act(START, **old), act(START + HOUR, **old)]) == [True, False, True]
    assert times_known([act(START, **now), act(START, **now), act(START, imported=True, time_unknown=True)]) == [True, True, False]
    assert times_known([act(START), act(START)]) == [True, True]


def at(hours: float) -> datetime:
    return START + hours * HOUR


COURSE = [
    (at(0), Status.reported), (at(1), Status.accepted), (at(2), Status.waiting), (at(30), Status.dispatched),
    (at(31), Status.signed), (at(32), Status.handling), (at(40), Status.paused), (at(400), Status.handling),
]  # fmt: skip


def test_the_stage_that_lost_the_time_of_a_clock():
    assert longest_stage(COURSE, at(0), at(410)) == Stage.dispatch, "a pause is nobody's time"
    assert longest_stage(COURSE, at(0), at(1.5)) == Stage.report
    assert longest_stage(COURSE, at(31), at(500)) == Stage.handle
    assert longest_stage(COURSE, at(5), at(5)) is None


def test_what_is_not_known_is_nobodys_fault():
    assert longest_stage(COURSE, at(0), at(410), untold=[2]) is None
    assert longest_stage(COURSE, at(31), at(500), untold=[2]) == Stage.handle
