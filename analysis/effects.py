"""Did a targeted remediation do something: cases of the treated units against what was to be expected of them.

Expected is what matched untreated units had, moved by what is left between their histories and those of the treated. How far
a history reaches into the future is estimated among the untreated units and not set to one, as plain difference in
differences does: the units that were worst come down by themselves, and plain differences would call that an effect.
(D. Campbell, D. Kenny, "A Primer on Regression Artifacts", 1999; E. Hauer, "Observational Before-After Studies in Road
Safety", 1997; matching with this correction: A. Abadie, G. Imbens, "Bias-corrected matching estimators for average treatment
effects", JBES 29, 2011; beside plain differences: P. Ding, F. Li, "A bracketing relationship", Political Analysis 27, 2019.)

Given the histories the estimate is a sum of counts after the start with known weights, so its chance is drawn: residuals of
the untreated, in standard deviations of a count with its mean, are dealt out among all units again and again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from analysis.distributions import deviates
from analysis.matching import (
    FEWEST_PERIODS,
    FEWEST_UNTREATED,
    Floats,
    Matches,
    Panel,
    Whole,
    history,
    match,
    nearest_of_many,
)
from analysis.refusals import at_least

FEWEST_CASES = 10
MOST_PLACEBO_DATES = 4
#: Of so many nearest untreated units one stands in for a treated one in a placebo run.
STAND_INS = 10
#: Standard deviations on either side of which a placebo date, one of up to four, is no chance any more (1 %).
NOT_CHANCE = 2.58
LEAST_MEAN, MOST_TIMES = 0.05, 10.0


class Verdict(StrEnum):
    fewer = "fewer"
    more = "more"
    not_told_from_chance = "not_told_from_chance"


class Doubt(StrEnum):
    """Why an interval beside 0 is still not told from chance."""

    falling_before = "falling_before"
    rising_before = "rising_before"
    placebo_alike = "placebo_alike"
    no_placebo = "no_placebo"


@dataclass(frozen=True)
class Difference:
    """Cases beyond those expected, with its interval. `at`: a row of the panel for a unit, a period for the others."""

    at: int
    estimate: float
    lo: float
    hi: float


@dataclass(frozen=True)
class UnitEffect(Difference):
    observed: float
    expected: float
    matched: tuple[int, ...]
    """rows of the panel, nearest first"""


@dataclass(frozen=True)
class Effect:
    """All in cases of the periods after the start, of all treated units together: `estimate` is `observed` - `expected`.

    `n`: treated units, `matched`: different untreated units beside them, `k` for each, `replacement`: whether one may stand
    beside several. `p`: share of placebo runs (untreated units as if treated) whose estimate is as far from 0. `before`: the
    same difference in each period before the start, against its mean. `placebo_dates`: had the measure begun earlier.
    """

    verdict: Verdict
    estimate: float
    lo: float
    hi: float
    observed: float
    expected: float
    n: int
    matched: int
    k: int
    replacement: bool
    p: float
    doubts: tuple[Doubt, ...]
    units: tuple[UnitEffect, ...]
    before: tuple[Difference, ...]
    placebo_dates: tuple[Difference, ...]
    placebo_units: Floats
    """estimates of the placebo runs, in their standard deviations"""


@dataclass(frozen=True)
class _Spread:
    """variance = scale x (mean + excess x mean^2): what counts of units of one mean have."""

    scale: float
    excess: float

    @classmethod
    def of(cls, residual: Floats, mean: Floats) -> _Spread:
        """By moments, first the excess, then the scale."""
        square = residual**2
        excess = max(0.0, float((square - mean).sum() / (mean**2).sum()))
        return cls(max(1e-9, float((square / (mean + excess * mean**2)).mean())), excess)

    def variance(self, mean: Floats) -> Floats:
        return self.scale * (mean + self.excess * mean**2)


@dataclass(frozen=True)
class _Fit:
    """`weights` (treated, units): the difference of each treated unit as a sum over counts after the start. `mean` (units,):
    of such a count. `residuals`: of the untreated, in standard deviations."""

    panel: Panel
    matches: Matches
    weights: Floats
    mean: Floats
    spread_of: _Spread
    residuals: Floats

    @property
    def deviation(self) -> Floats:
        return np.sqrt(self.spread_of.variance(self.mean))

    @property
    def differences(self) -> Floats:
        return self.weights @ self.panel.after

    @property
    def spread(self) -> float:
        return float(np.sqrt(((self.weights.sum(axis=0) * self.deviation) ** 2).sum()))


def effect_of(
    panel: Panel,
    *,
    k: int = 4,
    replacement: bool = False,
    level: float = 0.9,
    draws: int = 1999,
    placebos: int = 199,
    seed: int = 19970101,
) -> Effect:
    """Raises TooLittle where the treated units had fewer than FEWEST_CASES before the start.

    With `placebos` 0 the verdict rests on the interval and on placebo dates alone, and `p` is 1. Where too few units are left
    for placebo runs that were asked for, nothing is told from chance (`no_placebo`).
    """
    at_least("cases", int(panel.counts[panel.treated, : panel.start].sum()), FEWEST_CASES)
    if k < 1 or not 0 < level < 1:
        raise ValueError("k is 1 or more, level lies between 0 and 1")
    near, rows = nearest_of_many(panel)
    random = np.random.default_rng(seed)
    fit = _fitted(near, k, replacement)
    estimate = float(fit.differences.sum())
    noise = _noise(fit, draws, random)
    lo, hi = _interval(estimate, noise.sum(axis=1), level)
    if not lo <= 0 <= hi:
        noise = _noise(_between(fit), draws, random)
        lo, hi = _interval(estimate, noise.sum(axis=1), level)
    dates = _placebo_dates(near, k, replacement, level)
    of_placebos = _placebo_runs(near, k, replacement, placebos, random)
    p = _as_far(estimate / fit.spread, of_placebos)
    doubts = () if lo <= 0 <= hi else _doubts(estimate, dates, level)
    if placebos and not lo <= 0 <= hi and p > 1 - level:
        doubts += (Doubt.placebo_alike if len(of_placebos) else Doubt.no_placebo,)
    observed = float(near.after[near.treated].sum())
    return Effect(
        _verdict(lo, hi, doubts), estimate, lo, hi, observed, observed - estimate, int(near.treated.sum()),
        len(np.unique(fit.matches.rows)), fit.matches.rows.shape[1], fit.matches.replacement, p, doubts,
        _units(fit, noise, level, rows), _before(fit, level), dates, of_placebos,
    )  # fmt: skip


def _design(panel: Panel) -> Floats:
    """(units, columns): what is known of a unit before the start, about the mean of all. Few units allow few columns."""
    past, size = history(panel), np.log(panel.exposure)
    size = size - size.mean()
    # the further the last periods stand out, the smaller the part of it that stays: the root bends as memory does
    columns = [past[:, 0], np.sqrt(past[:, 2])]
    if (~panel.treated).sum() >= 4 * FEWEST_UNTREATED:
        # a larger unit has less chance in its rate, and more of it reaches into the future
        columns += [past[:, 1], size, size * past[:, 0], *panel.covariates.T]
    for kind in np.unique(panel.setting)[1:]:
        inside = panel.setting == kind
        if (inside & ~panel.treated).sum() >= FEWEST_UNTREATED:
            columns.append(inside.astype(float))
    table = np.stack(columns, axis=1)
    return np.column_stack([np.ones(len(table)), (table - table.mean(axis=0)) / np.maximum(table.std(axis=0), 1e-12)])


def _fitted(panel: Panel, k: int, replacement: bool) -> _Fit:
    matches, design = match(panel, k, replacement=replacement), _design(panel)
    others, treated = np.flatnonzero(~panel.treated), np.flatnonzero(panel.treated)
    level = history(panel)[:, 0]
    # the variance of a rate grows with the rate, and falls with the size of the unit
    precision = (panel.exposure / (level + level[others].mean() + 1e-12))[others]
    known = design[others]
    weighted = known * (precision / precision.mean())[:, None]
    projection = np.linalg.pinv(weighted.T @ known, hermitian=True) @ weighted.T
    weights = np.zeros((len(treated), len(level)))
    weights[np.arange(len(treated))[:, None], matches.rows] = 1 / matches.rows.shape[1]
    gap = design[treated] - weights @ design
    weights[:, others] += gap @ projection
    weights *= -panel.exposure[treated][:, None] / panel.exposure[None, :]
    weights[np.arange(len(treated)), treated] = 1.0
    return _Fit(panel, matches, weights, *_chance(panel, design, projection, others))


def _chance(panel: Panel, design: Floats, projection: Floats, others: Whole) -> tuple[Floats, _Spread, Floats]:
    after = panel.after
    expected = design @ (projection @ (after / panel.exposure)[others]) * panel.exposure
    # a line may pass below 0, and a mean of 0 has no deviation
    mean = np.maximum(expected, LEAST_MEAN * max(float(after[others].mean()), 1e-9))
    leverage = np.clip((design[others] * projection.T).sum(axis=1), 0, 0.9)
    residual = (after - expected)[others] / np.sqrt(1 - leverage)
    spread = _Spread.of(residual, mean[others])
    standard = residual / np.sqrt(spread.variance(mean[others]))
    standard = standard - standard.mean()
    return mean, spread, standard / max(float(standard.std()), 1e-12)


def _between(fit: _Fit) -> _Fit:
    """The counts of treated units have the chance of a mean between what was expected and what came: the expected one would
    be right for what the measure took away from these very cases, the other for what it takes away on average."""
    treated = fit.panel.treated
    expected = fit.panel.after[treated].sum() - fit.differences.sum()
    kept = np.clip(fit.panel.after[treated].sum() / max(expected, 1e-9), 0, MOST_TIMES)
    return replace(fit, mean=np.where(treated, fit.mean * (2 + kept) / 3, fit.mean))


def _noise(fit: _Fit, draws: int, random: np.random.Generator) -> Floats:
    """(draws, treated): differences by chance alone."""
    scaled, made = (fit.weights * fit.deviation).T, list[Floats]()
    for size in _chunks(draws, max(1, 4_000_000 // len(scaled))):
        made.append(random.choice(fit.residuals, (size, len(scaled))) @ scaled)
    return np.concatenate(made)


def _chunks(total: int, most: int) -> list[int]:
    whole, rest = divmod(total, most)
    return [most] * whole + [rest] * (rest > 0)


def _interval(estimate: float, noise: Floats, level: float) -> tuple[float, float]:
    low, high = np.quantile(noise, [(1 - level) / 2, (1 + level) / 2])
    return estimate - float(high), estimate - float(low)


def _verdict(lo: float, hi: float, doubts: tuple[Doubt, ...]) -> Verdict:
    if doubts or lo <= 0 <= hi:
        return Verdict.not_told_from_chance
    return Verdict.fewer if hi < 0 else Verdict.more


def _doubts(estimate: float, dates: tuple[Difference, ...], level: float) -> tuple[Doubt, ...]:
    """A movement the same way before the start, beyond chance."""
    for date in dates:
        deviation = (date.hi - date.lo) / 2 / deviates(level)
        if date.estimate * estimate > 0 and abs(date.estimate) > NOT_CHANCE * deviation:
            return (Doubt.falling_before if estimate < 0 else Doubt.rising_before,)
    return ()


def _units(fit: _Fit, noise: Floats, level: float, rows: Whole) -> tuple[UnitEffect, ...]:
    after, told = fit.panel.after, []
    for place, at in enumerate(np.flatnonzero(fit.panel.treated)):
        difference = float(fit.differences[place])
        lo, hi = _interval(difference, noise[:, place], level)
        matched = tuple(int(row) for row in rows[fit.matches.rows[place]])
        observed = float(after[at])
        told.append(UnitEffect(int(rows[at]), difference, lo, hi, observed, observed - difference, matched))
    return tuple(told)


def _before(fit: _Fit, level: float) -> tuple[Difference, ...]:
    """The treated against their matched units in each period before the start, about the mean of these differences."""
    panel, half = fit.panel, deviates(level)
    before = panel.counts[:, : panel.start]
    weights = np.zeros(len(before))
    weights[panel.treated] = 1.0
    share = panel.exposure[panel.treated] / fit.matches.rows.shape[1]
    np.subtract.at(weights, fit.matches.rows, share[:, None] / panel.exposure[fit.matches.rows])
    season = before.sum(axis=0) / max(before.sum(), 1e-12)
    mean = before.sum(axis=1)[:, None] * season
    others = ~panel.treated
    residual = (before - mean) * np.sqrt(panel.start / (panel.start - 1))
    mean = np.maximum(mean, 1e-9)
    variance = _Spread.of(residual[others].ravel(), mean[others].ravel()).variance(mean)
    deviation = np.sqrt((weights[:, None] ** 2 * variance).sum(axis=0))
    differences = weights @ before
    differences = differences - differences.mean()
    return tuple(
        Difference(period, float(one), float(one - half * wide), float(one + half * wide))
        for period, (one, wide) in enumerate(zip(differences, deviation, strict=True))
    )


def _placebo_dates(panel: Panel, k: int, replacement: bool, level: float) -> tuple[Difference, ...]:
    """Had the measure begun earlier, with as many periods after it as there are, all of them before the real start."""
    long = min(panel.counts.shape[1] - panel.start, panel.start - FEWEST_PERIODS)
    starts = range(panel.start - long, FEWEST_PERIODS - 1, -max(long, 1))[:MOST_PLACEBO_DATES] if long else ()
    found, half = [], deviates(level)
    for start in starts:
        fit = _fitted(panel.as_if(start, start + long), k, replacement)
        estimate, wide = float(fit.differences.sum()), half * fit.spread
        found.append(Difference(start, estimate, estimate - wide, estimate + wide))
    return tuple(reversed(found))


def _placebo_runs(panel: Panel, k: int, replacement: bool, runs: int, random: np.random.Generator) -> Floats:
    """(runs,): estimates for untreated units that are like the treated, in their standard deviations."""
    others = np.flatnonzero(~panel.treated)
    wanted = int(panel.treated.sum())
    if not runs or len(others) - wanted < FEWEST_UNTREATED:
        return np.zeros(0)
    like = match(panel, min(STAND_INS, max(1, len(others) // 3)), replacement=True).rows
    found = np.zeros(runs)
    for run in range(runs):
        chosen = np.unique(like[np.arange(wanted), random.integers(0, like.shape[1], wanted)])
        fit = _fitted(panel.of_rows(others, np.isin(others, chosen)), k, replacement)
        found[run] = fit.differences.sum() / fit.spread
    return found


def _as_far(estimate: float, placebos: Floats) -> float:
    return float((1 + np.count_nonzero(np.abs(placebos) >= abs(estimate))) / (1 + len(placebos)))
