"""Permission of a move: by whom, on which case, with what. Every refusal has its own code (rules/errors.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import NoReturn

from rules.access import Act, Role, Viewer, may, within
from rules.cases import OPEN, Kind, Status
from rules.errors import Problem
from rules.facts import CaseFacts, MoveInputs, OrganisationFacts
from rules.mediation import SATISFACTION, Agreement, Attendee, Method, Outcome, Supervision
from rules.moves import MOVES, OFFERED, REMARKS, Actor, Effect, Guard, Holder, Move
from rules.personal_data import check_personal
from rules.texts import check_lines

# Assumptions: bounds of a pause and of an extension.
MAX_PAUSE, MAX_EXTENSION = timedelta(days=60), timedelta(days=90)
#: How long whoever settled a case may take that back.
UNDO_TIME = timedelta(seconds=30)
CO_HANDLERS = 5


def allowed_moves(case: CaseFacts, viewer: Viewer) -> tuple[str, ...]:
    """The moves that this viewer may make on this case now, the likely one first: the order of the table, but a
    dispute is mediated before it is settled. Without taking back a settlement: the facts do not tell who settled."""
    moves = [
        move.name
        for move in _moves_from(case.status, viewer.role)
        if move.actor != Actor.settler and _is_actor(move, case, viewer) and not any(fails(guard, case) for guard in move.guards)
    ]
    if "record_mediation" in moves and case.kind == Kind.dispute and not case.mediations:
        moves.sort(key=lambda name: name != "record_mediation")
    return tuple(moves)


def remarks_of(role: Role) -> tuple[str, ...]:
    """The remarks that a role may ever make, in the order of the table."""
    return tuple(name for name, move in MOVES.items() if name in REMARKS and _may_ever(move, role))


@cache
def _moves_from(status: Status, role: Role) -> tuple[Move, ...]:
    """The moves that the table offers in a status to a role, whoever the case belongs to: a list asks for each case."""
    return tuple(move for name, move in MOVES.items() if name in OFFERED and status in move.sources and _may_ever(move, role))


def check_move(case: CaseFacts, move: str, *, viewer: Viewer, inputs: MoveInputs, now: datetime) -> None:
    """Raises Problem invalid (field), forbidden, move_not_allowed, a guard's code, undo_ended, reason_required,
    hidden_letters, personal_data, body_unsuitable (condition) or merge_unsuitable (condition).

    A role that never makes the move is refused first, then that the case does not stand for it, then that it is
    another's to make: whoever was too late hears of the case, not of rights that it had a moment ago.
    """
    row = MOVES.get(move)
    if row is None or (move not in OFFERED and viewer.role != Role.system):
        raise Problem("invalid", field="move", value=move)
    if not _may_ever(row, viewer.role):
        raise Problem("forbidden")
    if case.status not in row.sources:
        raise Problem("move_not_allowed", move=move, status=case.status.value)
    if not _is_actor(row, case, viewer):
        raise Problem("forbidden")
    for guard in sorted(row.guards):
        if fails(guard, case):
            raise Problem(guard.value)
    if row.actor == Actor.settler:
        _check_settler(viewer, inputs, now)
    _check_inputs(case, row, viewer, inputs, now)


def _check_settler(viewer: Viewer, inputs: MoveInputs, now: datetime) -> None:
    settlement = inputs.settlement
    if settlement is None or settlement.user_id is None or settlement.user_id != viewer.user_id:
        raise Problem("forbidden")
    if now > settlement.at + UNDO_TIME:
        raise Problem("undo_ended", seconds=int(UNDO_TIME.total_seconds()))


def may_have_settled(case: CaseFacts, viewer: Viewer, now: datetime) -> bool:
    """Whether it is worth a look who settled a case: it may be this viewer, and could still be taken back."""
    return (
        case.status == Status.settled
        and case.settled_at is not None
        and now <= case.settled_at + UNDO_TIME
        and viewer.role == Role.handler
        and viewer.organisation_id == case.holder_id
    )


def fails(guard: Guard, case: CaseFacts) -> bool:
    if guard == Guard.no_centre_above:
        return at_top(case)
    if guard == Guard.ordered:
        return case.binding
    return (case.extension_until is not None) == (guard == Guard.extension_pending)


def at_top(case: CaseFacts) -> bool:
    """Whether the centre that routes the case has none above it."""
    return case.centre_path.count("/") <= 1


def _check_inputs(case: CaseFacts, row: Move, viewer: Viewer, inputs: MoveInputs, now: datetime) -> None:
    if "reason" in row.needs and not inputs.has("reason"):
        raise Problem("reason_required", move=row.name)
    check_lines("reason", inputs.reason, required="reason" in row.needs)
    check_personal("reason", inputs.reason)
    for name in sorted(row.needs - {"reason"}):
        if not inputs.has(name):
            _refuse(name, "")
    for name in sorted((row.needs | row.takes) & CHECKS.keys()):
        if inputs.has(name) and not CHECKS[name](inputs):
            _refuse(name, getattr(inputs, name))
    if "until" in row.needs:
        _check_until(case, row, inputs, now)
    if "to" in row.needs and inputs.to is not None:
        _check_organisation(case, row, inputs.to, inputs)
    if "into" in row.needs and inputs.into is not None:
        _check_merge(case, inputs.into, viewer)


def _refuse(name: str, value: object) -> NoReturn:
    raise Problem("invalid", field=name, value=str(value)[:40])


CHECKS: dict[str, Callable[[MoveInputs], bool]] = {
    "method": lambda given: given.method in set(Method),
    "people": lambda given: set(given.people) <= set(Attendee),
    "outcome": lambda given: given.outcome in set(Outcome),
    "agreement": lambda given: given.agreement in set(Agreement) and (
        given.agreement == Agreement.none or given.outcome != Outcome.failure
    ),
    "satisfaction": lambda given: given.satisfaction in SATISFACTION,
    "form": lambda given: given.form in set(Supervision),
}  # fmt: skip


def _check_until(case: CaseFacts, row: Move, inputs: MoveInputs, now: datetime) -> None:
    """A pause has an end ahead; an extension ends after the time that it extends."""
    until = inputs.until
    after, longest = now, MAX_PAUSE
    if Effect.ask_extension in row.effects:
        after, longest = max(now, case.settle_due_at or now), MAX_EXTENSION
    if until is None or not after < until <= after + longest:
        _refuse("until", until)


def _check_organisation(case: CaseFacts, row: Move, organisation: OrganisationFacts, inputs: MoveInputs) -> None:
    if row.holder == Holder.below:
        failed = _unfit_centre(case, organisation)
    elif Effect.co_handler in row.effects:
        failed = _unfit_co_handler(case, organisation)
    else:
        failed = unsuitable(case, organisation) or ("holder" if organisation.id == case.holder_id else None)
        if not failed and loops(case, organisation) and at_top(case) and not inputs.has("reason"):
            raise Problem("reason_required", move=row.name)
    if failed:
        raise Problem("body_unsuitable", condition=failed)


def loops(case: CaseFacts, organisation: OrganisationFacts) -> bool:
    """Whether the case would go back to an organisation that gave it up: it goes up instead, or at the top is an order."""
    return organisation.id in case.left_by


def failed_conditions(case: CaseFacts, organisation: OrganisationFacts) -> tuple[str, ...]:
    """All hard conditions that an organisation fails for a case: inactive, centre, duty, area, left; none when it may take it."""
    return tuple(name for name, failed in CONDITIONS.items() if failed(case, organisation))


CONDITIONS: dict[str, Callable[[CaseFacts, OrganisationFacts], bool]] = {
    "inactive": lambda case, organisation: not organisation.active,
    "centre": lambda case, organisation: organisation.kind == "centre",
    "duty": lambda case, organisation: case.category not in organisation.duties,
    "area": lambda case, organisation: not case.path.startswith(organisation.path),
    "left": loops,
}


def unsuitable(case: CaseFacts, organisation: OrganisationFacts) -> str | None:
    """The first condition for which an organisation may not be sent the case at all; None when it may."""
    return next((name for name in failed_conditions(case, organisation) if name != "left"), None)


def _unfit_centre(case: CaseFacts, centre: OrganisationFacts) -> str | None:
    """Sent down it goes to a centre below that covers the place and has not referred it up."""
    if not centre.active:
        return "inactive"
    if centre.kind != "centre":
        return "not_centre"
    if not case.path.startswith(centre.path):
        return "area"
    if not centre.path.startswith(case.centre_path) or centre.path == case.centre_path:
        return "not_below"
    return "left" if loops(case, centre) else None


def _unfit_co_handler(case: CaseFacts, organisation: OrganisationFacts) -> str | None:
    """Whoever handles with the holder need not have the duty: that is why it is asked to help."""
    failed = [name for name in failed_conditions(case, organisation) if name not in ("duty", "left")]
    if failed:
        return failed[0]
    if organisation.id == case.holder_id or organisation.id in case.co_handlers:
        return "holder"
    return "too_many" if len(case.co_handlers) >= CO_HANDLERS else None


def _check_merge(case: CaseFacts, into: CaseFacts, viewer: Viewer) -> None:
    """The other case has to be another, still worked at, and the dispatcher's as well."""
    if into.case_no == case.case_no:
        raise Problem("merge_unsuitable", condition="same")
    if into.status not in OPEN:
        raise Problem("merge_unsuitable", condition="closed")
    if into.kind != case.kind:
        raise Problem("merge_unsuitable", condition="kind")
    if not within(viewer, into.centre_path):
        raise Problem("merge_unsuitable", condition="scope")


