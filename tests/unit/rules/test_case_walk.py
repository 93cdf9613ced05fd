"""Several people move one case at once, each by what it last saw: no walk through the table loses or doubles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rules.access import Role, Viewer
from rules.cases import CLOSED, DONE, STAGE_OF, Status
from rules.clock import STEP_OF, Clocks, due_at
from rules.errors import Problem
from rules.moves import MOVES, BodyFacts, CaseFacts, allowed_moves, apply_move, check_move
from tests.unit.rules.test_moves import BODY, CENTRE, DISPATCHER, HANDLER, NOW, OTHER, SUITABLE, a_case, viewer

COUNTY = 2
PEOPLE: dict[str, Viewer] = {
    "dispatcher": DISPATCHER,
    "colleague": DISPATCHER,
    "county": viewer(Role.dispatcher, COUNTY),
    "neighbour": viewer(Role.dispatcher, 3, "P/C2/"),
    "handler": HANDLER,
    "other": viewer(Role.handler, OTHER),
    "leader": viewer(Role.leader, CENTRE),
    "admin": viewer(Role.admin, None),
}
BODIES = {BODY: SUITABLE, OTHER: replace(SUITABLE, id=OTHER, path="P/"), 12: replace(SUITABLE, id=12, active=False)}
NEVER_MOVES = {"neighbour", "leader", "admin"}
OUT = (Status.dispatched, Status.signed, Status.settled, Status.archived)


class CaseWalk(RuleBasedStateMachine):
    """One case, the copies that people look at, and the trace of what they did."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.first = self.case = a_case(Status.reported)
        self.seen = dict.fromkeys(PEOPLE, self.case)
        self.trace: list[tuple[str, str, CaseFacts]] = []

    @rule(who=st.sampled_from(sorted(PEOPLE)))
    def looks(self, who: str) -> None:
        self.seen[who] = self.case

    @rule(
        who=st.sampled_from(sorted(PEOPLE)),
        move=st.sampled_from(sorted(MOVES)),
        to=st.sampled_from(sorted(BODIES)),
        minutes=st.integers(0, 600),
    )
    def tries(self, who: str, move: str, to: int, minutes: int) -> None:
        """Anybody anything: refused with a code and nothing changed, or done by one who was offered it."""
        self.now += timedelta(minutes=minutes)
        self._attempt(who, move, BODIES[to])

    @rule(pick=st.integers(0, 11), to=st.sampled_from([BODY, OTHER]), minutes=st.integers(0, 600))
    def goes_on(self, pick: int, to: int, minutes: int) -> None:
        """Somebody looks and presses a button that is there; the others keep their old copies."""
        self.now += timedelta(minutes=minutes)
        buttons = [(who, move) for who, by in PEOPLE.items() for move in allowed_moves(self.case, by)]
        if buttons:
            who, move = buttons[pick % len(buttons)]
            self.seen[who] = self.case
            self._attempt(who, move, BODIES[to])

    def _attempt(self, who: str, move: str, body: BodyFacts) -> None:
        seen, by = self.seen[who], PEOPLE[who]
        if seen.version != self.case.version:
            return  # the guarded update finds the version gone
        try:
            check_move(seen, move, viewer=by, to=body if "to" in MOVES[move].needs else None, reason="理由")
        except Problem as problem:
            assert problem.code in ("forbidden", "move_not_allowed", "move_not_ready", "body_unsuitable")
            assert move not in allowed_moves(seen, by) or problem.code == "body_unsuitable"
            return
        assert move in allowed_moves(seen, by)
        self.case = self._after(seen, move, by, body)
        self.trace.append((who, move, self.case))

    def _after(self, case: CaseFacts, move: str, by: Viewer, body: BodyFacts) -> CaseFacts:
        change = apply_move(case, move, to=body, viewer=by, now=self.now, clocks=Clocks())
        assert apply_move(case, move, to=body, viewer=by, now=self.now, clocks=Clocks()) == change
        since = self.now if change.status != case.status else case.status_since
        return replace(case, **vars(change), status_since=since, version=case.version + 1)

    @invariant()
    def the_trace_counts_the_versions_and_leads_to_the_present(self) -> None:
        assert self.case.version == self.first.version + len(self.trace)
        status = self.first.status
        for who, move, after in self.trace:
            assert who not in NEVER_MOVES
            assert status in MOVES[move].sources
            status = after.status
            assert status == MOVES[move].target
        assert status == self.case.status

    @invariant()
    def one_body_holds_it(self) -> None:
        sent = [after.holder_id for _, move, after in self.trace if move == "dispatch"]
        assert self.case.holder_id == (sent[-1] if self.case.status in OUT else CENTRE)
        assert self.case.holder_path == (BODIES[sent[-1]].path if self.case.status in OUT else self.case.centre_path)
        assert (self.case.sender_id is not None) == (self.case.status in OUT)

    @invariant()
    def who_signed_is_responsible(self) -> None:
        signed = [after.holder_id for _, move, after in self.trace if move == "sign"]
        assert self.case.responsible_id == (signed[-1] if signed else None)

    @invariant()
    def its_times_fit_its_standing(self) -> None:
        case = self.case
        assert case.status in STAGE_OF
        assert (case.due_at is not None) == (case.status in STEP_OF)
        if self.trace:
            due = due_at(case.status, case.kind, case.severity, case.status_since, case.reported_at, Clocks())
            assert case.due_at == due
        assert (case.settled_at is not None) == (case.status in DONE)
        assert (case.closed_at is not None) == (case.status in CLOSED)
        settled = [after.status_since for _, move, after in self.trace if move == "settle"]
        assert case.settled_at == (settled[-1] if settled else None)
        assert case.closed_at == (case.status_since if case.status in CLOSED else None)

    @invariant()
    def somebody_can_always_go_on(self) -> None:
        offered = {who for who, by in PEOPLE.items() if allowed_moves(self.case, by)}
        assert not offered & NEVER_MOVES
        assert bool(offered) == (self.case.status not in CLOSED)


TestCaseWalk = CaseWalk.TestCase
