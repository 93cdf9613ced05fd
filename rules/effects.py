"""Effects of a move on a case, and further moves that follow by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from rules.access import Viewer
from rules.cases import CLOSED, DONE, Status
from rules.checks import at_top, loops
from rules.facts import CaseFacts, MoveInputs, OrganisationFacts
from rules.moves import AT_ORGANISATION, MOVES, Effect, Holder, Move
from rules.sla import SlaPolicy, SlaTimer, Step, deadline, resumed, running_timers

RETURNS = 2
RECORDED = ("method", "outcome", "agreement", "satisfaction", "form", "choice", "rank", "recommended")


class Rule(StrEnum):
    """Why the software moved a case by itself."""

    two_returns = "two_returns"
    loop = "loop"
    pause_ended = "pause_ended"
    merged = "merged"
    automatic = "automatic"


@dataclass(frozen=True)
class AppliedMove:
    """One act as the trace will have it. `rule`: what made the software act; None when a person did.

    `case` is the case afterwards; `details` holds what was given with the move, without free text.
    """

    act: str
    case: CaseFacts
    rule: Rule | None = None
    reason: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


def apply_move(
    case: CaseFacts, move: str, *, inputs: MoveInputs, viewer: Viewer, now: datetime, sla: SlaPolicy
) -> tuple[AppliedMove, ...]:
    """What follows from a move that check_move let pass: the act, and those that the rules add, each one version.

    Two returns refer a case up by themselves; so does a dispatch or transfer to an organisation that gave it up already,
    which then does not reach that organisation. At the top there is nowhere to go: such a dispatch is an order, which cannot
    be returned. Together: between two reopenings a case changes hands at most once for every organisation and centre.
    """
    row = MOVES[move]
    if row.holder == Holder.to and inputs.to and inputs.above and loops(case, inputs.to) and not at_top(case):
        return (_refer_up(case, Rule.loop, inputs, viewer, now, sla, to=inputs.to.id),)
    after = _after(case, row, inputs, viewer, now, sla)
    applied = AppliedMove(move, after, reason=_said(inputs), details=_details(case, row, inputs))
    if Effect.returned in row.effects and after.returned_n >= RETURNS and not at_top(after) and inputs.above:
        return (applied, _refer_up(after, Rule.two_returns, inputs, viewer, now, sla))
    return (applied,)


def take_up(case: CaseFacts, merged: CaseFacts) -> AppliedMove:
    """The other side of a merge: one version, nothing else changes, and it says which case came in."""
    after = replace(case, version=case.version + 1)
    return AppliedMove("absorb", after, rule=Rule.merged, details={"from": merged.case_no})


def _refer_up(
    case: CaseFacts, rule: Rule, inputs: MoveInputs, viewer: Viewer, now: datetime, sla: SlaPolicy, **details: Any
) -> AppliedMove:
    row = MOVES["refer_up"]
    row = replace(row, target=Status.waiting) if case.status in AT_ORGANISATION else row  # as if it was taken back first
    after = _after(case, row, inputs, viewer, now, sla)
    return AppliedMove("refer_up", after, rule=rule, details=details)


def _said(inputs: MoveInputs) -> str | None:
    return (inputs.reason or "").strip() or None


def _details(case: CaseFacts, row: Move, inputs: MoveInputs) -> dict[str, Any]:
    """What the trace keeps of the inputs, in the order of RECORDED; times as RFC 3339. A settlement keeps the extension
    that it drops, so that it can be taken back whole."""
    details: dict[str, Any] = {
        name: getattr(inputs, name)
        for name in RECORDED
        if getattr(inputs, name) is not None
        and (name in row.needs | row.takes or (name in ("rank", "recommended") and row.holder == Holder.to))
    }
    if "until" in row.needs and inputs.until is not None:
        details["until"] = inputs.until.isoformat()
    if row.name == "settle" and case.extension_until is not None:
        details["extension"] = case.extension_until.isoformat()
    if Effect.regain_extension in row.effects and inputs.settlement and inputs.settlement.extension_until:
        details["extension"] = inputs.settlement.extension_until.isoformat()
    if "people" in row.needs:
        details["people"] = list(inputs.people)
    if "into" in row.needs and inputs.into is not None:
        details["into"] = inputs.into.case_no
    if Effect.co_handler in row.effects and inputs.to is not None:
        details["co_handler"] = inputs.to.id
    return details


def _after(case: CaseFacts, row: Move, inputs: MoveInputs, viewer: Viewer, now: datetime, sla: SlaPolicy) -> CaseFacts:
    status = row.target or case.status
    after = replace(
        _handed_over(case, row, inputs),
        status=status,
        version=case.version + 1,
        settled_at=(case.settled_at or now) if status in DONE else None,
        closed_at=(case.closed_at or now) if status in CLOSED else None,
    )
    if (after.status, after.holder_id) != (case.status, case.holder_id):
        after = replace(after, status_since=now)
    for effect in sorted(row.effects):
        after = EFFECTS[effect](_Context(case, after, inputs, viewer, now, sla))
    if row.holder == Holder.to and inputs.to is not None and loops(case, inputs.to):
        after = replace(after, binding=True)
    return with_due(after, sla)


def timers_of(case: CaseFacts, sla: SlaPolicy) -> tuple[SlaTimer, ...]:
    """The SLA timers that run for a case in its present state."""
    return running_timers(
        case.status, kind=case.kind, severity=case.severity, queued_at=case.queued_at, status_since=case.status_since,
        settle_from=case.settle_from, settle_due_at=case.settle_due_at, sla=sla,
        clocks_since=case.clocks_since,
    )  # fmt: skip


def with_due(case: CaseFacts, sla: SlaPolicy) -> CaseFacts:
    """The deadline of the present status, computed from the facts."""
    timers = timers_of(case, sla)
    return replace(case, due_at=timers[0].due if timers else None)


def _handed_over(case: CaseFacts, row: Move, inputs: MoveInputs) -> CaseFacts:
    if row.holder == Holder.keep:
        return case
    if row.holder == Holder.to and inputs.to is not None:
        return replace(case, holder_id=inputs.to.id, holder_path=inputs.to.path)
    centre = _centre_after(case, row, inputs)
    if row.holder in (Holder.above, Holder.below):
        case = replace(case, returned_n=0)
    return replace(case, centre_id=centre[0], centre_path=centre[1], holder_id=centre[0], holder_path=centre[1])


def _centre_after(case: CaseFacts, row: Move, inputs: MoveInputs) -> tuple[int, str]:
    """The centre that routes the case from now on: the sender when it comes back, the receiver when it goes up or down."""
    chosen: OrganisationFacts | None = {Holder.above: inputs.above, Holder.below: inputs.to}.get(row.holder)
    if chosen is not None:
        return chosen.id, chosen.path
    if row.holder == Holder.sender and case.sender_id is not None and case.sender_path is not None:
        return case.sender_id, case.sender_path
    return case.centre_id, case.centre_path


@dataclass(frozen=True)
class _Context:
    """What an effect is computed from: the case before and as far as it has come, and what was given."""

    before: CaseFacts
    after: CaseFacts
    inputs: MoveInputs
    viewer: Viewer
    now: datetime
    sla: SlaPolicy


def _sent(context: _Context) -> CaseFacts:
    """A dispatcher's own centre has sent it; the system and viewers without a centre send for the case's own."""
    viewer, case = context.viewer, context.after
    if viewer.organisation_id is None or viewer.organisation_path is None:
        return replace(case, sender_id=case.centre_id, sender_path=case.centre_path)
    return replace(case, sender_id=viewer.organisation_id, sender_path=viewer.organisation_path)


def _mediated(context: _Context) -> CaseFacts:
    case, outcome = context.after, context.inputs.outcome
    first = case.first_mediation or outcome
    return replace(case, mediations=case.mediations + 1, first_mediation=first)


def _paused(context: _Context) -> CaseFacts:
    return replace(context.after, paused_until=context.inputs.until)


def _resumed(context: _Context) -> CaseFacts:
    """Timers go on from the end of the pause, even if the server was down at that moment."""
    before, sla = context.before, context.sla
    ended = min(context.now, before.paused_until or context.now)
    basis = sla.limit(Step.settle, before.kind, before.severity).basis
    start, due = (
        moment and resumed(moment, before.status_since, ended, basis, sla)
        for moment in (before.settle_from, before.settle_due_at)
    )
    return replace(context.after, settle_from=start or before.settle_from, settle_due_at=due, paused_until=None)


def _restarted(context: _Context) -> CaseFacts:
    case = context.after
    due = deadline(Step.settle, case.kind, case.severity, context.now, context.sla)
    return replace(case, settle_from=context.now, settle_due_at=due, binding=False, satisfaction=None)


def _left(context: _Context) -> CaseFacts:
    given_up = context.before.holder_id
    case = context.after
    return case if given_up in case.left_by else replace(case, left_by=(*case.left_by, given_up))


EFFECTS: dict[Effect, Callable[[_Context], CaseFacts]] = {
    Effect.responsible: lambda c: replace(c.after, responsible_id=c.before.holder_id),
    Effect.sender: _sent,
    Effect.unsent: lambda c: replace(c.after, sender_id=None, sender_path=None),
    Effect.queued: lambda c: replace(c.after, queued_at=c.now),
    Effect.returned: lambda c: replace(c.after, returned_n=c.after.returned_n + 1),
    Effect.left: _left,
    Effect.alone: lambda c: replace(c.after, co_handlers=()),
    Effect.co_handler: lambda c: replace(
        c.after, co_handlers=(*c.after.co_handlers, *((c.inputs.to.id,) if c.inputs.to else ()))
    ),
    Effect.pause: _paused,
    Effect.resume: _resumed,
    Effect.ask_extension: lambda c: replace(c.after, extension_until=c.inputs.until),
    Effect.grant_extension: lambda c: replace(c.after, settle_due_at=c.after.extension_until, extension_until=None),
    Effect.drop_extension: lambda c: replace(c.after, extension_until=None),
    Effect.regain_extension: lambda c: replace(
        c.after, extension_until=c.inputs.settlement.extension_until if c.inputs.settlement else None
    ),
    Effect.mediation: _mediated,
    Effect.satisfaction: lambda c: replace(c.after, satisfaction=c.inputs.satisfaction),
    Effect.merge: lambda c: replace(c.after, merged_into=c.inputs.into.case_no if c.inputs.into else None),
    Effect.restart: _restarted,
}
