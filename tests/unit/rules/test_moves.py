"""The table of moves: what it promises holds for every row, and every refusal has its own code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access import Role, Viewer
from rules.cases import CLOSED, UNCLOSED, Kind, Status
from rules.checks import CO_HANDLERS, MAX_EXTENSION, MAX_PAUSE, UNDO_TIME, allowed_moves, check_move
from rules.effects import EFFECTS, RECORDED, Rule, apply_move, take_up
from rules.errors import CATALOGUE, Problem
from rules.facts import CaseFacts, MoveInputs, Settlement
from rules.moves import MOVES, OFFERED, REMARKS, Actor, Effect, Guard, Holder
from tests.unit.rules.people import (
    BODIES,
    BODY,
    CENTRE,
    CENTRES,
    COUNTY,
    DISPATCHER,
    GIVEN,
    HANDLER,
    LEADER,
    NEIGHBOUR,
    NOW,
    OTHER,
    SLA,
    SUITABLE,
    TOP,
    a_case,
    centre_above,
    viewer,
)  # fmt: skip

UNTIL = NOW + timedelta(days=40)


def code_of(case: CaseFacts, move: str, by: Viewer, inputs: MoveInputs = GIVEN) -> str:
    """The code of the refusal, or "" when the move is let pass."""
    try:
        check_move(case, move, viewer=by, inputs=inputs, now=NOW)
    except Problem as problem:
        return problem.code
    return ""


def condition_of(case: CaseFacts, move: str, inputs: MoveInputs, by: Viewer = DISPATCHER) -> str:
    with pytest.raises(Problem) as refused:
        check_move(case, move, viewer=by, inputs=inputs, now=NOW)
    return str(refused.value.values["condition"])


def after(case: CaseFacts, move: str, by: Viewer = DISPATCHER, inputs: MoveInputs = GIVEN, now=NOW):
    """The acts that follow from a move that is let pass."""
    given = replace(inputs, above=inputs.above or centre_above(case.sender_path or case.centre_path))
    check_move(case, move, viewer=by, inputs=given, now=now)
    return apply_move(case, move, inputs=given, viewer=by, now=now, sla=SLA)


# ---- the table


def test_every_row_leads_somewhere_that_exists_and_names_its_text():
    for name, move in MOVES.items():
        assert move.name == name and move.text_key == f"move.{name}"
        assert move.sources <= frozenset(Status)
        if name != "amend":  # what another system has corrected of a case: its status stays
            assert move.sources & CLOSED <= {Status.archived}, "a closed case is only reopened"
        assert move.target in (None, *Status)


def test_every_unclosed_status_can_be_left_and_every_status_but_the_first_be_reached():
    for status in UNCLOSED:
        assert any(status in move.sources and move.target not in (None, status) for move in MOVES.values()), status
    assert {move.target for move in MOVES.values() if move.target} == set(Status)


def test_every_row_can_be_carried_out():
    for move in MOVES.values():
        assert move.effects <= EFFECTS.keys()
        assert ("to" in move.needs) == (move.holder in (Holder.to, Holder.below) or Effect.co_handler in move.effects)
        for name in (move.needs | move.takes) - {"to", "into", "reason", "until", "people"}:
            assert name in RECORDED, f"the trace of {move.name} would lose {name}"
        for guard in move.guards:
            assert guard.value in CATALOGUE


def test_only_what_follows_by_rule_is_not_offered():
    assert (
        set(MOVES) - OFFERED
        == {name for name, move in MOVES.items() if move.actor == Actor.rule}
        == {
            "absorb",
            "amend",
            "relocate",
            "withdraw",
        }
    )


@given(
    st.sampled_from(sorted(MOVES)),
    st.sampled_from(list(Status)),
    st.sampled_from(list(Role)),
    st.booleans(),
    st.booleans(),
)
def test_what_is_offered_can_be_done_and_nothing_else(name, status, role, asked, binding):
    if name == "report" or role == Role.system:
        return
    case = a_case(status, extension_until=UNTIL if asked else None, binding=binding)
    by = viewer(role, BODY if role == Role.handler else CENTRE)
    to = CENTRES[CENTRE] if name == "send_down" else BODIES[OTHER]
    if name == "send_down":
        case = replace(case, centre_id=COUNTY, centre_path="P/C1/")
    into = replace(a_case(Status.handling), case_no="m")
    code = code_of(case, name, by, replace(GIVEN, to=to, into=into))
    assert code in ("", "forbidden", "move_not_allowed", "invalid", *(guard.value for guard in Guard))
    assert (code == "") == (name in allowed_moves(case, by))


def test_the_likely_move_comes_first():
    order = list(MOVES)
    assert allowed_moves(a_case(Status.waiting), DISPATCHER)[0] == "dispatch"
    assert allowed_moves(a_case(Status.dispatched), HANDLER)[0] == "sign"
    assert allowed_moves(a_case(Status.signed), HANDLER)[0] == "start"
    for status in Status:
        offered = allowed_moves(a_case(status), DISPATCHER)
        assert list(offered) == sorted(offered, key=order.index)
    assert allowed_moves(a_case(Status.handling), HANDLER)[0] == "record_mediation"
    assert allowed_moves(a_case(Status.handling, mediations=1), HANDLER)[0] == "settle"
    assert allowed_moves(a_case(Status.handling, kind=Kind.request), HANDLER)[0] == "settle"


# ---- who


def test_only_the_dispatching_centre_recalls():
    case = a_case(Status.dispatched)
    assert "recall" in allowed_moves(case, DISPATCHER)
    assert "recall" not in allowed_moves(case, viewer(Role.dispatcher, COUNTY))
    assert "recall" not in allowed_moves(a_case(Status.signed), DISPATCHER)


def test_a_dispatcher_of_another_area_and_a_handler_of_another_body_may_do_nothing():
    for status in Status:
        assert allowed_moves(a_case(status), viewer(Role.dispatcher, NEIGHBOUR, "P/C2/")) == ()
        assert allowed_moves(a_case(status), viewer(Role.handler, OTHER)) == ()
        assert allowed_moves(a_case(status), viewer(Role.admin, CENTRE)) == ()


def test_a_leader_supervises_reminds_and_comments_and_a_dispatcher_does_not_supervise():
    assert set(allowed_moves(a_case(Status.handling), LEADER)) == {"remind", "supervise", "comment"}
    assert "supervise" not in allowed_moves(a_case(Status.handling), DISPATCHER)


def test_whoever_handles_together_may_comment_and_nothing_else():
    case = a_case(Status.handling, co_handlers=(OTHER,))
    assert allowed_moves(case, viewer(Role.handler, OTHER)) == ("comment",)


def test_nobody_without_area_or_organisation_moves_anything():
    lost, idle = viewer(Role.dispatcher, CENTRE, ""), viewer(Role.handler, None)
    for status in Status:
        case = a_case(status)
        assert set(allowed_moves(case, lost)) <= {"recall"}  # by its centre, not by its area
        assert allowed_moves(replace(case, sender_id=None), viewer(Role.dispatcher, None, "")) == ()
        assert allowed_moves(case, idle) == ()


@pytest.mark.parametrize(
    ("status", "move", "by", "code"),
    [
        (Status.waiting, "dispatch", DISPATCHER, ""),
        (Status.waiting, "dispatch", HANDLER, "forbidden"),
        (Status.waiting, "dispatch", LEADER, "forbidden"),
        (Status.waiting, "dispatch", viewer(Role.dispatcher, NEIGHBOUR, "P/C2/"), "forbidden"),
        (Status.reported, "dispatch", DISPATCHER, "move_not_allowed"),
        (Status.waiting, "recall", DISPATCHER, "move_not_allowed"),
        (Status.dispatched, "recall", viewer(Role.dispatcher, OTHER), "forbidden"),
        (Status.signed, "sign", HANDLER, "move_not_allowed"),
        (Status.dispatched, "sign", viewer(Role.handler, OTHER), "forbidden"),
        (Status.dispatched, "sign", DISPATCHER, "forbidden"),
        (Status.waiting, "reject", DISPATCHER, "move_not_allowed"),
        (Status.waiting, "teleport", DISPATCHER, "invalid"),
        (Status.waiting, "absorb", DISPATCHER, "invalid"),
        (Status.handling, "extend", HANDLER, ""),
        (Status.handling, "grant_extension", DISPATCHER, "no_extension_asked"),
    ],
)
def test_a_refusal_tells_the_role_then_the_state_then_whose_case_it_is(status, move, by, code):
    assert code_of(a_case(status), move, by) == code


# ---- what it needs


@pytest.mark.parametrize("reason", [None, "", "   ", "\n\t"])
@pytest.mark.parametrize("name", sorted(name for name, move in MOVES.items() if "reason" in move.needs))
def test_a_move_that_needs_a_reason_takes_no_blanks(name, reason):
    case = a_case(sorted(MOVES[name].sources)[0], extension_until=UNTIL if name == "refuse_extension" else None)
    case = replace(case, settle_due_at=NOW + timedelta(days=3))
    by = {Actor.holder: HANDLER, Actor.leader: LEADER, Actor.involved: LEADER}.get(MOVES[name].actor, DISPATCHER)
    given = replace(GIVEN, to=BODIES[OTHER])
    assert code_of(case, name, by, replace(given, reason=reason)) == "reason_required"
    assert code_of(case, name, by, given) == ""


@pytest.mark.parametrize(
    ("status", "move", "change"),
    [
        (Status.waiting, "dispatch", {"to": None}),
        (Status.handling, "pause", {"until": None}),
        (Status.handling, "pause", {"until": NOW}),
        (Status.handling, "pause", {"until": NOW + MAX_PAUSE + timedelta(seconds=1)}),
        (Status.handling, "extend", {"until": NOW + timedelta(days=20)}),  # before what it would extend
        (Status.handling, "extend", {"until": NOW + timedelta(days=21) + MAX_EXTENSION + timedelta(seconds=1)}),
        (Status.handling, "record_mediation", {"method": None}),
        (Status.handling, "record_mediation", {"method": "by force"}),
        (Status.handling, "record_mediation", {"people": ()}),
        (Status.handling, "record_mediation", {"people": ("mediator", "Zhang San")}),
        (Status.handling, "record_mediation", {"outcome": "maybe"}),
        (Status.handling, "record_mediation", {"agreement": "secret"}),
        (Status.handling, "record_mediation", {"outcome": "failure", "agreement": "written"}),
        (Status.waiting, "merge", {"into": None}),
    ],
)
def test_what_is_missing_or_no_value_of_its_list_is_invalid(status, move, change):
    by = HANDLER if MOVES[move].actor == Actor.holder else DISPATCHER
    case = a_case(status)
    if move in ("pause", "record_mediation", "extend"):
        assert code_of(case, move, by) == ""
    with pytest.raises(Problem) as refused:
        check_move(case, move, viewer=by, inputs=replace(GIVEN, **change), now=NOW)
    assert (refused.value.code, refused.value.values["field"]) == ("invalid", list(change)[-1])


@pytest.mark.parametrize("satisfaction", [None, 0, 6])
def test_satisfaction_is_one_to_five(satisfaction):
    assert code_of(a_case(Status.settled), "visit", DISPATCHER, replace(GIVEN, satisfaction=satisfaction)) == "invalid"
    assert code_of(a_case(Status.settled), "visit", DISPATCHER) == ""


@pytest.mark.parametrize(
    "words", ["电话13812345678联系", "身份证 53280119900101123X", "拨打 +86 138-1234-5678", "532801199001011234"]
)
def test_numbers_of_persons_are_refused_in_a_reason(words):
    assert code_of(a_case(Status.waiting), "comment", LEADER, MoveInputs(reason=words)) == "personal_data"


@pytest.mark.parametrize("words", ["案件20260310-532801-00012重复", "面积 1234567890123 平方", "2026年3月10日17点到场"])
def test_other_numbers_are_not_mistaken_for_a_persons(words):
    assert code_of(a_case(Status.waiting), "comment", LEADER, MoveInputs(reason=words)) == ""


# ---- which body


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"active": False}, "inactive"),
        ({"duties": frozenset()}, "duty"),
        ({"path": "P/C2/"}, "area"),
        ({"kind": "centre"}, "centre"),
    ],
)
def test_a_body_that_cannot_take_the_case_is_refused_with_the_condition(change, condition):
    assert condition_of(a_case(), "dispatch", MoveInputs(to=replace(SUITABLE, **change))) == condition


def test_a_transfer_goes_to_another_body():
    assert condition_of(a_case(Status.signed), "transfer", GIVEN) == "holder"


@pytest.mark.parametrize(
    ("to", "condition"),
    [
        (CENTRES[NEIGHBOUR], "area"),
        (CENTRES[TOP], "not_below"),
        (CENTRES[COUNTY], "not_below"),
        (SUITABLE, "not_centre"),
        (replace(CENTRES[CENTRE], active=False), "inactive"),
    ],
)
def test_sent_down_it_goes_to_a_centre_below_that_covers_the_place(to, condition):
    case = a_case(centre_id=COUNTY, centre_path="P/C1/", holder_id=COUNTY, holder_path="P/C1/")
    county = viewer(Role.dispatcher, COUNTY, "P/C1/")
    assert condition_of(case, "send_down", MoveInputs(to=to), county) == condition
    assert code_of(case, "send_down", county, MoveInputs(to=CENTRES[CENTRE])) == ""


def test_a_centre_that_referred_a_case_up_is_not_sent_it_down_again():
    case = a_case(centre_id=COUNTY, centre_path="P/C1/", holder_id=COUNTY, left_by=(CENTRE,))
    county = viewer(Role.dispatcher, COUNTY, "P/C1/")
    assert condition_of(case, "send_down", MoveInputs(to=CENTRES[CENTRE]), county) == "left"


def test_co_handling_needs_no_duty_but_another_body_and_not_too_many():
    helper = replace(SUITABLE, id=OTHER, duties=frozenset())
    assert code_of(a_case(Status.signed), "co_handle", DISPATCHER, MoveInputs(to=helper)) == ""
    assert condition_of(a_case(Status.signed), "co_handle", MoveInputs(to=SUITABLE)) == "holder"
    assert condition_of(a_case(Status.signed, co_handlers=(OTHER,)), "co_handle", MoveInputs(to=helper)) == "holder"
    many = tuple(range(100, 100 + CO_HANDLERS))
    assert condition_of(a_case(Status.signed, co_handlers=many), "co_handle", MoveInputs(to=helper)) == "too_many"


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"case_no": "n"}, "same"),
        ({"status": Status.settled}, "closed"),
        ({"status": Status.merged}, "closed"),
        ({"kind": Kind.hazard}, "kind"),
        ({"centre_path": "P/C2/"}, "scope"),
    ],
)
def test_a_duplicate_goes_into_another_open_case_of_its_kind_and_the_dispatchers_area(change, condition):
    into = replace(a_case(Status.handling, case_no="m"), **change)
    assert condition_of(a_case(), "merge", MoveInputs(into=into)) == condition


# ---- what follows


def test_signing_makes_the_body_responsible_until_another_signs():
    [applied] = after(a_case(Status.dispatched, responsible_id=OTHER), "sign", HANDLER)
    assert (applied.case.status, applied.case.responsible_id, applied.case.sender_id) == (Status.signed, BODY, CENTRE)
    [returned] = after(applied.case, "return", HANDLER)
    assert returned.case.responsible_id == BODY


def test_the_sender_is_the_centre_that_dispatched_not_the_one_that_routes_and_gets_it_back():
    county = viewer(Role.dispatcher, COUNTY, "P/C1/")
    [sent] = after(a_case(), "dispatch", county)
    assert (sent.case.sender_id, sent.case.holder_id, sent.case.due_at) == (COUNTY, BODY, NOW + timedelta(hours=2))
    [back] = after(sent.case, "return", HANDLER)
    assert (back.case.status, back.case.holder_id, back.case.centre_id) == (Status.waiting, COUNTY, COUNTY)
    assert (back.case.left_by, back.case.returned_n, back.case.sender_id) == ((BODY,), 1, None)


def test_a_recalled_case_is_late_by_the_clock_of_its_queue_and_a_returned_one_begins_anew():
    late = NOW + timedelta(hours=3)
    [recalled] = after(a_case(Status.dispatched), "recall", now=late)
    assert (recalled.case.status, recalled.case.holder_id, recalled.case.sender_id) == (Status.waiting, CENTRE, None)
    assert recalled.case.due_at == NOW + timedelta(hours=2) < late
    [returned] = after(a_case(Status.dispatched), "return", HANDLER, now=late)
    assert returned.case.due_at == late + timedelta(hours=2)


def test_two_returns_refer_a_case_up_by_themselves():
    case = a_case(Status.dispatched, holder_id=OTHER, left_by=(BODY,), returned_n=1)
    returned, referred = after(case, "return", viewer(Role.handler, OTHER))
    assert (returned.act, returned.rule, returned.case.holder_id) == ("return", None, CENTRE)
    assert (referred.act, referred.rule, referred.reason) == ("refer_up", Rule.two_returns, None)
    assert (referred.case.holder_id, referred.case.centre_id, referred.case.status) == (COUNTY, COUNTY, Status.waiting)
    assert referred.case.version == case.version + 2
    assert set(referred.case.left_by) == {BODY, OTHER, CENTRE}
    assert referred.case.returned_n == 0, "the next centre has its own two"


@pytest.mark.parametrize(
    ("status", "move"),
    [
        (Status.waiting, "dispatch"),
        (Status.dispatched, "transfer"),
        (Status.signed, "transfer"),
        (Status.handling, "transfer"),
    ],
)
def test_a_loop_refers_the_case_up_instead(status, move):
    case = a_case(status, left_by=(OTHER,))
    [applied] = after(case, move, inputs=replace(GIVEN, to=BODIES[OTHER]))
    assert (applied.act, applied.rule, applied.details) == ("refer_up", Rule.loop, {"to": OTHER})
    assert (applied.case.holder_id, applied.case.status, applied.case.sender_id) == (COUNTY, Status.waiting, None)
    assert {row for row in OFFERED if row in allowed_moves(applied.case, viewer(Role.dispatcher, COUNTY, "P/C1/"))} >= {
        "dispatch"
    }


def test_at_the_top_a_loop_is_an_order_with_a_reason_that_cannot_be_returned():
    case = a_case(centre_id=TOP, centre_path="P/", holder_id=TOP, holder_path="P/", left_by=(BODY,))
    top = viewer(Role.dispatcher, TOP)
    assert code_of(case, "dispatch", top, MoveInputs(to=SUITABLE)) == "reason_required"
    [applied] = after(case, "dispatch", top)
    assert (applied.act, applied.case.holder_id, applied.case.binding) == ("dispatch", BODY, True)
    assert code_of(applied.case, "return", HANDLER) == "ordered"
    assert "return" not in allowed_moves(applied.case, HANDLER) and "transfer" not in allowed_moves(applied.case, top)
    assert code_of(applied.case, "sign", HANDLER) == ""


def test_at_the_top_nothing_is_referred_up():
    case = a_case(centre_id=TOP, centre_path="P/", holder_id=TOP, holder_path="P/")
    assert code_of(case, "refer_up", viewer(Role.dispatcher, TOP)) == "no_centre_above"
    held = a_case(Status.signed, centre_id=TOP, centre_path="P/", sender_id=TOP, sender_path="P/", returned_n=1)
    [returned] = after(held, "return", HANDLER)
    assert returned.case.holder_id == TOP


def test_referred_up_and_sent_down_it_keeps_its_status_and_waits_with_a_new_clock():
    later = NOW + timedelta(hours=1)
    for status in (Status.reported, Status.accepted, Status.waiting):
        [up] = after(a_case(status), "refer_up", now=later)
        assert (up.case.status, up.case.centre_id, up.case.due_at) == (status, COUNTY, later + timedelta(hours=2))


def test_a_pause_stops_the_clocks_and_its_end_lets_them_go_on():
    case = a_case(Status.handling, settle_due_at=NOW + timedelta(days=1))  # Tuesday 12:00 to Wednesday
    until = NOW + timedelta(days=7)
    [paused] = after(case, "pause", HANDLER, replace(GIVEN, until=until))
    assert (paused.case.due_at, paused.case.paused_until) == (None, until)
    assert paused.details == {"until": until.isoformat()}
    for resumed_at in (until, until + timedelta(days=3)):  # the second by a scheduler that had stood still
        [resumed] = after(paused.case, "resume", HANDLER, now=resumed_at)
        assert resumed.case.due_at == until + timedelta(days=1)
    [early] = after(paused.case, "resume", HANDLER, now=NOW + timedelta(hours=2))
    assert early.case.due_at == NOW + timedelta(days=1, hours=2)
    assert early.case.paused_until is None


def test_an_extension_counts_once_it_is_granted():
    case = a_case(Status.handling)
    [asked] = after(case, "extend", HANDLER)
    assert (asked.case.extension_until, asked.case.due_at) == (UNTIL, case.settle_due_at)
    assert code_of(asked.case, "extend", HANDLER) == "extension_pending"
    [granted] = after(asked.case, "grant_extension")
    assert (granted.case.due_at, granted.case.extension_until) == (UNTIL, None)
    [refused] = after(asked.case, "refuse_extension")
    assert (refused.case.due_at, refused.case.extension_until) == (case.settle_due_at, None)
    [settled] = after(asked.case, "settle", HANDLER)
    assert settled.case.extension_until is None


def test_a_mediation_is_kept_with_how_and_by_roles_who_took_part():
    [first] = after(
        a_case(Status.handling), "record_mediation", HANDLER, replace(GIVEN, outcome="failure", agreement=None)
    )
    [second] = after(first.case, "record_mediation", HANDLER)
    assert (second.case.mediations, second.case.first_mediation) == (2, "failure")
    assert second.details == {
        "method": "people", "outcome": "success", "agreement": "oral", "people": ["all_parties", "mediator"],
    }  # fmt: skip


def test_reopened_it_waits_with_the_time_to_settle_begun_anew_and_ordered_no_more():
    later = NOW + timedelta(days=30)
    [applied] = after(a_case(Status.archived, binding=True, satisfaction=2, left_by=(OTHER,)), "reopen", now=later)
    case = applied.case
    assert (case.status, case.holder_id, case.queued_at, case.settle_from) == (Status.waiting, CENTRE, later, later)
    assert (case.settled_at, case.closed_at, case.binding, case.satisfaction) == (None, None, False, None)
    assert case.settle_due_at > later and case.left_by == (OTHER,)


def test_of_a_merge_each_case_keeps_its_trace():
    into = a_case(Status.handling, case_no="m", version=7)
    [applied] = after(a_case(), "merge", inputs=MoveInputs(into=into))
    assert (applied.case.status, applied.case.merged_into, applied.case.closed_at) == (Status.merged, "m", NOW)
    taken = take_up(into, applied.case)
    assert taken.case == replace(into, version=8)
    assert (taken.act, taken.rule, taken.details) == ("absorb", Rule.merged, {"from": "n"})


def test_a_superfluous_input_leaves_no_trace():
    [applied] = after(a_case(), "dispatch", inputs=replace(GIVEN, choice="nearer", rank=2, recommended=OTHER))
    assert applied.details == {"choice": "nearer", "rank": 2, "recommended": OTHER}
    [settled] = after(a_case(Status.handling), "settle", HANDLER, replace(GIVEN, choice="nearer", rank=2))
    assert settled.details == {}


def test_remarks_are_what_leaves_a_decision_its_ground():
    assert {"remind", "comment", "supervise"} == REMARKS


def test_only_the_one_who_settled_takes_it_back_and_only_at_once():
    case = a_case(Status.settled)
    mine = replace(GIVEN, settlement=Settlement(NOW, HANDLER.user_id))
    assert code_of(case, "undo_settle", HANDLER, mine) == ""
    colleague = replace(HANDLER, user_id=2)
    assert code_of(case, "undo_settle", colleague, mine) == "forbidden"
    assert code_of(case, "undo_settle", DISPATCHER, mine) == "forbidden"
    assert code_of(case, "undo_settle", HANDLER, replace(GIVEN, settlement=None)) == "forbidden"
    imported = replace(GIVEN, settlement=Settlement(NOW, None))
    assert code_of(case, "undo_settle", HANDLER, imported) == "forbidden"
    late = replace(GIVEN, settlement=Settlement(NOW - UNDO_TIME - timedelta(seconds=1), HANDLER.user_id))
    assert code_of(case, "undo_settle", HANDLER, late) == "undo_ended"
    assert code_of(a_case(Status.visited), "undo_settle", HANDLER, mine) == "move_not_allowed"


def test_a_settlement_that_is_taken_back_leaves_the_extension_as_it_was_asked_for():
    asked = a_case(Status.handling, extension_until=UNTIL)
    [settled] = after(asked, "settle", HANDLER)
    assert settled.case.extension_until is None
    given = replace(GIVEN, settlement=Settlement(NOW, HANDLER.user_id, UNTIL))
    [undone] = after(settled.case, "undo_settle", HANDLER, given)
    assert (undone.case.status, undone.case.extension_until, undone.case.settled_at) == (Status.handling, UNTIL, None)


def test_a_persons_form_asks_for_the_result_and_a_program_may_have_none():
    assert MOVES["settle"].asks == {"reason"}
    assert code_of(a_case(Status.handling), "settle", HANDLER, replace(GIVEN, reason=None)) == ""
