"""The risk tier of a grid: six factors, decayed in time and saturating, added up; thresholds with hysteresis.

Counts of people go into a score in steps of five, and a count under five as none: whatever is shown of a tier (score,
contributions, the tier itself, its changes) is computed from what may be shown, so nothing hidden can be solved for.

Source of the factors: the prefecture's article (网格分级分类). Weights, half-lives and thresholds are assumptions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Tier(StrEnum):
    key = "key"
    watch = "watch"
    normal = "normal"


class Factor(StrEnum):
    """治安状况, 三类案件, 矛盾纠纷, 重点场所, 重点人员 (a count, never who), 涉三类案件警情."""

    public_order = "public_order"
    three_classes = "three_classes"
    disputes = "disputes"
    key_places = "key_places"
    assisted_persons = "assisted_persons"
    police_calls = "police_calls"


#: Factors that count people, and the step in which such a count is taken and shown. See docs/privacy.md.
PEOPLE = frozenset({Factor.assisted_persons})
PEOPLE_STEP = 5


def in_steps(count: float) -> int:
    """A count of people as it may be used and shown: 0 under five, then 5, 10, 15 ..., never more than there are."""
    return int(count // PEOPLE_STEP) * PEOPLE_STEP


@dataclass(frozen=True)
class FactorRule:
    """`weight`: the most it can add to the score; `half_rate`: the rate per 1,000 households that gives half of it.

    Raises ValueError for a negative weight, and for a rate or half-life that is not positive.
    """

    weight: float
    half_rate: float
    half_life_days: float | None = None

    def __post_init__(self) -> None:
        if self.weight < 0 or self.half_rate <= 0 or (self.half_life_days is not None and self.half_life_days <= 0):
            raise ValueError(f"a factor needs a weight, a rate and a half-life above zero: {self}")


def _factors() -> dict[Factor, FactorRule]:
    return {
        Factor.public_order: FactorRule(20, 12, 60),
        Factor.three_classes: FactorRule(25, 4, 120),
        Factor.disputes: FactorRule(25, 25, 60),
        Factor.key_places: FactorRule(10, 12),
        Factor.assisted_persons: FactorRule(10, 10),
        Factor.police_calls: FactorRule(10, 6, 60),
    }


@dataclass(frozen=True)
class TierRule:
    """Every number of the rule. `hysteresis`: how far under its threshold a score must fall before a tier is left.

    Raises ValueError for thresholds in the wrong order: a key grid would be called a watched one.
    """

    version: str = "2026.2"
    factors: Mapping[Factor, FactorRule] = field(default_factory=_factors)
    key_from: float = 50.0
    watch_from: float = 32.0
    hysteresis: float = 3.0
    smallest_households: int = 50
    upper_key_share: float = 0.15
    upper_watch_share: float = 0.05
    upper_raised_share: float = 0.30

    def __post_init__(self) -> None:
        if self.key_from < self.watch_from or self.hysteresis < 0 or self.smallest_households < 1:
            raise ValueError(f"key from {self.key_from}, watch from {self.watch_from}, hysteresis {self.hysteresis}")


@dataclass(frozen=True)
class GridInputs:
    """What is known of a grid: for factors that fade, the age in days of each happening; otherwise a present count."""

    households: int
    ages_days: Mapping[Factor, Sequence[float]] = field(default_factory=dict)
    counts: Mapping[Factor, float] = field(default_factory=dict)

    def amount(self, factor: Factor, half_life_days: float | None) -> float:
        """How much of a factor there is today: the present count plus every happening, halved each half-life."""
        fading = (0.5 ** (age / half_life_days) if half_life_days else 1.0 for age in self.ages_days.get(factor, ()))
        return self.counts.get(factor, 0.0) + math.fsum(fading)


@dataclass(frozen=True)
class TierResult:
    """`contributions` add up to `score`; `amounts` are the inputs from which both can be computed again, those of people
    as they were entered: they are shown by `shown_inputs` alone."""

    tier: Tier
    score: float
    contributions: dict[Factor, float]
    amounts: dict[Factor, float]


def evaluate(inputs: GridInputs, rule: TierRule, previous: Tier | None = None) -> TierResult:
    """Score = sum of weight * rate / (rate + half_rate), rate per 1,000 households; rounded to 0.01 factor by factor."""
    amounts = {factor: round(inputs.amount(factor, one.half_life_days), 4) for factor, one in rule.factors.items()}
    return from_amounts(amounts, inputs.households, rule, previous)


def from_amounts(
    amounts: Mapping[Factor, float], households: int, rule: TierRule, previous: Tier | None = None
) -> TierResult:
    """The same from amounts that are decayed already, as they are stored beside each tier."""
    per_thousand = 1000 / max(households, rule.smallest_households)
    contributions = {
        factor: round(_saturating(_taken(factor, amounts.get(factor, 0.0)) * per_thousand, one), 2)
        for factor, one in rule.factors.items()
    }
    score = round(math.fsum(contributions.values()), 2)
    return TierResult(_tier(score, rule, previous), score, contributions, dict(amounts))


def _taken(factor: Factor, amount: float) -> float:
    return in_steps(amount) if factor in PEOPLE else amount


def shown_inputs(inputs: Mapping[str, float]) -> tuple[dict[str, float | None], list[str]]:
    """Stored inputs as they are shown, and the names of those that are hidden: None, because under five, none included."""
    people = {factor.value: in_steps(inputs.get(factor.value) or 0) for factor in PEOPLE}
    hidden = sorted(name for name, count in people.items() if count == 0)
    return {**inputs, **{name: count or None for name, count in people.items()}}, hidden


def _saturating(rate: float, rule: FactorRule) -> float:
    return rule.weight * rate / (rate + rule.half_rate) if rate > 0 else 0.0


def _tier(score: float, rule: TierRule, previous: Tier | None) -> Tier:
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
