"""How many cases the next seven days bring to each township: what lasts, times weekday, times season.

mean = level of the township x weekday x season. Season and weekday are those of all townships together; a township's own
weekdays and level are drawn towards them by as much as its own numbers are chance (gamma-Poisson, as in analysis.rates), so that a
township with a case a month has a forecast too. Intervals are negative binomial, with the errors that such forecasts had.
The log-linear season: A. Cameron, P. Trivedi, "Regression Analysis of Count Data", 2013; levels that forget: M. West,
J. Harrison, "Bayesian Forecasting and Dynamic Models", 1997.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.distributions import Floats, count_quantile, count_shape
from analysis.rates import drawn_to_mean
from analysis.refusals import at_least

AHEAD = 7
#: Days after which a case says half as much about the level; the one that did best in earlier weeks is taken.
HALF_LIVES = (14.0, 35.0, 90.0)
USUAL_HALF_LIFE = 35.0
FEWEST_DAYS, FEWEST_CASES = 84, 50
TESTED_WEEKS, TUNING_WEEKS = 20, 10
#: Days before a forecast may be tested, and before a season can be told from a trend.
KNOWN_BEFORE, KNOWN_FOR_SEASON = 56, 400
YEAR, HARMONICS = 365.25, 2
#: A season is believed where its share of the deviance comes by chance one time in a hundred (chi-square, 4 degrees).
SEASON_FROM = 13.3


@dataclass(frozen=True)
class Forecast:
    """`mean`, `lo`, `hi` (townships, 7): cases of each day; `total_*` (7,): of all together. `skill`: 1 - squared error /
    squared error of last week's mean over `weeks` past weeks, each forecast with what was known then; `skills` (townships,):
    the same for each, NaN where last week's mean made no error."""

    mean: Floats
    lo: Floats
    hi: Floats
    total_mean: Floats
    total_lo: Floats
    total_hi: Floats
    skill: float
    skills: Floats
    weeks: int
    half_life: float

    @property
    def shown(self) -> bool:
        return self.skill > 0


@dataclass(frozen=True)
class _Tested:
    """(weeks, townships, 7): what was forecast, what came, and what last week's mean said."""

    mean: Floats
    came: Floats
    last_week: Floats


def forecast(counts: ArrayLike, *, first_weekday: int, level: float = 0.9) -> Forecast:
    """`counts` (townships, days) up to yesterday; `first_weekday`: 0 to 6 of the first of these days, in any numbering.

    Raises TooLittle for fewer than FEWEST_DAYS or FEWEST_CASES.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    at_least("days", table.shape[1], FEWEST_DAYS)
    at_least("cases", int(table.sum()), FEWEST_CASES)
    weeks = min(TESTED_WEEKS, (table.shape[1] - KNOWN_BEFORE) // AHEAD)
    half_life = _half_life(table[:, : table.shape[1] - weeks * AHEAD], first_weekday)
    tested = _tested(table, first_weekday, weeks, half_life)
    mean = _mean(table, first_weekday, half_life)
    lo, hi = _limits(mean, _excess(tested.mean, tested.came), level)
    total = mean.sum(axis=0, keepdims=True)
    of_total = _excess(tested.mean.sum(axis=1, keepdims=True), tested.came.sum(axis=1, keepdims=True))
    total_lo, total_hi = _limits(total, of_total, level)
    skill, skills = _skill(tested)
    return Forecast(mean, lo, hi, total[0], total_lo[0], total_hi[0], skill, skills, weeks, half_life)


def _limits(mean: Floats, excess: Floats, level: float) -> tuple[Floats, Floats]:
    shape = count_shape(mean, mean + excess[:, None] * mean**2)
    return count_quantile((1 - level) / 2, mean, shape), count_quantile((1 + level) / 2, mean, shape)


def _mean(table: Floats, first_weekday: int, half_life: float) -> Floats:
    """(townships, 7) for the days after the last of `table`."""
    days = np.arange(table.shape[1] + AHEAD)
    weekday = (first_weekday + days) % 7
    season = _season(table.sum(axis=0), weekday)
    of_week = _weekdays(table, weekday[:-AHEAD], season[:-AHEAD])
    expected = of_week[:, weekday] * season
    return _levels(table, expected[:, :-AHEAD], half_life)[:, None] * expected[:, -AHEAD:]


def _season(total: Floats, weekday: np.ndarray) -> Floats:
    """(days + 7,): a factor of each day about 1; 1 throughout where no season can be told."""
    if len(total) < KNOWN_FOR_SEASON or total.sum() < FEWEST_CASES:
        return np.ones(len(weekday))
    days = np.arange(len(weekday))
    waves = [wave(2 * np.pi * n * days / YEAR) for n in range(1, HARMONICS + 1) for wave in (np.cos, np.sin)]
    plain = np.column_stack([weekday[:, None] == np.arange(7), days / YEAR]).astype(float)
    full = np.column_stack([plain, *waves])
    without, _ = _log_linear(plain[: len(total)], total)
    deviance, fitted = _log_linear(full[: len(total)], total)
    scale = max(1.0, deviance / (len(total) - full.shape[1]))
    if (without - deviance) / scale < SEASON_FROM:
        return np.ones(len(weekday))
    factor = np.exp(full[:, plain.shape[1] :] @ fitted[plain.shape[1] :])
    return factor / factor[: len(total)].mean()


def _log_linear(design: Floats, counts: Floats) -> tuple[float, Floats]:
    """Deviance and coefficients of a Poisson regression, by iteratively reweighted least squares."""
    mean = (counts + counts.mean()) / 2 + 1e-9
    beta = np.zeros(design.shape[1])
    for _ in range(8):
        target = np.log(mean) + (counts - mean) / mean
        weighted = design * mean[:, None]
        beta = np.linalg.solve(weighted.T @ design + 1e-6 * np.eye(len(beta)), weighted.T @ target)
        mean = np.exp(np.clip(design @ beta, -20, 20))
    part = np.where(counts > 0, counts * np.log(np.where(counts > 0, counts, 1) / mean), 0.0)
    return float(2 * (part - counts + mean).sum()), beta


def _weekdays(table: Floats, weekday: np.ndarray, season: Floats) -> Floats:
    """(townships, 7): factors of each township, drawn to those of all, which are drawn to 1."""
    present = (weekday[:, None] == np.arange(7)).astype(float)
    cases, days = table @ present, season @ present
    level = cases.sum(axis=1) / days.sum()
    of_all = drawn_to_mean(cases.sum(axis=0), level.sum() * days)
    # what a township would have on each weekday if its week were that of all
    expected = level[:, None] * of_all * days
    return of_all * drawn_to_mean(cases, expected)


def _levels(table: Floats, expected: Floats, half_life: float) -> Floats:
    """(townships,): cases a day now, per unit of `expected`: recent ones about the township's own past, times what all do."""
    weights = 0.5 ** (np.arange(table.shape[1])[::-1] / half_life)
    ever = (table.sum(axis=1) + 0.5) / (expected.sum(axis=1) + 0.5)
    # as many as the weights make of a Poisson count: their sum, times its share of information
    worth = weights.sum() / (weights**2).sum()
    recent, usual = (table @ weights) * worth, ever * (expected @ weights) * worth
    return ever * drawn_to_mean(recent, usual)


