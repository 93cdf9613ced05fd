"""The tier of a grid: contributions add up, more never lowers a score, a tier is not left at its border."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tier_scores import TIERS, Fading, faded, scores
from data.commands.tier_rules import default_document
from rules.tier_rule import Exposure, FactorRule, FactorSource, Origin, TierRule, parse
from rules.tiers import MILLIONTHS, Tier, amount_of, evaluate, share_left, upper_tier

RULE = parse(default_document())
NAMES = [one.factor for one in RULE.factors]
amounts = st.fixed_dictionaries({name: st.floats(0, 500) for name in NAMES})


def at_home(households: float) -> dict[str, float]:
    return {Exposure.households: households}


@given(amounts, st.integers(0, 5000))
def test_contributions_add_up_to_the_score_and_can_be_computed_again(given_amounts, households):
    result = evaluate(given_amounts, at_home(households), RULE)
    assert Decimal(str(result.score)) == sum(Decimal(str(part)) for part in result.contributions.values())
    assert evaluate(given_amounts, at_home(households), RULE) == result
    assert 0 <= result.score <= sum(one.weight for one in RULE.factors)


@given(amounts, st.integers(50, 5000), st.sampled_from(NAMES), st.floats(0.1, 100))
def test_more_of_a_factor_never_lowers_the_score(given_amounts, households, factor, more):
    raised = dict(given_amounts, **{factor: given_amounts[factor] + more})
    assert evaluate(raised, at_home(households), RULE).score >= evaluate(given_amounts, at_home(households), RULE).score


def test_a_happening_counts_half_after_its_half_life_and_a_settled_one_its_share():
    disputes = RULE.factor("disputes")
    assert amount_of([(0.0, False)], disputes) == 1
    assert amount_of([(disputes.half_life_days, False)], disputes) == 0.5
    assert amount_of([(0.0, True), (disputes.half_life_days, True)], disputes) == disputes.settled_share * 1.5
    assert share_left(10_000, None) == MILLIONTHS == share_left(-5, 30)


def one_factor(**changes) -> TierRule:
    factor = FactorRule("disputes", (FactorSource(Origin.cases),), 100, 1, None, Exposure.none, {})
    return TierRule((replace(factor, **changes),), 60, 40, 5, 0.15, 0.05, 0.3)


def test_a_grid_stays_in_its_tier_until_clearly_below():
    rule = one_factor()
    just_below = {"disputes": 0.55 / 0.45}
    assert evaluate(just_below, {}, rule).score == 55
    assert evaluate(just_below, {}, rule, None).tier == Tier.watch
    assert evaluate(just_below, {}, rule, Tier.key).tier == Tier.key


@given(st.floats(0, 99), st.sampled_from([None, *Tier]))
def test_having_been_higher_never_lowers_a_tier(score, previous):
    amount = {"disputes": score / (100 - score)}
    now, before = (evaluate(amount, {}, one_factor(), tier).tier for tier in (None, previous))
    assert TIERS.index(before) >= TIERS.index(now)


def test_counts_of_people_are_taken_in_steps_of_five():
    people = dict.fromkeys(NAMES, 0.0)
    four, five, nine = (evaluate({**people, "assisted_persons": n}, at_home(500), RULE).score for n in (4, 5, 9))
    assert four == 0 < five == nine


@pytest.mark.parametrize(
    ("exposure", "exposed", "rate"),
    [("households", 200, 10), ("residents", 400, 5), ("area", 2, 1), ("none", 1, 2), ("households", 0, 40)],
)
def test_a_rate_is_by_the_exposure(exposure, exposed, rate):
    rule = one_factor(exposure=Exposure(exposure), half_rate=rate)
    assert evaluate({"disputes": 2}, {exposure: exposed}, rule).score == 50


def test_the_tier_of_an_upper_area_follows_the_shares_of_its_grids():
    assert upper_tier(0, 0, 0, RULE) is None
    assert upper_tier(15, 0, 85, RULE) == Tier.key
    assert upper_tier(5, 0, 95, RULE) == Tier.watch
    assert upper_tier(0, 30, 70, RULE) == Tier.watch
    assert upper_tier(0, 5, 95, RULE) == Tier.normal


def test_a_quiet_grid_is_normal_and_scores_nothing():
    quiet = evaluate({}, at_home(300), RULE)
    assert (quiet.tier, quiet.score, set(quiet.contributions.values())) == (Tier.normal, 0.0, {0.0})


grids = st.lists(st.tuples(amounts, st.integers(0, 5000), st.sampled_from([None, *Tier])), min_size=1, max_size=20)


@given(grids)
def test_many_at_once_are_scored_like_one_by_one(given_grids):
    stacked = np.array([[one[name] for name in NAMES] for one, *_ in given_grids])
    before = np.array([-1 if tier is None else TIERS.index(tier) for *_, tier in given_grids], dtype=np.int8)
    found = scores(stacked, {Exposure.households: np.array([float(n) for _, n, _ in given_grids])}, RULE, before)
    for at, (given_amounts, households, tier) in enumerate(given_grids):
        one = evaluate(given_amounts, at_home(households), RULE, tier)
        assert found.score[at] == one.score and TIERS[found.tier[at]] == one.tier
        assert found.contributions[at].tolist() == list(one.contributions.values())


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(range(len(NAMES))), st.floats(0, 900), st.booleans()), max_size=40
    )
)
def test_many_happenings_fade_like_one_by_one(rows):
    fading = Fading(
        *(np.array([row[at] for row in rows], dtype=kind) for at, kind in enumerate((int, int, float, bool)))
    )
    found = faded(fading, RULE, 4)
    for grid in range(4):
        for position, factor in enumerate(RULE.factors):
            mine = [(age, settled) for g, f, age, settled in rows if (g, f) == (grid, position)]
            assert found[grid, position] == pytest.approx(amount_of(mine, factor), abs=2e-6)