ROLES: dict[Actor, Callable[[Role], bool]] = {
    Actor.anyone: lambda role: may(role, Act.report),
    Actor.centre: lambda role: may(role, Act.assign),
    Actor.sender: lambda role: may(role, Act.assign),
    Actor.holder: lambda role: role == Role.handler,
    Actor.watcher: lambda role: role in (Role.leader, Role.dispatcher),
    Actor.leader: lambda role: role == Role.leader,
    Actor.settler: lambda role: role == Role.handler,
    Actor.involved: lambda role: role in (Role.leader, Role.dispatcher, Role.handler),
    Actor.rule: lambda role: False,
}


def _may_ever(move: Move, role: Role) -> bool:
    """Whether the role could ever make the move, whatever the case."""
    return role == Role.system or ROLES[move.actor](role)


def _is_actor(move: Move, case: CaseFacts, viewer: Viewer) -> bool:
    """Whether this very case is the viewer's to move. A viewer without an organisation acts for none."""
    if viewer.role == Role.system:
        return True
    if not _may_ever(move, viewer.role):
        return False
    own = viewer.organisation_id
    if move.actor == Actor.anyone:
        return True
    if move.actor == Actor.centre:
        return within(viewer, case.centre_path)
    if move.actor == Actor.sender:
        return own is not None and own == case.sender_id
    if viewer.role == Role.handler:
        hands = {case.holder_id, *(case.co_handlers if move.actor == Actor.involved else ())}
        return own is not None and own in hands
    return within(viewer, case.path)
