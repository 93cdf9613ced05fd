"""The ranking: only suitable bodies, the same order every time, each with its reasons."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules.checks import unsuitable
from rules.facts import BodyFacts
from rules.ranking import rank
from tests.unit.rules.people import SUITABLE, a_case

bodies = st.builds(
    BodyFacts, id=st.integers(1, 10_000), path=st.sampled_from(["P/", "P/C1/", "P/C2/", "P/C1/V1/"]),
    kind=st.sampled_from(["department", "mediation", "centre"]), active=st.booleans(),
    duties=st.sampled_from([frozenset({"noise"}), frozenset()]), capacity=st.integers(0, 40), open_load=st.integers(0, 80),
    distance_m=st.none() | st.floats(0, 200_000),
)  # fmt: skip


@given(st.lists(bodies, unique_by=lambda body: body.id), st.randoms())
def test_the_order_depends_on_the_bodies_alone(some, random):
    case = a_case()
    first = rank(case, some)
    random.shuffle(some)
    assert rank(case, some) == first
    assert {one.organisation_id for one in first} == {body.id for body in some if unsuitable(case, body) is None}
    assert [one.rank for one in first] == list(range(1, len(first) + 1))
    assert [one.score for one in first] == sorted((one.score for one in first), reverse=True)


def test_room_and_nearness_come_first_and_are_told():
    idle, full = replace(SUITABLE, id=1, open_load=0), replace(SUITABLE, id=2, open_load=10)
    best, second = rank(a_case(), [full, idle])
    assert best.organisation_id == 1
    assert {reason.code for reason in best.reasons_for} == {"duty", "area", "room", "near"}
    assert [reason.code for reason in second.reasons_against] == ["full"]


def test_the_nearer_level_comes_first_unless_it_is_busier():
    county, above = replace(SUITABLE, id=9, open_load=2), replace(SUITABLE, id=1, path="P/", open_load=1)
    first, second = rank(a_case(), [above, county])
    assert first.organisation_id == 9
    assert "higher_level" in {reason.code for reason in second.reasons_against}
    assert rank(a_case(), [above, replace(county, open_load=9)])[0].organisation_id == 1


@given(st.lists(bodies, unique_by=lambda body: body.id), bodies, st.integers(1, 40))
def test_taking_more_work_never_moves_a_body_up(some, body, more):
    """Not even past one of the same score: the order is total, by score and then by id."""
    others = [one for one in some if one.id != body.id]
    before, after = (
        {one.organisation_id: one.rank for one in rank(a_case(), [*others, replace(body, open_load=load)])}
        for load in (body.open_load, body.open_load + more)
    )
    assert before.keys() == after.keys()
    assert body.id not in before or after[body.id] >= before[body.id]


@given(st.lists(bodies, unique_by=lambda body: body.id))
def test_every_score_is_a_share_of_a_hundred_and_every_body_has_its_reasons(some):
    for one in rank(a_case(), some):
        assert 0 <= one.score <= 100
        codes = [reason.code for reason in one.reasons_for + one.reasons_against]
        assert codes[:2] == ["duty", "area"] and len(codes) == len(set(codes))
        assert len({"room", "busy", "full"} & set(codes)) == 1
        assert len({"near", "far", "distance_unknown"} & set(codes)) == 1


def test_nobody_suitable_is_an_empty_list():
    assert rank(a_case(), []) == rank(a_case(), [replace(SUITABLE, active=False)]) == []
