"""Deadlines of a case, by kind, severity and where it stands. Times are UTC; the figures are assumptions, so data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rules.cases import Kind, Severity, Status


class Step(StrEnum):
    """What a clock measures."""

    dispatch = "dispatch"
    sign = "sign"
    settle = "settle"


# Where no clock runs there is no row: paused, settled and after, rejected, merged.
STEP_OF: dict[Status, Step] = {
    Status.reported: Step.dispatch,
    Status.accepted: Step.dispatch,
    Status.waiting: Step.dispatch,
    Status.dispatched: Step.sign,
    Status.signed: Step.settle,
    Status.handling: Step.settle,
}


@dataclass(frozen=True)
class Limits:
    """How long a step may take, by severity. Raises ValueError for a time that is not positive."""

    minor: timedelta
    major: timedelta
    grave: timedelta

    def __post_init__(self) -> None:
        if min(self.minor, self.major, self.grave) <= timedelta(0):
            raise ValueError(f"a limit has to be longer than no time at all: {self}")

    def of(self, severity: Severity) -> timedelta:
        limit: timedelta = getattr(self, severity.value)
        return limit


@dataclass(frozen=True)
class Clocks:
    """How long each step may take. Dispatch and settling count from the report, signing from the dispatch.

    `by_kind` holds what differs for one kind of case, for example `{(Step.settle, Kind.hazard): Limits(...)}`.
    """

    dispatch: Limits = Limits(timedelta(hours=2), timedelta(hours=2), timedelta(hours=1))
    sign: Limits = Limits(timedelta(hours=2), timedelta(hours=2), timedelta(hours=2))
    settle: Limits = Limits(timedelta(days=15), timedelta(days=15), timedelta(days=30))
    by_kind: Mapping[tuple[Step, Kind], Limits] = field(default_factory=dict)

    def limit(self, step: Step, kind: Kind, severity: Severity) -> timedelta:
        general: Limits = getattr(self, step.value)
        return self.by_kind.get((step, kind), general).of(severity)


def started_at(status: Status, since: datetime, reported_at: datetime) -> datetime | None:
    """From when the clock of a status counts; None where no clock runs. `since`: when the case came into it."""
    step = STEP_OF.get(status)
    if step is None:
        return None
    return since if step == Step.sign else reported_at


def due_at(
    status: Status, kind: Kind, severity: Severity, since: datetime, reported_at: datetime, clocks: Clocks
) -> datetime | None:
    """When the present status has to be left; None where no clock runs (paused, settled and after).

    `since` is when the case came into `status`.
    """
    started = started_at(status, since, reported_at)
    return None if started is None else started + clocks.limit(STEP_OF[status], kind, severity)


def time_left(due: datetime | None, now: datetime) -> timedelta | None:
    """What remains until a deadline, negative when it has passed; None when no clock runs."""
    return None if due is None else due - now


def used_share(due: datetime | None, started: datetime | None, now: datetime) -> float | None:
    """How much of a clock has run: 0 at its start (`started_at`) and before, 1 at the deadline, 2 at twice the time.

    None when no clock runs. A clock that was late when it started (an imported deadline) is used up.
    """
    if due is None or started is None:
        return None
    if due <= started:
        return 1.0
    return max(0.0, (now - started) / (due - started))
