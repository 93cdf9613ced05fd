"""Deadlines of a case, by kind, severity and where it stands. Times are UTC; the figures are assumptions, so data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.cases import Kind, Severity, Status

BEFORE_DISPATCH = frozenset({Status.reported, Status.accepted, Status.waiting})
AT_HAND = frozenset({Status.signed, Status.handling})


def _settle() -> dict[Severity, timedelta]:
    return {
        Severity.minor: timedelta(days=15),
        Severity.major: timedelta(days=15),
        Severity.grave: timedelta(days=30),
    }


@dataclass(frozen=True)
class Clocks:
    """How long each step may take. Dispatch counts from the report, signing from the dispatch, settling from the report."""

    dispatch: timedelta = timedelta(hours=2)
    dispatch_grave: timedelta = timedelta(hours=1)
    sign: timedelta = timedelta(hours=2)
    settle: dict[Severity, timedelta] = field(default_factory=_settle)


def due_at(
    status: Status, kind: Kind, severity: Severity, since: datetime, reported_at: datetime, clocks: Clocks
) -> datetime | None:
    """When the present status has to be left; None where no clock runs (paused, settled and after).

    `since` is when the case came into `status`.
    """
    if status in BEFORE_DISPATCH:
        return reported_at + (clocks.dispatch_grave if severity == Severity.grave else clocks.dispatch)
    if status == Status.dispatched:
        return since + clocks.sign
    if status in AT_HAND:
        return reported_at + clocks.settle[severity]
    return None


def time_left(due: datetime | None, now: datetime) -> timedelta | None:
    """What remains until a deadline, negative when it has passed; None when no clock runs."""
    return None if due is None else due - now


def used_share(due: datetime | None, started: datetime, now: datetime) -> float | None:
    """How much of a clock has run, 0 at its start and 1 at the deadline; None when no clock runs."""
    if due is None or due <= started:
        return None
    return (now - started) / (due - started)
