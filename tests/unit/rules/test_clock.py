"""The clocks: which one runs where, from when it counts, and that grave cases and kinds can have their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cases import CLOSED, DONE, Kind, Severity, Status
from rules.clock import STEP_OF, Clocks, Limits, Step, due_at, started_at, time_left, used_share

REPORTED = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
SINCE = REPORTED + timedelta(minutes=40)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
kinds, severities, statuses = (st.sampled_from(list(one)) for one in (Kind, Severity, Status))


@pytest.mark.parametrize(
    ("status", "severity", "due"),
    [
        (Status.reported, Severity.minor, REPORTED + 2 * HOUR),
        (Status.accepted, Severity.major, REPORTED + 2 * HOUR),
        (Status.waiting, Severity.grave, REPORTED + 1 * HOUR),
        (Status.dispatched, Severity.minor, SINCE + 2 * HOUR),
        (Status.dispatched, Severity.grave, SINCE + 2 * HOUR),
        (Status.signed, Severity.minor, REPORTED + 15 * DAY),
        (Status.handling, Severity.major, REPORTED + 15 * DAY),
        (Status.handling, Severity.grave, REPORTED + 30 * DAY),
    ],
)
def test_each_step_has_its_time(status: Status, severity: Severity, due: datetime):
    assert due_at(status, Kind.dispute, severity, SINCE, REPORTED, Clocks()) == due


@pytest.mark.parametrize("status", sorted(CLOSED | DONE | {Status.paused}))
def test_no_clock_runs_where_nothing_is_waited_for(status: Status):
    assert due_at(status, Kind.dispute, Severity.minor, SINCE, REPORTED, Clocks()) is None
    assert started_at(status, SINCE, REPORTED) is None


@given(kinds, severities, statuses)
def test_a_deadline_lies_behind_its_start_and_is_used_up_when_it_comes(kind: Kind, severity: Severity, status: Status):
    due = due_at(status, kind, severity, SINCE, REPORTED, Clocks())
    started = started_at(status, SINCE, REPORTED)
    assert (due is None) == (started is None) == (status not in STEP_OF)
    if due is not None and started is not None:
        assert due > started
        assert used_share(due, started, started) == 0
        assert used_share(due, started, due) == 1
        assert used_share(due, started, due + (due - started)) == 2


def test_a_kind_may_have_limits_of_its_own():
    short = Limits(3 * DAY, 2 * DAY, 1 * DAY)
    clocks = Clocks(by_kind={(Step.settle, Kind.hazard): short})
    assert due_at(Status.signed, Kind.hazard, Severity.grave, SINCE, REPORTED, clocks) == REPORTED + DAY
    assert due_at(Status.signed, Kind.dispute, Severity.grave, SINCE, REPORTED, clocks) == REPORTED + 30 * DAY
    assert due_at(Status.waiting, Kind.hazard, Severity.grave, SINCE, REPORTED, clocks) == REPORTED + HOUR


def test_time_left_is_negative_once_passed():
    assert time_left(SINCE, SINCE - HOUR) == HOUR
    assert time_left(SINCE, SINCE + HOUR) == -HOUR
    assert time_left(None, SINCE) is None


def test_a_clock_that_began_late_is_used_up_and_one_in_the_future_is_not_begun():
    assert used_share(REPORTED, SINCE, SINCE) == 1
    assert used_share(SINCE, REPORTED, REPORTED - HOUR) == 0
    assert used_share(None, REPORTED, SINCE) is None is used_share(SINCE, None, SINCE)


@pytest.mark.parametrize("limit", [timedelta(0), -HOUR])
def test_a_limit_of_no_time_is_refused(limit: timedelta):
    with pytest.raises(ValueError, match="limit"):
        Limits(HOUR, limit, HOUR)
