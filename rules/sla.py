"""The SLA policy: how long each step may take, by kind and severity, on the working calendar. Times are UTC.

The figures are assumptions (domain.md), so they are data: data/sla_settings.py reads others. A stored deadline is a
projection of the trace; how much time is left is computed when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial

from rules.calendar import ZERO, Basis, Calendar
from rules.cases import Kind, Severity, Status


class Step(StrEnum):
    """What an SLA timer measures.

    dispatch: from the arrival in a centre's queue; sign: from the dispatch; contact: from the signing to the start of
    the work (first contact); settle: from the report, or from the reopening, whichever organisation has the case.
    """

    dispatch = "dispatch"
    sign = "sign"
    contact = "contact"
    settle = "settle"


# The clocks that run in a status; where there is no row none runs: paused, settled and after, rejected, merged.
STEPS_OF: dict[Status, tuple[Step, ...]] = {
    Status.reported: (Step.dispatch,),
    Status.accepted: (Step.dispatch,),
    Status.waiting: (Step.dispatch,),
    Status.dispatched: (Step.sign,),
    Status.signed: (Step.contact, Step.settle),
    Status.handling: (Step.settle,),
}


@dataclass(frozen=True)
class Limit:
    """How long a step may take, and which time counts. Raises ValueError for a time that is not positive."""

    amount: timedelta
    basis: Basis = Basis.natural

    def __post_init__(self) -> None:
        if self.amount <= ZERO:
            raise ValueError(f"a limit has to be longer than no time at all: {self.amount}")


@dataclass(frozen=True)
class Limits:
    """The limits of a step by severity."""

    minor: Limit
    major: Limit
    grave: Limit

    def of(self, severity: Severity) -> Limit:
        limit: Limit = getattr(self, severity.value)
        return limit


def _hours(minor: float, major: float, grave: float) -> Limits:
    return Limits(*(Limit(timedelta(hours=hours)) for hours in (minor, major, grave)))


def _working_days(minor: float, major: float, grave: float) -> Limits:
    return Limits(*(Limit(timedelta(days=days), Basis.workdays) for days in (minor, major, grave)))


DISPATCH, SIGN, CONTACT, SETTLE = _hours(2, 2, 1), _hours(2, 2, 2), _hours(24, 24, 24), _working_days(15, 15, 30)


@dataclass(frozen=True)
class SlaPolicy:
    """How long each step may take. Centres are on duty round the clock, so hours are natural; days are working days.

    `by_kind` holds what differs for one kind of case. `warn`, `leader`, `above`: at which share of a clock the holder
    is reminded, the holder's leader told, and the level above.
    """

    dispatch: Limits = DISPATCH
    sign: Limits = SIGN
    contact: Limits = CONTACT
    settle: Limits = SETTLE
    by_kind: Mapping[tuple[Step, Kind], Limits] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=partial(Calendar, UTC))
    warn: float = 0.8
    leader: float = 1.0
    above: float = 2.0

    def limit(self, step: Step, kind: Kind, severity: Severity) -> Limit:
        general: Limits = getattr(self, step.value)
        return self.by_kind.get((step, kind), general).of(severity)


def deadline(step: Step, kind: Kind, severity: Severity, started: datetime, sla: SlaPolicy) -> datetime:
    """Until when a step that began at `started` has to be done."""
    limit = sla.limit(step, kind, severity)
    return sla.calendar.after(started, limit.amount, limit.basis)


@dataclass(frozen=True)
class SlaTimer:
    """A clock that runs: since when, until when. An extended or imported deadline is not the limit's."""

    step: Step
    started: datetime
    due: datetime
    basis: Basis


def running_timers(
    status: Status, *, kind: Kind, severity: Severity, queued_at: datetime, status_since: datetime,
    settle_from: datetime, settle_due_at: datetime | None, sla: SlaPolicy, clocks_since: datetime | None = None,
) -> tuple[SlaTimer, ...]:  # fmt: skip
    """The clocks that run in a status, the one that ends first at the head.

    `settle_from`: the report or the reopening, moved on by the time of all pauses. `clocks_since`: the import of a case
    that has one: what began before is no time of ours, so its clock does not run; the deadline to settle that came with
    the case stands in for it.
    """
    steps = STEPS_OF.get(status, ())
    timers = []
    for step in steps:
        started = queued_at if step == Step.dispatch else status_since
        if step != Step.settle and (clocks_since is None or started >= clocks_since):
            basis = sla.limit(step, kind, severity).basis
            timers.append(SlaTimer(step, started, deadline(step, kind, severity, started, sla), basis))
    if settle_due_at is not None and (Step.settle in steps or (steps and not timers)):
        timers.append(SlaTimer(Step.settle, settle_from, settle_due_at, sla.limit(Step.settle, kind, severity).basis))
    return tuple(sorted(timers, key=lambda timer: timer.due))


def due_at(
    status: Status, *, kind: Kind, severity: Severity, queued_at: datetime, status_since: datetime,
    settle_due_at: datetime | None, sla: SlaPolicy,
) -> datetime | None:  # fmt: skip
    """When the present status has to be left: the first deadline of the clocks that run; None where none runs."""
    timers = running_timers(
        status, kind=kind, severity=severity, queued_at=queued_at, status_since=status_since,
        settle_from=queued_at, settle_due_at=settle_due_at, sla=sla,
    )  # fmt: skip
    return timers[0].due if timers else None


def clock_of(status: Status, due_at: datetime | None, settle_due_at: datetime | None) -> Step | None:
    """Which clock the deadline of a case in this status belongs to; None where none runs."""
    if due_at is None:
        return None
    own = [step for step in STEPS_OF.get(status, ()) if step != Step.settle]
    return Step.settle if not own or due_at == settle_due_at else own[0]


def resumed(moment: datetime, stopped: datetime, resumed_at: datetime, basis: Basis, sla: SlaPolicy) -> datetime:
    """A clock's start or deadline after a pause: as far from the moment it goes on as it was when it stopped.

    So paused time counts neither as used nor as left, and a deadline that had passed stays passed by as much.
    """
    return sla.calendar.after(resumed_at, sla.calendar.counted(stopped, moment, basis), basis)


def used_share(timer: SlaTimer, now: datetime, sla: SlaPolicy) -> float:
    """How much of a clock has run: 0 at its start and before, 1 at the deadline, 2 at twice the time.

    Counted on the clock's own basis. A clock that was late when it started (an imported deadline) is used up.
    """
    whole = sla.calendar.counted(timer.started, timer.due, timer.basis)
    if whole <= ZERO:
        return 1.0
    return max(0.0, sla.calendar.counted(timer.started, now, timer.basis) / whole)


def moment_at(timer: SlaTimer, share: float, sla: SlaPolicy) -> datetime:
    """When a clock will have run by a share of its time."""
    whole = sla.calendar.counted(timer.started, timer.due, timer.basis)
    if whole <= ZERO:
        return timer.due
    return sla.calendar.after(timer.started, whole * share, timer.basis)
