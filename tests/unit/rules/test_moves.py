"""The table of moves: what it promises holds for every row, and every refusal has its own code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access import Role, Viewer
from rules.cases import CLOSED, OPEN, Kind, Severity, Status
from rules.clock import Clocks
from rules.errors import Problem
from rules.moves import (
    EFFECTS_KNOWN,
    HOLDERS_KNOWN,
    MOVES,
    OFFERED,
    BodyFacts,
    CaseFacts,
    Holder,
    allowed_moves,
    apply_move,
    check_move,
)

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
        centre_id=CENTRE, centre_path=PATH, holder_id=holder, holder_path="P/C1/" if holder == BODY else PATH,
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


def code_of(case: CaseFacts, move: str, by: Viewer, *, to: BodyFacts | None = SUITABLE, reason: str = "理由") -> str:
    """The code of the refusal, or "" when the move is let pass."""
    try:
        check_move(case, move, viewer=by, to=to, reason=reason)
    except Problem as problem:
        return problem.code
    return ""


@pytest.mark.parametrize(
    ("status", "move", "by", "code"),
    [
        (Status.waiting, "dispatch", DISPATCHER, ""),
        (Status.waiting, "dispatch", HANDLER, "forbidden"),
        (Status.waiting, "dispatch", viewer(Role.leader, CENTRE), "forbidden"),
        (Status.waiting, "dispatch", viewer(Role.dispatcher, OTHER, "P/C2/"), "forbidden"),
        (Status.reported, "dispatch", DISPATCHER, "move_not_allowed"),
        (Status.waiting, "recall", DISPATCHER, "move_not_allowed"),
        (Status.dispatched, "recall", viewer(Role.dispatcher, OTHER), "forbidden"),
        (Status.signed, "sign", HANDLER, "move_not_allowed"),
        (Status.dispatched, "sign", viewer(Role.handler, OTHER), "forbidden"),
        (Status.dispatched, "sign", DISPATCHER, "forbidden"),
        (Status.reported, "reject", DISPATCHER, "move_not_ready"),
        (Status.waiting, "reject", DISPATCHER, "move_not_allowed"),
        (Status.waiting, "teleport", DISPATCHER, "invalid"),
    ],
)
def test_a_refusal_tells_the_role_then_the_state_then_whose_case_it_is(status, move, by, code):
    assert code_of(a_case(status), move, by) == code


def test_a_dispatch_without_a_body_is_invalid():
    assert code_of(a_case(), "dispatch", DISPATCHER, to=None) == "invalid"


@pytest.mark.parametrize("reason", [None, "", "   ", "\n\t"])
def test_a_move_that_needs_a_reason_takes_no_blanks(reason, monkeypatch):
    monkeypatch.setitem(MOVES, "reject", replace(MOVES["reject"], ready=True))
    assert code_of(a_case(Status.reported), "reject", DISPATCHER, reason=reason) == "reason_required"
    assert code_of(a_case(Status.reported), "reject", DISPATCHER, reason="重复上报") == ""
    assert "reject" in allowed_moves(a_case(Status.reported), DISPATCHER)


def test_what_is_ready_stays_within_what_can_be_done():
    for move in MOVES.values():
        if move.ready:
            assert move.holder in HOLDERS_KNOWN and move.effects <= EFFECTS_KNOWN, move.name
            assert move.needs <= {"to", "reason"}, move.name
        assert ("to" in move.needs) or move.holder != Holder.to
    assert frozenset(
        {"report", "accept", "assess", "dispatch", "recall", "sign", "settle", "archive"}
    ) == OFFERED  # fmt: skip


def test_nobody_without_area_or_organisation_moves_anything():
    lost, idle = viewer(Role.dispatcher, CENTRE, ""), viewer(Role.handler, None)
    for status in Status:
        case = a_case(status)
        assert set(allowed_moves(case, lost)) <= {"recall"}  # by its centre, not by its area
        assert allowed_moves(replace(case, sender_id=None), viewer(Role.dispatcher, None, "")) == ()
        assert allowed_moves(case, idle) == ()


def test_the_likely_move_comes_first():
    order = list(MOVES)
    assert allowed_moves(a_case(Status.waiting), DISPATCHER) == ("dispatch",)
    assert allowed_moves(a_case(Status.signed), HANDLER)[0] == "settle"
    for status in Status:
        offered = allowed_moves(a_case(status), DISPATCHER)
        assert list(offered) == sorted(offered, key=order.index)


@pytest.mark.parametrize("name", sorted(set(MOVES) - OFFERED))
def test_what_comes_later_is_never_offered(name):
    for status in Status:
        assert name not in allowed_moves(a_case(status), DISPATCHER) + allowed_moves(a_case(status), HANDLER)


def test_signing_makes_the_body_responsible_until_another_signs():
    change = apply_move(
        a_case(Status.dispatched, responsible_id=OTHER), "sign", to=None, viewer=HANDLER, now=NOW, clocks=Clocks()
    )
    assert (change.status, change.responsible_id, change.sender_id) == (Status.signed, BODY, CENTRE)


def test_the_sender_is_the_centre_that_dispatched_not_the_one_that_routes():
    county = viewer(Role.dispatcher, OTHER)
    change = apply_move(a_case(), "dispatch", to=SUITABLE, viewer=county, now=NOW, clocks=Clocks())
    assert (change.sender_id, change.holder_id, change.due_at) == (OTHER, BODY, NOW + timedelta(hours=2))


def test_a_recalled_case_is_late_by_the_clock_of_its_report():
    late = NOW + timedelta(hours=3)
    change = apply_move(a_case(Status.dispatched), "recall", to=None, viewer=DISPATCHER, now=late, clocks=Clocks())
    assert (change.status, change.holder_id, change.sender_id) == (Status.waiting, CENTRE, None)
    assert change.due_at == NOW + timedelta(hours=2) < late