def _half_life(table: Floats, first_weekday: int) -> float:
    """The best of HALF_LIVES in the weeks before those that are tested, so that the test knows nothing of the choice."""
    weeks = min(TUNING_WEEKS, (table.shape[1] - KNOWN_BEFORE) // AHEAD)
    if weeks < TUNING_WEEKS:
        return USUAL_HALF_LIFE
    errors = [_squared(_tested(table, first_weekday, weeks, one)) for one in HALF_LIVES]
    return HALF_LIVES[int(np.argmin(errors))]


def _squared(tested: _Tested) -> float:
    return float(((tested.mean - tested.came) ** 2).sum())


def _tested(table: Floats, first_weekday: int, weeks: int, half_life: float) -> _Tested:
    starts = [table.shape[1] - AHEAD * back for back in range(weeks, 0, -1)]
    return _Tested(
        np.stack([_mean(table[:, :start], first_weekday, half_life) for start in starts]),
        _each(starts, table, 0),
        _each(starts, table, -AHEAD).mean(axis=2, keepdims=True).repeat(AHEAD, axis=2),
    )


def _each(starts: Sequence[int], table: Floats, shift: int) -> Floats:
    return np.stack([table[:, start + shift : start + shift + AHEAD] for start in starts])


def _skill(tested: _Tested) -> tuple[float, Floats]:
    made = ((tested.mean - tested.came) ** 2).sum(axis=(0, 2))
    plain = ((tested.last_week - tested.came) ** 2).sum(axis=(0, 2))
    known = plain > 0
    skills = np.where(known, 1 - made / np.where(known, plain, 1), np.nan)
    return (float(1 - made.sum() / plain.sum()) if plain.sum() else 0.0), skills


def _excess(mean: Floats, came: Floats) -> Floats:
    """(townships,): variance = mean + excess x mean^2 by moments, each drawn towards that of all."""
    beyond = ((came - mean) ** 2 - mean).sum(axis=(0, 2))
    square = (mean**2).sum(axis=(0, 2))
    of_all = beyond.sum() / max(float(square.sum()), 1e-12)
    weight = float(np.median(square))
    return np.maximum((beyond + weight * of_all) / np.maximum(square + weight, 1e-12), 0.0)
