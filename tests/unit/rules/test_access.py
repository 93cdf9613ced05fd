"""Who may do what at all, and how far each eye reaches: every role, every act, beside the area as well as in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access import ALLOWED, NOTHING, Act, Role, Viewer, case_range, event_range, may, scope_range, within

# Written out once more on purpose: a right that is given by mistake differs from this table.
RIGHTS = {
    Role.display: "see_map see_markers",
    Role.leader: "see_map see_markers see_cases see_case_text see_events see_why see_recommendations"
    " see_rules try_rules override_tier scan remediate",
    Role.dispatcher: "see_map see_markers see_cases see_case_text see_events see_why see_recommendations report move assign"
    " remediate",
    Role.handler: "see_map see_markers see_cases see_case_text see_events see_why report move",
    Role.auditor: "see_map see_events see_why see_rules verify_trace",
    Role.admin: "see_map see_why see_rules try_rules edit_rules override_tier scan manage_users manage_displays manage_messages"
    " switch_automatic",
    Role.system: " ".join(Act),
}
codes = st.lists(st.text("0123456789ABCabc_.-", min_size=1, max_size=6), min_size=1, max_size=4)


def viewer(role: Role, scope: str) -> Viewer:
    return Viewer(1, "u", role, "P", scope, 1, scope, "P", "zh_CN")


def path(parts: list[str]) -> str:
    return "/".join(parts) + "/"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", Act)
def test_a_role_may_what_the_table_says(role: Role, act: Act):
    assert may(role, act) == (act.value in RIGHTS[role].split())


def test_every_role_is_in_the_table():
    assert set(ALLOWED) == set(Role) == set(RIGHTS)


@given(codes, codes)
def test_the_range_holds_the_area_and_all_below_it_and_nothing_else(own: list[str], other: list[str]):
    lo, hi = scope_range(viewer(Role.dispatcher, path(own)))
    inside = other[: len(own)] == own
    assert (lo <= path(other) < hi) == inside == within(viewer(Role.dispatcher, path(own)), path(other))
    assert lo <= path([*own, *other]) < hi


@pytest.mark.parametrize("beside", ["P/C2/", "P/C10/", "P/", "Q/C1/", "P/C1x/", "P/C"])
def test_a_sibling_with_a_longer_code_and_the_area_above_are_outside(beside: str):
    lo, hi = scope_range(viewer(Role.leader, "P/C1/"))
    assert not lo <= beside < hi
    assert not within(viewer(Role.leader, "P/C1/"), beside)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.system])
def test_a_person_without_an_area_reaches_nothing(role: Role):
    nobody = viewer(role, "")
    assert scope_range(nobody) == NOTHING
    assert case_range(nobody) == NOTHING == event_range(nobody)
    assert not within(nobody, "P/C1/")


def test_the_system_reaches_everything():
    lo, hi = scope_range(viewer(Role.system, ""))
    assert all(lo <= code < hi for code in ("0/", "P/C1/", "zz/"))
    assert within(viewer(Role.system, ""), "P/")


@pytest.mark.parametrize(
    ("role", "cases", "events"),
    [
        (Role.display, False, False),
        (Role.leader, True, True),
        (Role.dispatcher, True, True),
        (Role.handler, False, False),
        (Role.auditor, False, True),
        (Role.admin, False, False),
    ],
)
def test_whose_eye_reaches_cases_and_traces_by_place(role: Role, cases: bool, events: bool):
    someone = viewer(role, "P/C1/")
    assert case_range(someone) == (scope_range(someone) if cases else NOTHING)
    assert event_range(someone) == (scope_range(someone) if events else NOTHING)
