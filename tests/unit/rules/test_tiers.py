"""The tier rule: contributions add up, more never lowers a score, a tier is not left at its border."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.tiers import Factor, FactorRule, GridInputs, Tier, TierRule, evaluate, from_amounts, upper_tier

RULE = TierRule()
amounts = st.fixed_dictionaries({factor: st.floats(0, 500) for factor in Factor})


@given(amounts, st.integers(0, 5000))
def test_contributions_add_up_to_the_score_and_can_be_computed_again(given_amounts, households):
    result = from_amounts(given_amounts, households, RULE)
    assert result.score == round(math.fsum(result.contributions.values()), 2)
    assert Decimal(str(result.score)) == sum(Decimal(str(part)) for part in result.contributions.values())
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


def test_as_printed_the_parts_add_up_to_the_hundredth():
    parts = from_amounts(dict.fromkeys(Factor, 7.3), 333, RULE)
    assert f"{parts.score:.2f}" == f"{sum(Decimal(f'{part:.2f}') for part in parts.contributions.values())}"


@given(st.floats(0, 100), st.sampled_from([None, *Tier]))
def test_having_been_higher_never_lowers_a_tier(score, previous):
    order = [Tier.normal, Tier.watch, Tier.key]
    rule = TierRule(
        factors={Factor.disputes: FactorRule(100, 1)},
        key_from=60,
        watch_from=40,
        hysteresis=5,
        smallest_households=1000,
    )
    amount = score / (100.001 - score)
    now, before = (from_amounts({Factor.disputes: amount}, 1000, rule, tier).tier for tier in (None, previous))
    assert order.index(before) >= order.index(now)


def test_an_area_without_households_is_counted_as_the_smallest():
    few = {Factor.disputes: 3.0}
    assert from_amounts(few, 0, RULE).score == from_amounts(few, RULE.smallest_households, RULE).score > 0


def test_a_quiet_grid_is_normal_and_scores_nothing():
    quiet = evaluate(GridInputs(300), RULE)
    assert (quiet.tier, quiet.score, set(quiet.contributions.values())) == (Tier.normal, 0.0, {0.0})


@pytest.mark.parametrize("changes", [{"key_from": 10.0}, {"hysteresis": -1.0}, {"smallest_households": 0}])
def test_a_rule_that_cannot_be_meant_is_refused(changes):
    with pytest.raises(ValueError, match="key from"):
        replace(RULE, **changes)


@pytest.mark.parametrize("numbers", [(-1, 5, None), (5, 0, None), (5, 5, 0)])
def test_a_factor_that_cannot_be_meant_is_refused(numbers):
    with pytest.raises(ValueError, match="factor"):
        FactorRule(*numbers)
