"""The tier rule: contributions add up, more never lowers a score, a tier is not left at its border."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from rules.tiers import Factor, GridInputs, Tier, TierRule, evaluate, from_amounts, upper_tier

RULE = TierRule()
amounts = st.fixed_dictionaries({factor: st.floats(0, 500) for factor in Factor})


@given(amounts, st.integers(0, 5000))
def test_contributions_add_up_to_the_score_and_can_be_computed_again(given_amounts, households):
    result = from_amounts(given_amounts, households, RULE)
    assert result.score == round(math.fsum(result.contributions.values()), 2)
    assert from_amounts(result.amounts, households, RULE) == result
    assert 0 <= result.score <= sum(one.weight for one in RULE.factors.values())


@given(amounts, st.integers(50, 5000), st.sampled_from(list(Factor)), st.floats(0.1, 100))
def test_more_of_a_factor_never_lowers_the_score(given_amounts, households, factor, more):
    raised = dict(given_amounts, **{factor: given_amounts[factor] + more})
    assert from_amounts(raised, households, RULE).score >= from_amounts(given_amounts, households, RULE).score


def test_a_happening_counts_half_after_its_half_life():
    half_life = RULE.factors[Factor.disputes].half_life_days
    fresh = evaluate(GridInputs(300, {Factor.disputes: [0.0]}), RULE)
    old = evaluate(GridInputs(300, {Factor.disputes: [half_life]}), RULE)
    assert old.amounts[Factor.disputes] == fresh.amounts[Factor.disputes] / 2


def test_a_grid_stays_in_its_tier_until_clearly_below():
    def at(score, previous):
        rule = TierRule(key_from=score + 1, watch_from=0.01, hysteresis=3)
        return from_amounts({Factor.disputes: 30.0}, 300, rule, previous).tier

    score = from_amounts({Factor.disputes: 30.0}, 300, RULE).score
    assert at(score, None) == Tier.watch
    assert at(score, Tier.key) == Tier.key


def test_the_tier_of_an_upper_area_follows_the_shares_of_its_grids():
    assert upper_tier(0, 0, 0, RULE) is None
    assert upper_tier(15, 0, 85, RULE) == Tier.key
    assert upper_tier(5, 0, 95, RULE) == Tier.watch
    assert upper_tier(0, 30, 70, RULE) == Tier.watch
    assert upper_tier(0, 5, 95, RULE) == Tier.normal
