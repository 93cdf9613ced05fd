"""The table of moves: from where to where, who may, what it needs, who holds the case then, whom it tells.

Everything else follows it: buttons and forms, the API, the texts, the diagram in docs/flow.md, the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.cases import AT_WORK, DONE, OPEN, TO_FILE, UNCLOSED, Status

S = Status


class Actor(StrEnum):
    """Who may make a move on a case."""

    anyone = "anyone"  # whoever may report in its area
    centre = "centre"  # dispatchers whose area covers the centre that routes the case
    sender = "sender"  # dispatchers of the very centre that dispatched it
    holder = "holder"  # handlers of the organisation that holds it
    watcher = "watcher"  # leaders and dispatchers whose area covers the case
    leader = "leader"  # leaders whose area covers the case
    settler = "settler"  # the very person who has just settled it
    involved = "involved"  # watchers, and handlers of the organisation that holds it or handles with it
    rule = "rule"  # nobody: the software itself, as a consequence of another move or of time


class Holder(StrEnum):
    """Who holds the case after a move."""

    keep = "keep"
    to = "to"  # the organisation named in the move
    centre = "centre"  # back to the centre that routes it
    above = "above"  # the centre one level above, which routes it from now on
    below = "below"  # the centre named in the move, which routes it from now on
    sender = "sender"  # the centre that dispatched it, which routes it from now on


class Effect(StrEnum):
    """What a move leaves behind beside status, holder and clock."""

    responsible = "responsible"  # the holder answers for the case from now on (首接负责)
    sender = "sender"  # the mover's centre has sent it, and may recall it
    unsent = "unsent"  # nobody has it out any more
    queued = "queued"  # the clock of the queue starts again
    returned = "returned"  # one more return is counted; the second refers the case up by itself
    left = "left"  # whoever held it gave it up, and is not asked again
    alone = "alone"  # nobody handles with it any more
    co_handler = "co_handler"  # the organisation named handles with the holder
    pause = "pause"  # the clocks stop until the moment given
    resume = "resume"  # the clocks go on where they stood
    ask_extension = "ask_extension"
    grant_extension = "grant_extension"
    drop_extension = "drop_extension"
    regain_extension = "regain_extension"  # the extension that waited for an answer before the settlement waits again
    mediation = "mediation"
    satisfaction = "satisfaction"
    merge = "merge"  # the other case takes it up; both traces stay whole
    restart = "restart"  # the time to settle starts again


class Guard(StrEnum):
    """What has to be so beside the status; a guard that fails is an error of the same code."""

    no_centre_above = "no_centre_above"  # there is a centre above
    ordered = "ordered"  # the case was not ordered to this organisation for good
    extension_pending = "extension_pending"  # no extension waits for an answer
    no_extension_asked = "no_extension_asked"  # an extension waits for an answer


class Tell(StrEnum):
    """Who gets a message about a move, through the outbox."""

    holder = "holder"  # whoever has the case afterwards
    former = "former"  # whoever had it before
    centre = "centre"
    reporter = "reporter"
    co_handler = "co_handler"
    to = "to"


@dataclass(frozen=True)
class Move:
    """One row of the table. `target` None keeps the status; `sources` empty means that the move begins a case.

    `needs` must be given with the move, `takes` may be; a reason may be given with every move. `asks`: what a person's
    form insists on, though a program that has no such words may leave it out.
    """

    name: str
    sources: frozenset[Status]
    target: Status | None
    actor: Actor
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    holder: Holder = Holder.keep
    effects: frozenset[Effect] = frozenset()
    guards: frozenset[Guard] = frozenset()
    tells: frozenset[Tell] = frozenset()
    asks: frozenset[str] = frozenset()

    @property
    def text_key(self) -> str:
        return f"move.{self.name}"


E, G, T = Effect, Guard, Tell


def _row(
    name: str,
    sources: set[Status] | frozenset[Status],
    target: Status | None,
    actor: Actor,
    *needs: str,
    holder: Holder = Holder.keep,
    leaves: tuple[Effect, ...] = (),
    unless: tuple[Guard, ...] = (),
    tells: tuple[Tell, ...] = (),
    takes: tuple[str, ...] = (),
    asks: tuple[str, ...] = (),
) -> Move:
    return Move(
        name, frozenset(sources), target, actor, frozenset(needs), frozenset(takes), holder,
        frozenset(leaves), frozenset(unless), frozenset(tells), frozenset(asks),
    )  # fmt: skip


BEFORE_SIGNING = {S.reported, S.accepted, S.waiting}
AT_HAND = {S.signed, S.handling}
AT_ORGANISATION = {S.dispatched, *AT_HAND}
TAKEN_BACK = (E.unsent, E.queued, E.alone, E.drop_extension)
_TABLE = (
    _row("report", set(), S.reported, Actor.anyone, holder=Holder.centre, leaves=(E.queued,), tells=(T.holder,)),
    _row("accept", {S.reported}, S.accepted, Actor.centre),
    _row("assess", {S.accepted}, S.waiting, Actor.centre),
    _row("dispatch", {S.waiting}, S.dispatched, Actor.centre, "to",
         holder=Holder.to, leaves=(E.sender,), tells=(T.holder,), takes=("choice",)),
    _row("sign", {S.dispatched}, S.signed, Actor.holder, leaves=(E.responsible,), tells=(T.centre,)),
    _row("start", {S.signed}, S.handling, Actor.holder),
    _row("settle", AT_HAND, S.settled, Actor.holder, leaves=(E.drop_extension,), tells=(T.centre, T.reporter),
         asks=("reason",)),
    _row("undo_settle", {S.settled}, S.handling, Actor.settler, leaves=(E.regain_extension,), tells=(T.centre, T.reporter)),
    _row("record_mediation", {S.handling}, None, Actor.holder, "method", "people", "outcome",
         leaves=(E.mediation,), takes=("agreement",)),
    _row("visit", {S.settled}, S.visited, Actor.centre, "satisfaction", leaves=(E.satisfaction,)),
    _row("archive", TO_FILE, S.archived, Actor.centre),
    _row("recall", {S.dispatched}, S.waiting, Actor.sender,
         holder=Holder.centre, leaves=(E.unsent, E.alone), tells=(T.former,)),
    _row("return", AT_ORGANISATION, S.waiting, Actor.holder, "reason",
         holder=Holder.sender, leaves=(*TAKEN_BACK, E.returned, E.left), unless=(G.ordered,), tells=(T.holder,)),
    _row("transfer", AT_ORGANISATION, S.dispatched, Actor.centre, "to", "reason",
         holder=Holder.to, leaves=(E.sender, E.left, E.alone, E.drop_extension), unless=(G.ordered,),
         tells=(T.holder, T.former), takes=("choice",)),
    _row("refer_up", BEFORE_SIGNING, None, Actor.centre, "reason",
         holder=Holder.above, leaves=(*TAKEN_BACK, E.left), unless=(G.no_centre_above,), tells=(T.holder, T.former)),
    _row("send_down", BEFORE_SIGNING, None, Actor.centre, "to",
         holder=Holder.below, leaves=TAKEN_BACK, tells=(T.holder,)),
    _row("co_handle", AT_HAND, None, Actor.centre, "to", leaves=(E.co_handler,), tells=(T.to, T.holder)),
    _row("pause", {S.handling}, S.paused, Actor.holder, "reason", "until", leaves=(E.pause,), tells=(T.centre,)),
    _row("resume", {S.paused}, S.handling, Actor.holder, leaves=(E.resume,), tells=(T.holder,)),
    _row("extend", AT_HAND, None, Actor.holder, "reason", "until",
         leaves=(E.ask_extension,), unless=(G.extension_pending,), tells=(T.centre,)),
    _row("grant_extension", AT_HAND, None, Actor.centre,
         leaves=(E.grant_extension,), unless=(G.no_extension_asked,), tells=(T.holder,)),
    _row("refuse_extension", AT_HAND, None, Actor.centre, "reason",
         leaves=(E.drop_extension,), unless=(G.no_extension_asked,), tells=(T.holder,)),
    _row("reject", {S.reported, S.accepted}, S.rejected, Actor.centre, "reason", tells=(T.reporter,)),
    _row("merge", BEFORE_SIGNING, S.merged, Actor.centre, "into", leaves=(E.merge,), tells=(T.reporter,)),
    _row("absorb", OPEN, None, Actor.rule, tells=(T.holder,)),
    _row("amend", set(Status), None, Actor.rule),
    _row("withdraw", OPEN, S.rejected, Actor.rule, leaves=(E.drop_extension,)),
    _row("relocate", UNCLOSED, None, Actor.rule),
    _row("reopen", DONE, S.waiting, Actor.centre, "reason",
         holder=Holder.centre, leaves=(*TAKEN_BACK, E.restart), tells=(T.former,)),
    _row("remind", AT_WORK, None, Actor.watcher, tells=(T.holder,)),
    _row("supervise", UNCLOSED, None, Actor.leader, "reason", "form", tells=(T.holder, T.centre)),
    _row("comment", UNCLOSED, None, Actor.involved, "reason"),
)  # fmt: skip
MOVES: dict[str, Move] = {move.name: move for move in _TABLE}
# What a person may choose; the rest follows from it.
OFFERED = frozenset(name for name, move in MOVES.items() if move.actor != Actor.rule)
# Acts that leave all that a decision stands on (status, holder, terms) as it was: nobody is too late because of one.
REMARKS = frozenset(
    name
    for name in OFFERED
    if MOVES[name].sources and MOVES[name].target is None and MOVES[name].holder == Holder.keep and not MOVES[name].effects
)
