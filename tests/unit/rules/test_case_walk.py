"""Several people move one case at once, each by what it last saw: no walk through the table loses or doubles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rules.access import Role, Viewer
from rules.cases import AT_WORK, CLOSED, DONE, STAGE_OF, Status
from rules.checks import UNDO_TIME, allowed_moves, check_move
from rules.effects import AppliedMove, Rule, apply_move, with_due
from rules.errors import Problem
from rules.facts import CaseFacts, MoveInputs, Settlement
from rules.moves import AT_ORGANISATION, MOVES, OFFERED
from rules.replay import differences, replay
from rules.sla import STEPS_OF
from tests.unit.rules.people import (
    BODIES,
    CENTRES,
    COUNTY,
    DISPATCHER,
    GIVEN,
    LEADER,
    NEIGHBOUR,
    NOW,
    SLA,
    TOP,
    a_case,
    centre_above,
    viewer,
)  # fmt: skip

PEOPLE: dict[str, Viewer] = {
    "dispatcher": DISPATCHER,
    "colleague": DISPATCHER,
    "county": viewer(Role.dispatcher, COUNTY, "P/C1/"),
    "top": viewer(Role.dispatcher, TOP, "P/"),
    "neighbour": viewer(Role.dispatcher, NEIGHBOUR, "P/C2/"),
    "leader": LEADER,
    "admin": viewer(Role.admin, None),
    **{f"handler {number}": viewer(Role.handler, number) for number in BODIES},
}
NEVER_MOVES = {"neighbour", "admin"}
TARGETS = {**BODIES, **CENTRES, 99: replace(BODIES[10], id=99, active=False)}
ANOTHER = replace(a_case(Status.handling), case_no="m")
PASSED_ON = {"return", "transfer", "refer_up"}


class CaseWalk(RuleBasedStateMachine):
    """One case, the copies that people look at, and the trace of what they did."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.case = with_due(a_case(Status.reported), SLA)
        self.seen = dict.fromkeys(PEOPLE, self.case)
        self.acts: list[tuple[CaseFacts, AppliedMove]] = []
        self.trace = [_event(None, AppliedMove("report", self.case), NOW, None)]

    @rule(who=st.sampled_from(sorted(PEOPLE)))
    def looks(self, who: str) -> None:
        self.seen[who] = self.case

    @rule(
        who=st.sampled_from(sorted(PEOPLE)), move=st.sampled_from(sorted(MOVES)), to=st.sampled_from(sorted(TARGETS)),
        minutes=st.integers(0, 600), reason=st.sampled_from(["理由", " ", None]),
    )  # fmt: skip
    def tries(self, who: str, move: str, to: int, minutes: int, reason: str | None) -> None:
        """Anybody anything: refused with a code and nothing changed, or done by one who was offered it."""
        self.now += timedelta(minutes=minutes)
        self._attempt(who, move, to, reason)

    @rule(pick=st.integers(0, 40), to=st.sampled_from(sorted(TARGETS)), minutes=st.integers(0, 60 * 24 * 3))
    def goes_on(self, pick: int, to: int, minutes: int) -> None:
        """Somebody looks and presses a button that is there; the others keep their old copies."""
        self.now += timedelta(minutes=minutes)
        buttons = [(who, move) for who, by in PEOPLE.items() for move in allowed_moves(self.case, by)]
        if buttons:
            who, move = buttons[pick % len(buttons)]
            self.seen[who] = self.case
            self._attempt(who, move, to, "理由")

    @rule(seconds=st.integers(0, 60), itself=st.booleans())
    def takes_back(self, seconds: int, itself: bool) -> None:
        """Whoever settled it, soon enough: the case is as it was before, but for the version."""
        settled = next((before for before, applied in reversed(self.acts) if applied.act == "settle"), None)
        if self.case.status != Status.settled or settled is None or self.case.settled_at is None:
            return
        self.now = max(self.now, self.case.settled_at) + timedelta(seconds=seconds)
        who = f"handler {settled.holder_id}"
        settler = PEOPLE[who].user_id if itself else 99
        settlement = Settlement(self.case.settled_at, settler, settled.extension_until)
        given = replace(GIVEN, settlement=settlement)
        late = self.now > self.case.settled_at + UNDO_TIME
        try:
            check_move(self.case, "undo_settle", viewer=PEOPLE[who], inputs=given, now=self.now)
        except Problem as problem:
            assert problem.code == ("undo_ended" if itself else "forbidden") and (late or not itself)
            return
        assert itself and not late
        self._carry_out(who, "undo_settle", given)
        same = ("due_at", "settle_due_at", "extension_until", "holder_id", "settled_at", "co_handlers")
        for name in same if settled.status == Status.handling else ():
            assert getattr(self.case, name) == getattr(settled, name), name

    def _attempt(self, who: str, move: str, to: int, reason: str | None) -> None:
        seen, by = self.seen[who], PEOPLE[who]
        if seen.version != self.case.version:
            return  # the guarded update finds the version gone
        row = MOVES[move]
        routes = seen.sender_path if row.holder == "sender" and seen.sender_path else seen.centre_path
        until = max(self.now, seen.settle_due_at if move == "extend" else self.now) + timedelta(days=9)
        given = replace(GIVEN, to=TARGETS[to], reason=reason, until=until, into=ANOTHER, above=centre_above(routes))
        try:
            check_move(seen, move, viewer=by, inputs=given, now=self.now)
        except Problem as problem:
            assert problem.code in (
                "invalid", "forbidden", "move_not_allowed", "body_unsuitable", "reason_required", *_guards(move),
            )  # fmt: skip
            if problem.code in ("forbidden", "move_not_allowed", *_guards(move)):
                assert move not in allowed_moves(seen, by)
            return
        assert move in allowed_moves(seen, by) and move in OFFERED
        self._carry_out(who, move, given)

    def _carry_out(self, who: str, move: str, given: MoveInputs) -> None:
        by = PEOPLE[who]
        acts = apply_move(self.case, move, inputs=given, viewer=by, now=self.now, sla=SLA)
        assert acts == apply_move(self.case, move, inputs=given, viewer=by, now=self.now, sla=SLA)
        assert who not in NEVER_MOVES
        for applied in acts:
            self.acts.append((self.case, applied))
            self.trace.append(_event(self.case, applied, self.now, by))
            self.case = applied.case

    @invariant()
    def the_trace_counts_the_versions(self) -> None:
        assert [event["version"] for event in self.trace] == list(range(1, self.case.version + 1))

    @invariant()
    def the_trace_replays_to_the_present(self) -> None:
        told = replay(self.trace, kind=self.case.kind, severity=self.case.severity, sla=SLA)
        assert differences(told, self.case) == {}

    @invariant()
    def every_act_is_a_row_of_the_table(self) -> None:
        for before, applied in self.acts:
            row = MOVES[applied.act]
            assert before.status in row.sources or applied.rule is not None
            kept = Status.waiting if before.status in AT_ORGANISATION else before.status
            assert applied.case.status == (row.target or (kept if applied.rule == Rule.loop else before.status))

    @invariant()
    def one_body_holds_it(self) -> None:
        case = self.case
        if case.status in AT_WORK | DONE:
            assert case.holder_id in BODIES and case.sender_id is not None
        else:
            assert case.holder_id == case.centre_id and case.holder_path == case.centre_path
            assert case.sender_id is None
        assert case.holder_id not in case.co_handlers

    @invariant()
    def nobody_can_pass_it_round_for_ever(self) -> None:
        """Each body and centre gives it up at most once: so hand-overs between two reopenings are bounded."""
        assert len(set(self.case.left_by)) == len(self.case.left_by) <= len(BODIES) + len(CENTRES)
        givers = [before.holder_id for before, applied in self.acts if applied.act in PASSED_ON]
        reopened = sum(applied.act == "reopen" for _, applied in self.acts)
        assert all(givers.count(giver) <= 1 + reopened for giver in givers)

    @invariant()
    def who_signed_is_responsible(self) -> None:
        signed = [applied.case.holder_id for _, applied in self.acts if applied.act == "sign"]
        assert self.case.responsible_id == (signed[-1] if signed else None)

    @invariant()
    def its_times_fit_its_standing(self) -> None:
        case = self.case
        assert case.status in STAGE_OF
        assert (case.due_at is not None) == (case.status in STEPS_OF)
        assert case == with_due(case, SLA)
        assert (case.settled_at is not None) == (case.status in DONE)
        assert (case.closed_at is not None) == (case.status in CLOSED)
        assert (case.paused_until is not None) == (case.status == Status.paused)

    @invariant()
    def somebody_can_always_go_on(self) -> None:
        """Out of every open standing somebody has a move that leads to another; a closed case offers at most a reopening."""
        offered = {(who, move) for who, by in PEOPLE.items() for move in allowed_moves(self.case, by)}
        assert not {who for who, _ in offered} & NEVER_MOVES
        leading = {move for _, move in offered if MOVES[move].target not in (None, self.case.status)}
        assert bool(leading) == (self.case.status not in CLOSED or self.case.status == Status.archived)


def _guards(move: str) -> list[str]:
    return [guard.value for guard in MOVES[move].guards]


def _event(before: CaseFacts | None, applied: AppliedMove, at, by: Viewer | None) -> dict:
    return {
        "act": applied.act, "at": at, "version": applied.case.version, "details": applied.details,
        "by_organisation_id": by.organisation_id if by and applied.rule is None else None,
        "from_status": before and before.status.value, "to_status": applied.case.status.value,
        "from_organisation_id": before and before.holder_id, "to_organisation_id": applied.case.holder_id,
    }  # fmt: skip


TestCaseWalk = CaseWalk.TestCase
TestCaseWalk.settings = settings(max_examples=120, stateful_step_count=60)
