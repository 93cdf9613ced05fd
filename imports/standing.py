"""The status of an imported case at "now", and the steps that led there; later times have not happened yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from rules.cases import AT_WORK, CLOSED, DONE, Status

BEGUN = ("report", "accept", "assess", "dispatch", "sign")
STEPS: dict[Status, tuple[str, ...]] = {
    Status.reported: BEGUN[:1],
    Status.accepted: BEGUN[:2],
    Status.waiting: BEGUN[:3],
    Status.dispatched: BEGUN[:4],
    Status.signed: BEGUN,
    Status.handling: (*BEGUN, "start"),
    Status.paused: (*BEGUN, "start", "pause"),
    Status.settled: (*BEGUN, "settle"),
    Status.visited: (*BEGUN, "settle", "visit"),
    Status.archived: (*BEGUN, "settle", "archive"),
    Status.rejected: (*BEGUN[:1], "reject"),
    Status.merged: (*BEGUN[:1], "merge"),
}
HELD_BY_ORGANISATION = AT_WORK | DONE


@dataclass(frozen=True)
class Times:
    """What a file says about a case's course; all UTC. `told` are the moments of single steps, where it states them."""

    reported_at: datetime
    settled_at: datetime | None = None
    closed_at: datetime | None = None
    told: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """The present status, its course as (step, when), and what had to be understood for it.

    `untold`: the steps whose time no file states; the one in the course is that of the step before them.
    """

    status: Status
    course: tuple[tuple[str, datetime], ...]
    settled_at: datetime | None
    closed_at: datetime | None
    note: str | None = None
    untold: frozenset[str] = frozenset()

    @property
    def since(self) -> datetime:
        return self.course[-1][1]


def stand(
    status: Status | None, times: Times, *, held: bool, now: datetime, while_open: Status | None = None
) -> Standing:
    """The standing of a case reported before `now`; `held`: an organisation has it. Raises ValueError for an impossible course.

    Without a status it follows from the times: closed, settled, or open. `while_open` is where an open case stands;
    without it with its organisation, or waiting for dispatch.
    """
    settled, closed = times.settled_at or times.closed_at, times.closed_at or times.settled_at
    note = None
    if status is None and settled is not None:
        status = Status.archived if times.closed_at else Status.settled
    if status in DONE | CLOSED:
        if settled is None or closed is None:
            raise ValueError(f"settled_at: is empty, but the case is {status}")
        if settled < times.reported_at:
            raise ValueError(f"{'settled_at' if times.settled_at else 'closed_at'}: is before the case was reported")
        if closed < settled:
            raise ValueError("closed_at: is before the case was settled")
        if settled > now:
            status, note = None, "closed only after now, so still open"
        elif closed > now and status == Status.archived:
            status, note = Status.settled, "archived only after now, so settled"
    elif status is not None and settled is not None and settled <= now:
        note = "said to be open although a closing time is given, so open"
    if status is None:
        status = while_open or (Status.signed if held else Status.waiting)
    course = _course(status, times, settled, closed, now)
    return Standing(
        status,
        course,
        settled if status in DONE else None,
        closed if status in CLOSED else None,
        note,
        frozenset(step for step, _ in course if not _is_told(step, status, times, now)),
    )


def _course(
    status: Status, times: Times, settled: datetime | None, closed: datetime | None, now: datetime
) -> tuple[tuple[str, datetime], ...]:
    """Each step at the time stated for it, else at the time of the step before it: nothing is invented."""
    ends = {"settle": settled, "visit": settled, "archive": closed, "reject": closed, "merge": closed}
    course: list[tuple[str, datetime]] = []
    at = times.reported_at
    for step in STEPS[status]:
        stated = ends.get(step) or times.told.get(step)
        if stated is not None and stated < at:
            raise ValueError(f"{_field_of(step)}: is before the step before it")
        at = stated if stated is not None and stated <= now else at
        course.append((step, at))
    return tuple(course)


def _is_told(step: str, status: Status, times: Times, now: datetime) -> bool:
    """One time for the settlement and the closing is that of the step that ends the course, nobody knows of which else."""
    if step == "report":
        return True
    if step == "settle":
        return times.settled_at is not None or status == Status.settled
    if step in ("archive", "reject", "merge"):
        return times.closed_at is not None or status in (Status.rejected, Status.merged)
    stated = times.told.get(step)
    return stated is not None and stated <= now


def _field_of(step: str) -> str:
    return {"accept": "accepted_at", "dispatch": "dispatched_at", "sign": "signed_at", "settle": "settled_at"}.get(
        step, "closed_at"
    )
