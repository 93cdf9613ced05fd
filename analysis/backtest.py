"""How good a prediction of tiers would have been: the share of the next quarter's disputes that fell into the grids it marks.

Every prediction marks as many grids as the rule that is tried, so none wins by marking more. Where grids stand equal at the
edge each is marked in part, as drawing lots among them would do on average. Intervals: bootstrap over grids with Poisson
weights (J. Hanley, B. MacGibbon, "Creating non-parametric bootstrap samples using Poisson frequencies", 2006); of
chance, over which grids it marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.distributions import Floats
from analysis.refusals import at_least

RULE, IN_FORCE, SAME_AS_LAST, LAST_COUNT, CHANCE = "rule", "in_force", "same_as_last", "last_count", "chance"
FEWEST_QUARTERS = 2
MOST_DRAWN = 5000


@dataclass(frozen=True)
class Share:
    """`share` of the disputes, between `lo` and `hi`, in `grids` marked ones. All 0 where there was no dispute."""

    share: float
    lo: float
    hi: float
    grids: int

    @property
    def per_grid(self) -> float:
        return self.share / self.grids if self.grids else 0.0


@dataclass(frozen=True)
class Gain:
    """By how much the share of the rule is above that of another prediction, on the same grids."""

    gain: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Quarter:
    """`quarter`: column of the arrays given, None for all together. `disputes`: how many the shares are of. `gains` (by name):
    of the rule over each other prediction."""

    quarter: int | None
    disputes: int
    shares: Mapping[str, Share]
    gains: Mapping[str, Gain]


@dataclass(frozen=True)
class Backtest:
    quarters: tuple[Quarter, ...]
    together: Quarter


def backtest(
    disputes: ArrayLike,
    *,
    rule: ArrayLike,
    in_force: ArrayLike,
    marked: ArrayLike,
    level: float = 0.9,
    draws: int = 999,
    seed: int = 20260101,
) -> Backtest:
    """`disputes` (grids, quarters): counts of each quarter. `rule`, `in_force` (grids, quarters): scores at its START, from
    what was known then. `marked` (quarters,): grids that the rule puts into key and watch at the start.

    The first quarter is only what the second looks back on; there is a result for each of the others.
    """
    counts, tried, current = (np.asarray(one, dtype=float) for one in (disputes, rule, in_force))
    many = np.asarray(marked, dtype=np.int64)
    if not counts.shape == tried.shape == current.shape or many.shape != counts.shape[1:]:
        raise ValueError("disputes, rule and in_force are of the same grids and quarters, marked of the same quarters")
    if (many < 0).any() or (many > len(counts)).any():
        raise ValueError("as many grids are marked as there are, or fewer")
    at_least("periods", counts.shape[1], FEWEST_QUARTERS)
    random = np.random.default_rng(seed)
    marks = [_marks(counts, tried, current, many, quarter) for quarter in range(1, counts.shape[1])]
    told = [
        _told(quarter, [one], counts[:, [quarter]], many[[quarter]], level, draws, random)
        for quarter, one in enumerate(marks, 1)
    ]
    return Backtest(tuple(told), _told(None, marks, counts[:, 1:], many[1:], level, draws, random))


def marked_part(scores: Floats, many: int) -> Floats:
    """(grids,): 1 for the `many` highest, a part for those that are equal at the edge, 0 for the rest."""
    if many <= 0 or not len(scores):
        return np.zeros(len(scores))
    edge = np.partition(scores, len(scores) - many)[len(scores) - many]
    above, equal = scores > edge, scores == edge
    return above + equal * (many - above.sum()) / equal.sum()


def _marks(counts: Floats, tried: Floats, current: Floats, many: np.ndarray, quarter: int) -> dict[str, Floats]:
    scores = {
        RULE: tried[:, quarter],
        IN_FORCE: current[:, quarter],
        SAME_AS_LAST: current[:, quarter - 1],
        LAST_COUNT: counts[:, quarter - 1],
    }
    return {name: marked_part(one, int(many[quarter])) for name, one in scores.items()}


def _told(
    quarter: int | None,
    marks: list[dict[str, Floats]],
    counts: Floats,
    many: np.ndarray,
    level: float,
    draws: int,
    random: np.random.Generator,
) -> Quarter:
    """`counts` (grids, quarters) beside the marks of these quarters."""
    total, grids = float(counts.sum()), int(many.sum())
    inside = {name: sum(one[name] * counts[:, at] for at, one in enumerate(marks)) for name in marks[0]}
    drawn = _drawn(np.stack([counts.sum(axis=1), *inside.values()], axis=1), draws, random)
    ends = [(1 - level) / 2, (1 + level) / 2]
    shares, gains = {}, {}
    for place, (name, hit) in enumerate(inside.items()):
        shares[name] = _share(float(np.sum(hit)), total, drawn[:, place], ends, grids)
    by_chance = sum(counts[:, at].sum() * many[at] / max(len(counts), 1) for at in range(len(many)))
    shares[CHANCE] = _share(float(by_chance), total, _chance(counts, many, draws, random), ends, grids)
    for place, name in enumerate(inside):
        if name != RULE:
            lo, hi = np.quantile(drawn[:, 0] - drawn[:, place], ends)
            gains[name] = Gain(shares[RULE].share - shares[name].share, float(lo), float(hi))
    return Quarter(quarter, int(total), shares, gains)


def _share(hit: float, total: float, drawn: Floats, ends: list[float], grids: int) -> Share:
    lo, hi = np.quantile(drawn, ends)
    return Share(hit / total if total else 0.0, float(lo), float(hi), grids)


def _drawn(sums: Floats, draws: int, random: np.random.Generator) -> Floats:
    """(draws, predictions): shares of grids drawn again; `sums` (grids, 1 + predictions): disputes, and those marked."""
    some = sums[sums[:, 0] > 0]
    if len(some) > MOST_DRAWN:
        # sums of so many are normal: mean and variance of a Poisson weight are 1
        sampled = random.multivariate_normal(some.sum(axis=0), some.T @ some, draws, method="eigh")
    else:
        sampled = random.poisson(1.0, (draws, len(some))) @ some
    return sampled[:, 1:] / np.maximum(sampled[:, :1], 1e-12)


def _chance(counts: Floats, many: np.ndarray, draws: int, random: np.random.Generator) -> Floats:
    """(draws,): shares in grids that are marked by lot."""
    found = np.zeros(draws)
    for at, number in enumerate(many):
        # how many of the marked grids had no dispute, one, two and so on
        values, grids = np.unique(counts[:, at], return_counts=True)
        found += random.multivariate_hypergeometric(grids, int(number), draws, method="marginals") @ values
    return found / max(float(counts.sum()), 1e-12)
