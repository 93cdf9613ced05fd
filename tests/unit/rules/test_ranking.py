"""The ranking: only suitable bodies, the same order every time, each with its reasons."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks import unsuitable
from rules.facts import OrganisationFacts
from rules.ranking import BELOW, WEIGHTS, failures, rank
from rules.track_record import STRONGEST, WEAKEST, Record, Share, Tally, records, strength
from tests.unit.rules.people import SUITABLE, a_case

organisations = st.builds(
    OrganisationFacts, id=st.integers(1, 10_000), path=st.sampled_from(["P/", "P/C1/", "P/C2/", "P/C1/V1/"]),
    kind=st.sampled_from(["department", "mediation", "centre"]), active=st.booleans(),
    duties=st.sampled_from([frozenset({"noise"}), frozenset()]), capacity=st.integers(0, 40), open_load=st.integers(0, 80),
    distance_m=st.none() | st.floats(0, 200_000),
)  # fmt: skip


@given(st.lists(organisations, unique_by=lambda organisation: organisation.id), st.randoms())
def test_the_order_depends_on_the_bodies_alone(some, random):
    case = a_case()
    first = rank(case, some)
    random.shuffle(some)
    assert rank(case, some) == first
    assert {one.organisation_id for one in first} == {
        organisation.id for organisation in some if unsuitable(case, organisation) is None
    }
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


@given(st.lists(organisations, unique_by=lambda organisation: organisation.id), organisations, st.integers(1, 40))
def test_taking_more_work_never_moves_a_body_up(some, organisation, more):
    """Not even past one of the same score: the order is total, by score and then by id."""
    others = [one for one in some if one.id != organisation.id]
    before, after = (
        {one.organisation_id: one.rank for one in rank(a_case(), [*others, replace(organisation, open_load=load)])}
        for load in (organisation.open_load, organisation.open_load + more)
    )
    assert before.keys() == after.keys()
    assert organisation.id not in before or after[organisation.id] >= before[organisation.id]


@given(st.lists(organisations, unique_by=lambda organisation: organisation.id))
def test_every_score_is_a_share_of_a_hundred_and_every_body_has_its_reasons(some):
    for one in rank(a_case(), some):
        assert 0 <= one.score <= 100
        codes = [reason.code for reason in one.reasons_for + one.reasons_against]
        assert codes[:2] == ["duty", "area"] and len(codes) == len(set(codes))
        assert len({"room", "busy", "full"} & set(codes)) == 1
        assert len({"near", "far", "distance_unknown"} & set(codes)) == 1


def test_nobody_suitable_is_an_empty_list():
    assert rank(a_case(), []) == rank(a_case(), [replace(SUITABLE, active=False)]) == []


shares = st.tuples(st.integers(0, 300), st.integers(0, 300)).map(
    lambda pair: Share(min(pair), max(pair), mean=0.9, strength=20.0)
)
known = st.builds(
    replace, organisations, record=st.none() | st.builds(Record, outcome=shares, on_time=shares, mediated=st.booleans()),
    skills=st.frozensets(st.sampled_from(["law", "lang_dai"])),
)  # fmt: skip


@given(
    st.lists(known, unique_by=lambda organisation: organisation.id),
    st.sampled_from([(), ("law",), ("law", "lang_dai")]),
)
def test_the_parts_add_up_to_the_score_and_each_after_the_first_says_why_it_is_below(some, needs):
    ranked = rank(a_case(needs=needs), some)
    for one in ranked:
        assert round(sum(one.parts.values()), 2) == one.score <= 100
        assert ("skill" in one.parts) == bool(needs)
    assert [one.below is None for one in ranked] == [place == 0 for place in range(len(ranked))]
    for above, one in pairwise(ranked):
        losses = [above.parts[name] - points for name, points in one.parts.items()]
        assert one.below.code in BELOW
        assert one.below.code == "equal" or one.below.values["points"] == round(max(losses), 2)


def test_the_weights_are_a_hundred():
    assert sum(value for name, value in vars(WEIGHTS).items() if name != "skill") == 100


def test_three_lucky_cases_do_not_win_over_three_hundred_good_ones():
    past = {
        1: Tally(mediated=3, at_first=3),
        2: Tally(mediated=300, at_first=291),
        3: Tally(mediated=300, at_first=240),
    }
    found = records(past, [1, 2, 3], mediated=True)
    lucky, proven, weak = (found[organisation].outcome.shrunk for organisation in (1, 2, 3))
    assert weak < lucky < proven < 0.97
    order = rank(
        a_case(), [replace(SUITABLE, id=organisation, record=record) for organisation, record in found.items()]
    )
    assert [one.organisation_id for one in order] == [2, 1, 3]
    assert order[2].below.code == "first_mediation"


@given(st.dictionaries(st.integers(1, 9), st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1))
def test_a_shrunk_share_lies_between_what_was_counted_and_the_mean(counts):
    past = {organisation: Tally(settled=max(pair), reopened=min(pair)) for organisation, pair in counts.items()}
    for record in records(past, [*past, 99], mediated=False).values():
        share = record.outcome
        own = share.good / share.n if share.n else share.mean
        assert min(own, share.mean) - 1e-9 <= share.shrunk <= max(own, share.mean) + 1e-9
        assert WEAKEST <= share.strength <= STRONGEST


def test_bodies_that_differ_by_chance_alone_are_shrunk_more_than_those_that_truly_differ():
    alike = strength([(90, 100), (91, 100), (89, 100), (90, 100)], 0.9)
    apart = strength([(99, 100), (81, 100), (97, 100), (83, 100)], 0.9)
    assert (alike, apart < 40) == (STRONGEST, True)


def test_whoever_speaks_the_language_comes_first_where_the_case_asks_for_it():
    near = replace(SUITABLE, id=1)
    able = replace(SUITABLE, id=2, distance_m=9_000.0, skills=frozenset({"lang_dai"}))
    assert rank(a_case(), [near, able])[0].organisation_id == 1
    first, second = rank(a_case(needs=("lang_dai",)), [near, able])
    assert first.organisation_id == 2 and "skilled" in {reason.code for reason in first.reasons_for}
    assert second.below.code == "skill" and second.below.values["skills"] == ["lang_dai"]


def test_every_failed_condition_is_told_the_nearest_to_suitable_first():
    gone = replace(SUITABLE, id=1, active=False, duties=frozenset(), path="P/C2/")
    left = replace(SUITABLE, id=2)
    case = a_case(left_by=(2,))
    assert rank(case, [gone, left]) == []
    assert [(organisation.id, failed) for organisation, failed in failures(case, [gone, left, replace(SUITABLE, id=3)])] == [
        (2, ("left",)), (1, ("inactive", "duty", "area")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("good", "n", "code"),
    [(972, 1000, "usual"), (20, 20, "usual"), (1000, 1000, "on_time"), (900, 1000, "on_time_low"), (30, 60, "on_time_low")],
)
def test_only_a_difference_beyond_chance_becomes_a_reason(good: int, n: int, code: str) -> None:
    record = Record(Share(90, 100, 0.9, 20.0), Share(good, n, 0.977, 20.0), mediated=True)
    (first,) = rank(a_case(), [replace(SUITABLE, record=record)])
    codes = {reason.code for reason in (*first.reasons_for, *first.reasons_against)}
    assert codes & {"usual", "on_time", "on_time_low", "first_mediation", "first_mediation_low"} == {code}
