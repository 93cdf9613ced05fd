"""Differences between an export and the database for one case, and which of them may be taken over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from imports.case_rows import CaseDraft
from imports.standing import HELD_BY_ORGANISATION
from imports.ways import BACKWARD, Step, find_way, with_times
from rules.cases import CLOSED, DONE, OPEN, Status

WORDS = ("kind", "category", "title", "description", "severity", "source")
METRE = 1e-5  # degrees; a point that is nearer is the same


@dataclass(frozen=True)
class Change:
    """`columns`: facts to be written over. `steps`: moves to be made. `withheld`: what differs and is left as it is."""

    draft: CaseDraft
    stored: Row[Any]
    columns: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    withheld: tuple[str, ...] = ()
    times: dict[str, datetime] = field(default_factory=dict)

    @property
    def touched(self) -> bool:
        """Somebody here has done something with the case since the last import, or has claimed it."""
        return bool(self.stored.version != self.stored.seen_version or self.stored.claimed)

    @property
    def differences(self) -> tuple[str, ...]:
        """What differs, for people."""
        return (*self.columns, *(("status",) if self.steps else ()), *self.withheld)

    @property
    def outcome(self) -> str:
        """The one word for what happens to the case."""
        moves = {step.move for step in self.steps}
        if "reopen" in moves:
            return "reopened"
        if moves & {"archive", "reject", "merge", "withdraw"}:
            return "closed"
        return "settled" if "settle" in moves else "moved" if moves else "changed"


def compare(draft: CaseDraft, stored: Row[Any], *, now: datetime, older: bool) -> Change:
    """`stored`: a row of match_imported_cases.sql. `older`: the file is from before the last one, so it takes nothing back."""
    columns = [name for name in WORDS if getattr(draft, name) != getattr(stored, name)]
    withheld = [] if draft.reported_at == stored.reported_at else ["reported_at"]
    if _moved(draft, stored):
        columns.append("place")
    status, target = Status(stored.status), draft.standing.status
    if status in OPEN and target in OPEN and draft.due_at != stored.settle_due_at:
        columns.append("due_at")
    same_organisation = (
        target not in HELD_BY_ORGANISATION
        or status not in HELD_BY_ORGANISATION
        or draft.holder.id in (stored.holder_id, draft.centre.id)  # the centre's: the file names no organisation
    )
    way = find_way(status, target, same_organisation=same_organisation)
    if way is None or (older and set(way) & BACKWARD):
        withheld.append("status")
        way = ()
    elif status in DONE and target in DONE and not same_organisation:
        withheld.append("organisation")
    times = _times(draft, stored) if not way and status == target else {}
    columns += list(times)
    if older:
        withheld, columns, times = [*columns, *withheld], [], {}
    steps = with_times(way, draft.standing, now)
    return Change(draft, stored, tuple(columns), steps, tuple(withheld), times)


def _moved(draft: CaseDraft, stored: Row[Any]) -> bool:
    if draft.area.id != stored.area_id or (draft.lon is None) != (stored.lon is None):
        return True
    if draft.lon is None or draft.lat is None:
        return False
    return max(abs(draft.lon - stored.lon), abs(draft.lat - stored.lat)) > METRE


def _times(draft: CaseDraft, stored: Row[Any]) -> dict[str, datetime]:
    """Corrected times of a case whose status is the same."""
    said = {"settled_at": draft.standing.settled_at, "closed_at": draft.standing.closed_at}
    status = draft.standing.status
    if status == Status.archived and "settle" in draft.standing.untold and stored.closed_at == said["closed_at"]:
        del said["settled_at"]  # settled here before it was closed there: no file says when
    return {
        name: at
        for name, at in said.items()
        if at is not None and at != getattr(stored, name) and status in (DONE if name == "settled_at" else CLOSED)
    }
