"""Scores and tiers of many grids at once, as rules/tiers.py defines them for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.tier_rule import PER, SMALLEST, Exposure, TierRule
from rules.tiers import MILLIONTHS, PEOPLE_STEP, Tier

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
#: Tiers as numbers, lowest first; -1 is a grid that had none.
TIERS = (Tier.normal, Tier.watch, Tier.key)
NONE_BEFORE = -1


@dataclass(frozen=True)
class Fading:
    """What happened: `grid` and `factor` are positions, `age_days` in days, `settled` whether by now; one entry for each
    happening and factor that it counts for."""

    grid: Whole
    factor: Whole
    age_days: Floats
    settled: NDArray[np.bool_]


@dataclass(frozen=True)
class Scores:
    """`contributions`: (grids, factors), in whole hundredths that add up to `score`; `tier`: positions in TIERS."""

    contributions: Floats
    score: Floats
    tier: NDArray[np.int8]


def faded(happened: Fading, rule: TierRule, grids: int) -> Floats:
    """The amounts (grids, factors) that are left of what happened."""
    half_lives = np.array([one.half_life_days or np.inf for one in rule.factors])
    kept = np.where(happened.settled, np.array([one.settled_share for one in rule.factors])[happened.factor], 1.0)
    left = np.floor(0.5 ** (np.maximum(happened.age_days, 0) / half_lives[happened.factor]) * kept * MILLIONTHS + 0.5)
    at = happened.grid * len(rule.factors) + happened.factor
    sums = np.bincount(at, weights=left, minlength=grids * len(rule.factors))
    return sums.reshape(grids, len(rule.factors)) / MILLIONTHS


def scores(amounts: Floats, exposures: dict[Exposure, Floats], rule: TierRule, before: NDArray[np.int8]) -> Scores:
    """`amounts`: (grids, factors) in the order of the rule, `exposures`: one array each, `before`: positions in TIERS."""
    contributions = np.zeros(amounts.shape)
    for at, factor in enumerate(rule.factors):
        taken = np.floor(amounts[:, at] / PEOPLE_STEP) * PEOPLE_STEP if factor.counts_people else amounts[:, at]
        exposed = exposures.get(factor.exposure)
        least = SMALLEST[factor.exposure]
        rate = taken * PER[factor.exposure] / (np.maximum(exposed, least) if exposed is not None else least)
        contributions[:, at] = np.floor(factor.weight * rate / (rate + factor.half_rate) * 100 + 0.5) / 100
    score = np.floor(contributions.sum(axis=1) * 100 + 0.5) / 100
    return Scores(contributions, score, tiers_of(score, rule, before))


def tiers_of(score: Floats, rule: TierRule, before: NDArray[np.int8]) -> NDArray[np.int8]:
    """Positions in TIERS; a grid that was in a tier stays until its score has fallen clearly below."""
    key_from = rule.key_from - np.where(before == 2, rule.hysteresis, 0.0)
    watch_from = rule.watch_from - np.where(before >= 1, rule.hysteresis, 0.0)
    return np.where(score >= key_from, 2, np.where(score >= watch_from, 1, 0)).astype(np.int8)
