"""The table of moves: from where to where, who may, what it needs, who holds the case then. Everything else follows it.

Buttons, API, texts, the diagram in docs/flow.md and the tests are made from MOVES. `ready` marks the moves that this
version carries out; the others stand in the table with their place and are refused as not ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.access import Act, Role, Viewer, may
from rules.cases import AT_WORK, DONE, OPEN, STATUS_SETS, Kind, Severity, Status
from rules.clock import Clocks, due_at
from rules.errors import Problem

S = Status


class Actor(StrEnum):
    """Who may make a move on a case."""

    anyone = "anyone"  # whoever may report in its area
    centre = "centre"  # dispatchers whose area covers the centre that routes the case
    sender = "sender"  # dispatchers of the very centre that dispatched it
    holder = "holder"  # handlers of the body that holds it
    watcher = "watcher"  # leaders and dispatchers whose area covers the case
    scheduler = "scheduler"  # the system itself


class Holder(StrEnum):
    """Who holds the case after a move."""

    keep = "keep"
    to = "to"  # the body named in the move
    centre = "centre"  # back to the centre that routes it
    above = "above"  # the centre one level above
    sender = "sender"


@dataclass(frozen=True)
class Move:
    """One row of the table. `target` None keeps the status; `sources` empty means that the move begins a case."""

    name: str
    sources: frozenset[Status]
    target: Status | None
    actor: Actor
    needs: frozenset[str] = frozenset()
    holder: Holder = Holder.keep
    ready: bool = False

    @property
    def text_key(self) -> str:
        return f"move.{self.name}"


def _row(
    name: str,
    sources: set[Status] | frozenset[Status],
    target: Status | None,
    actor: Actor,
    *needs: str,
    holder: Holder = Holder.keep,
    ready: bool = False,
) -> Move:
    return Move(name, frozenset(sources), target, actor, frozenset(needs), holder, ready)


BEFORE_SIGNING = {S.reported, S.accepted, S.waiting}
AT_HAND = {S.signed, S.handling}
_TABLE = (
    _row("report", set(), S.reported, Actor.anyone, holder=Holder.centre, ready=True),
    _row("accept", {S.reported}, S.accepted, Actor.centre, ready=True),
    _row("assess", {S.accepted}, S.waiting, Actor.centre, ready=True),
    _row("dispatch", {S.waiting}, S.dispatched, Actor.centre, "to", holder=Holder.to, ready=True),
    _row("sign", {S.dispatched}, S.signed, Actor.holder, ready=True),
    _row("settle", AT_HAND, S.settled, Actor.holder, ready=True),
    _row("archive", {S.settled, S.visited}, S.archived, Actor.centre, ready=True),
    _row("recall", {S.dispatched}, S.waiting, Actor.sender, holder=Holder.centre, ready=True),
    _row("reject", {S.reported, S.accepted}, S.rejected, Actor.centre, "reason"),
    _row("return", {S.dispatched, S.signed, S.handling}, S.waiting, Actor.holder, "reason", holder=Holder.sender),
    _row("transfer", {S.waiting, *AT_HAND}, S.dispatched, Actor.centre, "to", "reason", holder=Holder.to),
    _row("refer_up", BEFORE_SIGNING, S.reported, Actor.centre, "reason", holder=Holder.above),
    _row("send_down", BEFORE_SIGNING, S.reported, Actor.centre, "to", holder=Holder.to),
    _row("co_handle", AT_HAND, None, Actor.centre, "to"),
    _row("start", {S.signed}, S.handling, Actor.holder),
    _row("pause", {S.handling}, S.paused, Actor.holder, "reason", "until"),
    _row("resume", {S.paused}, S.handling, Actor.holder),
    _row("extend", AT_HAND, None, Actor.holder, "reason", "until"),
    _row("record_mediation", {S.handling}, None, Actor.holder, "outcome"),
    _row("visit", {S.settled}, S.visited, Actor.centre, "satisfaction"),
    _row("reopen", DONE, S.waiting, Actor.centre, "reason", holder=Holder.centre),
    _row("merge", BEFORE_SIGNING, S.merged, Actor.centre, "into"),
    _row("remind", AT_WORK, None, Actor.watcher),
    _row("supervise", OPEN, None, Actor.watcher, "reason"),
    _row("comment", OPEN, None, Actor.watcher, "reason"),
)
MOVES: dict[str, Move] = {move.name: move for move in _TABLE}
OFFERED = frozenset(name for name, move in MOVES.items() if move.ready)


@dataclass(frozen=True)
class CaseFacts:
    """What the decisions need of a case. Paths as in data/models/areas.py; times UTC."""

    case_no: str
    kind: Kind
    category: str
    severity: Severity
    status: Status
    path: str
    centre_id: int
    centre_path: str
    holder_id: int
    holder_path: str
    sender_id: int | None
    responsible_id: int | None
    version: int
    reported_at: datetime
    status_since: datetime
    due_at: datetime | None
    settled_at: datetime | None
    closed_at: datetime | None
    returned_n: int = 0


@dataclass(frozen=True)
class BodyFacts:
    """What the decisions need of a body that might take a case. `distance_m` from the case's place, in metres."""

    id: int
    path: str
    kind: str
    active: bool
    duties: frozenset[str]
    capacity: int
    open_load: int
    distance_m: float | None = None


