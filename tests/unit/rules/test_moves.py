"""The table of moves: what it promises holds for every row, and no walk through it loses a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rules.access import Role, Viewer
from rules.cases import CLOSED, OPEN, STAGE_OF, Kind, Severity, Status
from rules.clock import Clocks
from rules.errors import Problem
from rules.moves import MOVES, OFFERED, BodyFacts, CaseFacts, allowed_moves, apply_move, check_move

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
CENTRE, BODY, OTHER = 1, 10, 11
PATH = "P/C1/V1/"


def viewer(role: Role, organisation: int | None, scope: str = "P/") -> Viewer:
    return Viewer(1, "u", role, "P", scope, organisation, scope, "P", "zh_CN")


DISPATCHER = viewer(Role.dispatcher, CENTRE)
HANDLER = viewer(Role.handler, BODY)
SUITABLE = BodyFacts(BODY, "P/C1/", "department", True, frozenset({"noise"}), 10, 2, 500.0)


def a_case(status: Status = Status.waiting, **changes) -> CaseFacts:
    holder = BODY if status in (Status.dispatched, Status.signed, Status.handling, Status.settled) else CENTRE
    values = CaseFacts(
        case_no="n", kind=Kind.dispute, category="noise", severity=Severity.minor, status=status, path=PATH,
        centre_id=CENTRE, centre_path="P/C1/V1/", holder_id=holder, holder_path="P/C1/",
        sender_id=CENTRE if holder == BODY else None,
        responsible_id=None, version=1, reported_at=NOW, status_since=NOW,
        due_at=NOW + timedelta(hours=2), settled_at=None, closed_at=None,
    )  # fmt: skip
    return replace(values, **changes)


def test_every_row_leads_somewhere_that_exists_and_names_its_text():
    for name, move in MOVES.items():
        assert move.name == name and move.text_key == f"move.{name}"
        assert move.sources <= frozenset(Status)
        assert move.sources & CLOSED <= {Status.archived}, "a closed case is only reopened"
        assert move.target in (None, *Status)


def test_every_open_status_can_be_left_and_every_status_but_the_first_be_reached():
    for status in OPEN:
        assert any(status in move.sources and move.target not in (None, status) for move in MOVES.values()), status
    assert {move.target for move in MOVES.values() if move.target} == set(Status)


@given(st.sampled_from(sorted(MOVES)), st.sampled_from(list(Status)), st.sampled_from(list(Role)))
def test_what_is_offered_can_be_done_and_nothing_else(name, status, role):
    case, by = a_case(status), viewer(role, BODY if role == Role.handler else CENTRE)
    if name == "report" or role == Role.system:
        return
    try:
        check_move(case, name, viewer=by, to=SUITABLE, reason="理由")
        possible = True
    except Problem as problem:
        assert problem.code in ("forbidden", "move_not_allowed", "move_not_ready")
        possible = False
    assert possible == (name in allowed_moves(case, by))


@pytest.mark.parametrize(
    ("body", "condition"),
    [
        (replace(SUITABLE, active=False), "inactive"),
        (replace(SUITABLE, duties=frozenset()), "duty"),
        (replace(SUITABLE, path="P/C2/"), "area"),
        (replace(SUITABLE, kind="centre"), "centre"),
    ],
)
def test_a_body_that_cannot_take_the_case_is_refused_with_the_condition(body, condition):
    with pytest.raises(Problem) as refused:
        check_move(a_case(), "dispatch", viewer=DISPATCHER, to=body, reason=None)
    assert (refused.value.code, refused.value.values["condition"]) == ("body_unsuitable", condition)


def test_only_the_dispatching_centre_recalls():
    case = a_case(Status.dispatched, sender_id=CENTRE)
    assert "recall" in allowed_moves(case, DISPATCHER)
    assert "recall" not in allowed_moves(case, viewer(Role.dispatcher, OTHER))
    assert "recall" not in allowed_moves(a_case(Status.signed, sender_id=CENTRE), DISPATCHER)


def test_a_dispatcher_of_another_area_and_a_handler_of_another_body_may_do_nothing():
    for status in Status:
        assert allowed_moves(a_case(status), viewer(Role.dispatcher, OTHER, "P/C2/")) == ()
        assert allowed_moves(a_case(status), viewer(Role.handler, OTHER)) == ()
        assert allowed_moves(a_case(status), viewer(Role.leader, CENTRE)) == ()


class CaseWalk(RuleBasedStateMachine):
    """Any offered move in any order by the right person: one holder, a stage, a deadline only while a clock runs."""

    def __init__(self) -> None:
        super().__init__()
        self.case, self.now = a_case(Status.reported), NOW

    @rule(name=st.sampled_from(sorted(OFFERED - {"report"})), minutes=st.integers(0, 600))
    def move(self, name: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for by in (DISPATCHER, HANDLER):
            if name in allowed_moves(self.case, by):
                change = apply_move(self.case, name, to=SUITABLE, viewer=by, now=self.now, clocks=Clocks())
                since = self.now if change.status != self.case.status else self.case.status_since
                self.case = replace(
                    self.case, status=change.status, holder_id=change.holder_id, holder_path=change.holder_path,
                    sender_id=change.sender_id, responsible_id=change.responsible_id, due_at=change.due_at,
                    settled_at=change.settled_at, closed_at=change.closed_at, status_since=since, version=self.case.version + 1,
                )  # fmt: skip
                return

    @invariant()
    def stands_somewhere(self) -> None:
        case = self.case
        assert case.status in STAGE_OF
        assert (case.holder_id == BODY) == (
            case.status in (Status.dispatched, Status.signed, Status.settled, Status.archived)
        )
        assert (case.settled_at is not None) == (case.status in (Status.settled, Status.archived))
        assert (case.closed_at is not None) == (case.status in CLOSED)
        assert (case.due_at is not None) == (case.status not in (Status.settled, Status.archived))
        assert case.status in CLOSED or allowed_moves(case, DISPATCHER) or allowed_moves(case, HANDLER)


TestCaseWalk = CaseWalk.TestCase
