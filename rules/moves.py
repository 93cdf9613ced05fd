"""The table of moves: from where to where, who may, what it needs, who holds the case then. Everything else follows it.

Buttons, API, texts, the diagram in docs/flow.md and the tests are made from MOVES. `ready` marks the moves that this
version carries out; the others stand in the table with their place and are refused as not ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.access import Act, Role, Viewer, may, within
from rules.cases import AT_WORK, CLOSED, DONE, OPEN, Kind, Severity, Status
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


class Holder(StrEnum):
    """Who holds the case after a move."""

    keep = "keep"
    to = "to"  # the body named in the move
    centre = "centre"  # back to the centre that routes it
    above = "above"  # the centre one level above
    sender = "sender"


class Effect(StrEnum):
    """What a move leaves behind beside status, holder and clock."""

    responsible = "responsible"  # the holder answers for the case from now on (首接负责)
    sender = "sender"  # the mover's centre has sent it, and may recall it
    unsent = "unsent"  # nobody has it out any more
    returned = "returned"  # one more return; the second refers the case up by itself


# What apply_move knows how to do; a row may only become ready within these (tests/unit/rules/test_moves.py).
HOLDERS_KNOWN = frozenset({Holder.keep, Holder.to, Holder.centre})
EFFECTS_KNOWN = frozenset({Effect.responsible, Effect.sender, Effect.unsent})


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
    effects: frozenset[Effect] = frozenset()

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
    effects: frozenset[Effect] = frozenset(),
    ready: bool = False,
) -> Move:
    return Move(name, frozenset(sources), target, actor, frozenset(needs), holder, ready, effects)


BEFORE_SIGNING = {S.reported, S.accepted, S.waiting}
AT_HAND = {S.signed, S.handling}
AT_BODY = {S.dispatched, *AT_HAND}
ANSWERS, SENT, BACK = frozenset({Effect.responsible}), frozenset({Effect.sender}), frozenset({Effect.unsent})
_TABLE = (
    _row("report", set(), S.reported, Actor.anyone, holder=Holder.centre, ready=True),
    _row("accept", {S.reported}, S.accepted, Actor.centre, ready=True),
    _row("assess", {S.accepted}, S.waiting, Actor.centre, ready=True),
    _row("dispatch", {S.waiting}, S.dispatched, Actor.centre, "to", holder=Holder.to, effects=SENT, ready=True),
    _row("sign", {S.dispatched}, S.signed, Actor.holder, effects=ANSWERS, ready=True),
    _row("settle", AT_HAND, S.settled, Actor.holder, ready=True),
    _row("archive", {S.settled, S.visited}, S.archived, Actor.centre, ready=True),
    _row("recall", {S.dispatched}, S.waiting, Actor.sender, holder=Holder.centre, effects=BACK, ready=True),
    _row("reject", {S.reported, S.accepted}, S.rejected, Actor.centre, "reason"),
    _row("return", AT_BODY, S.waiting, Actor.holder, "reason", holder=Holder.sender, effects=BACK | {Effect.returned}),
    _row("transfer", {S.waiting, *AT_HAND}, S.dispatched, Actor.centre, "to", "reason", holder=Holder.to, effects=SENT),
    _row("refer_up", BEFORE_SIGNING, S.reported, Actor.centre, "reason", holder=Holder.above),
    _row("send_down", BEFORE_SIGNING, S.reported, Actor.centre, "to", holder=Holder.to),
    _row("co_handle", AT_HAND, None, Actor.centre, "to"),
    _row("start", {S.signed}, S.handling, Actor.holder),
    _row("pause", {S.handling}, S.paused, Actor.holder, "reason", "until"),
    _row("resume", {S.paused}, S.handling, Actor.holder),
    _row("extend", AT_HAND, None, Actor.holder, "reason", "until"),
    _row("record_mediation", {S.handling}, None, Actor.holder, "outcome"),
    _row("visit", {S.settled}, S.visited, Actor.centre, "satisfaction"),
    _row("reopen", DONE, S.waiting, Actor.centre, "reason", holder=Holder.centre, effects=BACK),
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
    """Raises Problem invalid (move, to), forbidden, move_not_allowed, move_not_ready, reason_required or body_unsuitable.

    A role that never makes the move is told so first, then that the case does not stand for it, then that it is
    another's to make: whoever was too late hears of the case, not of rights that it had a moment ago.
    """
    row = MOVES.get(move)
    if row is None:
        raise Problem("invalid", field="move", value=move)
    if not _has_role(row, viewer):
        raise Problem("forbidden")
    if case.status not in row.sources:
        raise Problem("move_not_allowed", move=move, status=case.status.value)
    if not _is_actor(row, case, viewer):
        raise Problem("forbidden")
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


def _has_role(move: Move, viewer: Viewer) -> bool:
    """Whether the role could ever make the move, whatever the case."""
    if viewer.role == Role.system:
        return True
    if move.actor == Actor.anyone:
        return may(viewer.role, Act.report)
    if move.actor == Actor.watcher:
        return viewer.role in (Role.leader, Role.dispatcher)
    return viewer.role == Role.handler if move.actor == Actor.holder else may(viewer.role, Act.assign)


def _is_actor(move: Move, case: CaseFacts, viewer: Viewer) -> bool:
    """Whether this very case is the viewer's to move. A viewer without an organisation is no body's hand."""
    if viewer.role == Role.system:
        return True
    if not _has_role(move, viewer):
        return False
    own = viewer.organisation_id
    if move.actor == Actor.centre:
        return within(viewer, case.centre_path)
    if move.actor == Actor.watcher:
        return within(viewer, case.path)
    if move.actor == Actor.anyone:
        return True
    return own is not None and own == (case.sender_id if move.actor == Actor.sender else case.holder_id)


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
        responsible_id=case.holder_id if Effect.responsible in row.effects else case.responsible_id,
        due_at=due_at(status, case.kind, case.severity, since, case.reported_at, clocks),
        settled_at=(case.settled_at or now) if status in DONE else None,
        closed_at=(case.closed_at or now) if status in CLOSED else None,
    )


def _holder_after(row: Move, case: CaseFacts, to: BodyFacts | None) -> tuple[int, str]:
    if row.holder == Holder.to and to is not None:
        return to.id, to.path
    if row.holder == Holder.centre:
        return case.centre_id, case.centre_path
    return case.holder_id, case.holder_path


def _sender_after(row: Move, case: CaseFacts, viewer: Viewer) -> int | None:
    """Whoever sent it, as long as it is out. The system and a dispatcher without a centre send for the case's own."""
    if Effect.sender in row.effects:
        return viewer.organisation_id or case.centre_id
    return None if Effect.unsent in row.effects else case.sender_id