@dataclass(frozen=True)
class CaseChange:
    """What a move leaves behind on the case."""

    status: Status
    holder_id: int
    holder_path: str
    sender_id: int | None
    responsible_id: int | None
    due_at: datetime | None
    settled_at: datetime | None
    closed_at: datetime | None


def allowed_moves(case: CaseFacts, viewer: Viewer) -> tuple[str, ...]:
    """The moves that this viewer may make on this case now, the likely one first (the order of the table)."""
    return tuple(
        name
        for name, move in MOVES.items()
        if move.ready and case.status in move.sources and _is_actor(move, case, viewer)
    )


def check_move(case: CaseFacts, move: str, *, viewer: Viewer, to: BodyFacts | None, reason: str | None) -> None:
    """Raises Problem forbidden, move_not_allowed, move_not_ready, invalid (to), reason_required or body_unsuitable."""
    row = MOVES[move]
    if not _is_actor(row, case, viewer):
        raise Problem("forbidden")
    if case.status not in row.sources:
        raise Problem("move_not_allowed", move=move, status=case.status.value)
    if not row.ready:
        raise Problem("move_not_ready", move=move)
    if "reason" in row.needs and not (reason or "").strip():
        raise Problem("reason_required", move=move)
    if "to" in row.needs:
        _check_body(case, to)


def _check_body(case: CaseFacts, body: BodyFacts | None) -> None:
    if body is None:
        raise Problem("invalid", field="to", value="")
    failed = unsuitable(case, body)
    if failed:
        raise Problem("body_unsuitable", condition=failed)


def unsuitable(case: CaseFacts, body: BodyFacts) -> str | None:
    """The first hard condition that a body fails for a case: inactive, centre, duty or area; None when it may take it."""
    if not body.active:
        return "inactive"
    if body.kind == "centre":
        return "centre"
    if case.category not in body.duties:
        return "duty"
    return None if case.path.startswith(body.path) else "area"


def _is_actor(move: Move, case: CaseFacts, viewer: Viewer) -> bool:
    if viewer.role == Role.system:
        return True
    assigns = may(viewer.role, Act.assign)
    own = viewer.organisation_id
    return {
        Actor.centre: assigns and case.centre_path.startswith(viewer.scope_path),
        Actor.sender: assigns and own is not None and case.sender_id == own,
        Actor.holder: viewer.role == Role.handler and case.holder_id == own,
        Actor.watcher: viewer.role in (Role.leader, Role.dispatcher) and case.path.startswith(viewer.scope_path),
    }.get(move.actor, False)


def apply_move(
    case: CaseFacts, move: str, *, to: BodyFacts | None, viewer: Viewer, now: datetime, clocks: Clocks
) -> CaseChange:
    """What the case is after a move that check_move let pass."""
    row = MOVES[move]
    status = row.target or case.status
    holder_id, holder_path = _holder_after(row, case, to)
    since = now if status != case.status else case.status_since
    return CaseChange(
        status=status,
        holder_id=holder_id,
        holder_path=holder_path,
        sender_id=_sender_after(row, case, viewer),
        responsible_id=case.holder_id if move == "sign" else case.responsible_id,
        due_at=due_at(status, case.kind, case.severity, since, case.reported_at, clocks),
        settled_at=(case.settled_at or now) if status in STATUS_SETS["done"] else None,
        closed_at=now if status not in OPEN else None,
    )


def _holder_after(row: Move, case: CaseFacts, to: BodyFacts | None) -> tuple[int, str]:
    if row.holder == Holder.to and to is not None:
        return to.id, to.path
    if row.holder == Holder.centre:
        return case.centre_id, case.centre_path
    return case.holder_id, case.holder_path


def _sender_after(row: Move, case: CaseFacts, viewer: Viewer) -> int | None:
    """Whoever dispatched it, as long as it is out; a recalled case has no sender any more."""
    if row.name == "dispatch":
        return viewer.organisation_id or case.centre_id
    return None if row.name == "recall" else case.sender_id
