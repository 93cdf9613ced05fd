"""The clocks: which one runs where, from when it counts, and that grave cases and kinds can have their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Basis, Calendar
from rules.cases import CLOSED, DONE, Kind, Severity, Status
from rules.sla import (
    STEPS_OF,
    Limit,
    Limits,
    SlaPolicy,
    SlaTimer,
    Step,
    deadline,
    due_at,
    moment_at,
    resumed,
    running_timers,
    used_share,
)

QUEUED = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # a Tuesday
SINCE = QUEUED + timedelta(minutes=40)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIFTEEN, THIRTY = QUEUED + 21 * DAY, QUEUED + 42 * DAY  # working days
kinds, severities, statuses = (st.sampled_from(list(one)) for one in (Kind, Severity, Status))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))


def due(status: Status, kind=Kind.dispute, severity=Severity.minor, sla=None, since=SINCE) -> datetime | None:
    sla = sla or SlaPolicy()
    settle = deadline(Step.settle, kind, severity, QUEUED, sla)
    return due_at(
        status, kind=kind, severity=severity, queued_at=QUEUED, status_since=since, settle_due_at=settle, sla=sla
    )


@pytest.mark.parametrize(
    ("status", "severity", "expected"),
    [
        (Status.reported, Severity.minor, QUEUED + 2 * HOUR),
        (Status.accepted, Severity.major, QUEUED + 2 * HOUR),
        (Status.waiting, Severity.grave, QUEUED + 1 * HOUR),
        (Status.dispatched, Severity.minor, SINCE + 2 * HOUR),
        (Status.dispatched, Severity.grave, SINCE + 2 * HOUR),
        (Status.signed, Severity.minor, SINCE + 24 * HOUR),
        (Status.handling, Severity.major, FIFTEEN),
        (Status.handling, Severity.grave, THIRTY),
    ],
)
def test_each_step_has_its_time(status: Status, severity: Severity, expected: datetime):
    assert due(status, severity=severity) == expected


def test_a_signed_case_has_two_clocks_and_the_first_to_end_counts():
    assert due(Status.signed, since=FIFTEEN - HOUR) == FIFTEEN
    timers = running_timers(
        Status.signed, kind=Kind.dispute, severity=Severity.minor, queued_at=QUEUED, status_since=SINCE,
        settle_from=QUEUED, settle_due_at=FIFTEEN, sla=SlaPolicy(),
    )  # fmt: skip
    assert [(timer.step, timer.started, timer.due) for timer in timers] == [
        (Step.contact, SINCE, SINCE + DAY),
        (Step.settle, QUEUED, FIFTEEN),
    ]


@pytest.mark.parametrize("status", sorted(CLOSED | DONE | {Status.paused}))
def test_no_clock_runs_where_nothing_is_waited_for(status: Status):
    assert due(status) is None


@given(kinds, severities, statuses)
def test_a_deadline_lies_behind_its_start_and_is_used_up_when_it_comes(kind: Kind, severity: Severity, status: Status):
    sla = SlaPolicy()
    timers = running_timers(
        status, kind=kind, severity=severity, queued_at=QUEUED, status_since=SINCE, settle_from=QUEUED,
        settle_due_at=deadline(Step.settle, kind, severity, QUEUED, sla), sla=sla,
    )  # fmt: skip
    assert [timer.step for timer in timers] == sorted(
        STEPS_OF.get(status, ()), key=[timer.step for timer in timers].index
    )
    assert due(status, kind, severity) == (timers[0].due if timers else None)
    for timer in timers:
        assert timer.due > timer.started
        for share in (0.0, 0.8, 1.0, 2.0):
            assert used_share(timer, moment_at(timer, share, sla), sla) == pytest.approx(share)


def test_a_kind_may_have_limits_of_its_own():
    short = Limits(Limit(3 * DAY), Limit(2 * DAY), Limit(1 * DAY))
    sla = SlaPolicy(by_kind={(Step.settle, Kind.hazard): short})
    assert due(Status.handling, Kind.hazard, Severity.grave, sla) == QUEUED + DAY
    assert due(Status.handling, Kind.dispute, Severity.grave, sla) == THIRTY
    assert due(Status.waiting, Kind.hazard, Severity.grave, sla) == QUEUED + HOUR


def test_a_holiday_and_a_worked_weekend_move_the_deadline():
    festival = Calendar(
        UTC, days_off=frozenset({date(2026, 3, 12), date(2026, 3, 13)}), work_days=frozenset({date(2026, 3, 14)})
    )
    limits = Limits(*[Limit(3 * DAY, Basis.workdays)] * 3)
    sla = SlaPolicy(settle=limits, calendar=festival)
    # Tuesday 04:00 + 3: Tuesday 20 h, Wednesday, (Thursday, Friday off), Saturday worked, (Sunday), Monday 4 h
    assert due(Status.handling, sla=sla) == datetime(2026, 3, 16, 4, 0, tzinfo=UTC)


@given(moments, st.timedeltas(timedelta(0), 30 * DAY), st.timedeltas(-20 * DAY, 30 * DAY), st.sampled_from(list(Basis)))
def test_paused_time_counts_neither_as_used_nor_as_left(started, pause, left, basis):
    sla = SlaPolicy()
    calendar = sla.calendar
    stopped = started + 3 * DAY
    goes_on = stopped + pause
    deadline_before = stopped + left
    after = resumed(deadline_before, stopped, goes_on, basis, sla)
    assert calendar.counted(goes_on, after, basis) == calendar.counted(stopped, deadline_before, basis)
    begun = resumed(started, stopped, goes_on, basis, sla)
    assert calendar.counted(begun, goes_on, basis) == calendar.counted(started, stopped, basis)


def test_a_clock_that_began_late_is_used_up_and_one_in_the_future_is_not_begun():
    sla = SlaPolicy()
    assert used_share(SlaTimer(Step.settle, SINCE, QUEUED, Basis.natural), SINCE, sla) == 1
    assert used_share(SlaTimer(Step.settle, QUEUED, SINCE, Basis.natural), QUEUED - HOUR, sla) == 0
    assert moment_at(SlaTimer(Step.settle, SINCE, QUEUED, Basis.natural), 2, sla) == QUEUED


@pytest.mark.parametrize("limit", [timedelta(0), -HOUR])
def test_a_limit_of_no_time_is_refused(limit: timedelta):
    with pytest.raises(ValueError, match="limit"):
        Limit(limit)
