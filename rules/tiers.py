"""The risk tier of a grid: factors that fade in time and saturate, added up; thresholds with hysteresis.

Score = sum over the factors of weight * rate / (rate + half_rate). A rate is the factor's amount by its exposure; an amount
is the number of happenings, each halved once each half-life, in millionths. What is shown adds up to the last digit: each
contribution is whole hundredths. The same stands for arrays in analysis/tier_scores.py and, for the amounts, in
data/sql/sum_tier_amounts.sql; tests hold the three together.

Counts of people go into a score in steps of five, and a count under five as none: whatever is shown of a tier (score,
contributions, the tier itself, its changes) is computed from what may be shown, so nothing hidden can be solved for.

Source of the form: the prefecture's article (网格分级分类). Its numbers are the deployment's rule (rules/tier_rule.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.tier_rule import PER, SMALLEST, FactorRule, TierRule

#: Parts of one happening that are told apart.
MILLIONTHS = 1_000_000
#: The step in which a count of people is taken and shown. See docs/privacy.md.
PEOPLE_STEP = 5


class Tier(StrEnum):
    key = "key"
    watch = "watch"
    normal = "normal"


def in_steps(count: float) -> int:
    """A count of people as it may be used and shown: 0 under five, then 5, 10, 15 ..., never more than there are."""
    return int(count // PEOPLE_STEP) * PEOPLE_STEP


def share_left(age_days: float, half_life_days: float | None, kept: float = 1.0) -> int:
    """What is left of one happening, in millionths: half of it after each half-life, all of it where nothing fades.
    `kept`: the share that a settled case keeps, 1 for an open one."""
    fading = 0.5 ** (max(age_days, 0.0) / half_life_days) if half_life_days is not None else 1.0
    return math.floor(fading * kept * MILLIONTHS + 0.5)


def amount_of(happened: Sequence[tuple[float, bool]], factor: FactorRule) -> float:
    """The amount of a factor from the age in days of each happening, and whether it is settled."""
    lefts = (
        share_left(age, factor.half_life_days, factor.settled_share if settled else 1.0) for age, settled in happened
    )
    return sum(lefts) / MILLIONTHS


def rate_of(factor: FactorRule, amount: float, exposure: float) -> float:
    """Per 1,000 households or residents, per km², or the amount itself; people in steps of five."""
    taken = in_steps(amount) if factor.counts_people else amount
    return taken * PER[factor.exposure] / max(exposure, SMALLEST[factor.exposure])


def contribution_of(factor: FactorRule, amount: float, exposure: float) -> float:
    """What a factor adds to the score, in whole hundredths."""
    rate = rate_of(factor, amount, exposure)
    return math.floor(factor.weight * rate / (rate + factor.half_rate) * 100 + 0.5) / 100 if rate > 0 else 0.0


@dataclass(frozen=True)
class TierResult:
    """`contributions` add up to `score`."""

    tier: Tier
    score: float
    contributions: dict[str, float]


def evaluate(
    amounts: Mapping[str, float], exposures: Mapping[str, float], rule: TierRule, previous: Tier | None = None
) -> TierResult:
    """The tier of a grid from the amount of each factor and from its `exposures` (households, residents, area in km²)."""
    contributions = {
        one.factor: contribution_of(one, amounts.get(one.factor, 0.0), exposures.get(one.exposure, 1.0))
        for one in rule.factors
    }
    score = math.floor(math.fsum(contributions.values()) * 100 + 0.5) / 100
    return TierResult(tier_of(score, rule, previous), score, contributions)


def tier_of(score: float, rule: TierRule, previous: Tier | None = None) -> Tier:
    """A grid that is in a tier stays until its score has fallen clearly below: no flicker at the border."""
    key_from = rule.key_from - (rule.hysteresis if previous == Tier.key else 0)
    watch_from = rule.watch_from - (rule.hysteresis if previous in (Tier.key, Tier.watch) else 0)
    if score >= key_from:
        return Tier.key
    return Tier.watch if score >= watch_from else Tier.normal


def upper_tier(key_n: int, watch_n: int, normal_n: int, rule: TierRule) -> Tier | None:
    """The tier of an area above the grids, by the shares of its grids; None when it has none. An assumption."""
    total = key_n + watch_n + normal_n
    if total == 0:
        return None
    key_share, raised_share = key_n / total, (key_n + watch_n) / total
    if key_share >= rule.upper_key_share:
        return Tier.key
    if key_share >= rule.upper_watch_share or raised_share >= rule.upper_raised_share:
        return Tier.watch
    return Tier.normal
