"""Proportions and rates that can be trusted: intervals, funnel limits, shrunk values, and what is usual for a weekday."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.distributions import (
    Floats,
    beta_below,
    beta_quantile,
    count_below,
    count_quantile,
    count_shape,
    deviates,
    gamma_below,
    gamma_quantile,
)
from analysis.refusals import at_least
from rules import track_record

#: Units with less behind them are shown, not ranked.
MINIMUM_N = 20
WARNING, ALARM = 0.95, 0.998
#: The share of units at either end whose deviates are drawn in before their spread is measured.
WINSORISED = 0.1
#: Among fewer units one that stands out cannot be told from units that all differ.
FEWEST_DISPERSED = 10
#: The mean square of a normal deviate that is drawn in so.
OF_NORMAL = 0.6787
FEWEST_WEEKS = 4
#: What the mean of all rates is worth at least, in cases.
WEAKEST_RATE = 0.5


@dataclass(frozen=True)
class Interval:
    """Arrays of one shape; where nothing is known 0 to 1 for a proportion, 0 to infinity for a rate."""

    lo: Floats
    hi: Floats


def wilson(good: ArrayLike, n: ArrayLike, *, level: float = 0.9) -> Interval:
    """E. B. Wilson, JASA 22, 1927: proportions whose normal test does not reject good / n. Recommended for every n by
    L. Brown, T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001."""
    good, n = _of_each(good, n)
    z, some = deviates(level), np.maximum(n, 1)
    share = good / some
    middle = (share + z**2 / (2 * some)) / (1 + z**2 / some)
    half = z / (1 + z**2 / some) * np.sqrt(share * (1 - share) / some + z**2 / (4 * some**2))
    lo, hi = np.where(good == 0, 0.0, middle - half), np.where(good == n, 1.0, middle + half)
    return Interval(np.where(n > 0, np.clip(lo, 0, 1), 0.0), np.where(n > 0, np.clip(hi, 0, 1), 1.0))


def exact(good: ArrayLike, n: ArrayLike, *, level: float = 0.9) -> Interval:
    """C. J. Clopper, E. S. Pearson, Biometrika 26, 1934: holds the truth at least as often as it says, never less."""
    good, n = _of_each(good, n)
    tail = (1 - level) / 2
    lo = np.where(good > 0, beta_quantile(tail, np.maximum(good, 1), n - good + 1), 0.0)
    hi = np.where(good < n, beta_quantile(1 - tail, good + 1, np.maximum(n - good, 1)), 1.0)
    return Interval(lo, hi)


def exact_rate(cases: ArrayLike, exposure: ArrayLike, *, level: float = 0.9) -> Interval:
    """F. Garwood, Biometrika 28, 1936: the same for the mean of a Poisson count, per unit of exposure."""
    cases, exposure = np.asarray(cases, dtype=float), np.asarray(exposure, dtype=float)
    tail, some = (1 - level) / 2, np.where(exposure > 0, exposure, 1.0)
    lo = np.where(cases > 0, gamma_quantile(tail, np.maximum(cases, 1)), 0.0) / some
    hi = gamma_quantile(1 - tail, cases + 1) / some
    return Interval(np.where(exposure > 0, lo, 0.0), np.where(exposure > 0, hi, np.inf))


def rankable(n: ArrayLike, *, minimum: int = MINIMUM_N) -> NDArray[np.bool_]:
    return np.asarray(n) >= minimum


def minimum_n(share: float, half_width: float, *, level: float = 0.9) -> int:
    """The least n whose Wilson interval about `share` is no wider than twice `half_width`."""
    low, high = 0, 1
    while _width(share, high, level) > 2 * half_width:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        wide = _width(share, middle, level) > 2 * half_width
        low, high = (middle, high) if wide else (low, middle)
    return high


def _width(share: float, n: int, level: float) -> float:
    found = wilson(share * n, n, level=level)
    return float(found.hi - found.lo)


def _of_each(good: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    good, n = np.broadcast_arrays(np.asarray(good, dtype=float), np.asarray(n, dtype=float))
    if not ((good >= 0) & (good <= n)).all():
        raise ValueError("of n are 0 to n")
    return good, n


@dataclass(frozen=True)
class Funnel:
    """`value` (units,) beside `target`, the value of all together; `warning` (95 %) and `alarm` (99.8 %): between what a unit
    of its size lies by chance. `dispersion`: variance against that of pure chance; the limits are wider by its root where
    `overdispersed`. `outside` (units,): -2 below the alarm, -1 below the warning, 0 within, 1, 2 above. Units with nothing
    behind them are within."""

    value: Floats
    target: float
    warning: Interval
    alarm: Interval
    dispersion: float
    overdispersed: bool
    outside: NDArray[np.int8]


def funnel_of_shares(good: ArrayLike, n: ArrayLike) -> Funnel:
    """Limits: whole numbers of the binomial distribution, so that chance alone leaves them no more often than told.

    D. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24, 2005.
    """
    good, n = _of_each(good, n)
    target = float(good.sum() / n.sum()) if n.sum() else 0.0

    def below(k: Floats) -> Floats:
        part = 1 - beta_below(target, np.maximum(k, 0) + 1, np.maximum(n - k, 1))
        return np.where(k < 0, 0.0, np.where(k >= n, 1.0, part))

    spread = np.sqrt(target * (1 - target) / np.maximum(n, 1))
    return _funnel(good, n, target, below, spread, most=1.0)


def funnel_of_rates(cases: ArrayLike, exposure: ArrayLike) -> Funnel:
    """Limits: whole numbers of the Poisson distribution; source as for shares."""
    cases, exposure = (np.asarray(one, dtype=float) for one in (cases, exposure))
    target = float(cases.sum() / exposure.sum()) if exposure.sum() else 0.0
    mean = np.maximum(target * exposure, 1e-300)

    def below(k: Floats) -> Floats:
        return np.where(k < 0, 0.0, 1 - gamma_below(mean, np.maximum(k, 0) + 1))

    spread = np.sqrt(target / np.where(exposure > 0, exposure, 1.0))
    return _funnel(cases, exposure, target, below, spread, most=np.inf)


def _funnel(count: Floats, size: Floats, target: float, below: Callable, spread: Floats, *, most: float) -> Funnel:
    some = np.where(size > 0, size, 1.0)
    value = np.where(size > 0, count / some, target)
    dispersion, over = _dispersion((value - target)[size > 0], spread[size > 0])
    widened = np.sqrt(dispersion) if over else 1.0
    limits = []
    for level in (WARNING, ALARM):
        ends = (_least(below, share, target * size) / some for share in ((1 - level) / 2, (1 + level) / 2))
        lo, hi = (np.clip(target + (end - target) * widened, 0, most) for end in ends)
        limits.append(Interval(np.where(size > 0, lo, 0.0), np.where(size > 0, hi, most)))
    above = sum((value > one.hi).astype(np.int8) - (value < one.lo) for one in limits)
    return Funnel(value, target, limits[0], limits[1], dispersion, over, np.asarray(above, dtype=np.int8))


def _least(below: Callable, share: float, mean: Floats) -> Floats:
    """The least whole number up to which lies `share`."""
    low, high = np.full(mean.shape, -1.0), np.ceil(mean + 12 * np.sqrt(mean) + 20)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        short = below(middle) < share
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high


def _dispersion(apart: Floats, spread: Floats) -> tuple[float, bool]:
    """The mean square of winsorised deviates, against that of normal ones so drawn in; more than chance where above
    1 + 2 sqrt(2 / units) (Spiegelhalter, 2005)."""
    if len(apart) < FEWEST_DISPERSED or not (spread > 0).all():
        return 1.0, False
    z = apart / spread
    z = np.clip(z, *np.quantile(z, [WINSORISED, 1 - WINSORISED]))
    found = float((z**2).mean()) / OF_NORMAL
    return found, bool(found > 1 + 2 * np.sqrt(2 / len(z)))


@dataclass(frozen=True)
class Shrunk:
    """`value` (units,): mean of the posterior, between `lo` and `hi`; `mean`: of all units, which counts as much as
    `strength` (in n for shares, in exposure for rates)."""

    value: Floats
    lo: Floats
    hi: Floats
    mean: float
    strength: float

    @property
    def differs(self) -> NDArray[np.bool_]:
        return (self.lo > self.mean) | (self.hi < self.mean)


def shrunk_shares(good: ArrayLike, n: ArrayLike, *, level: float = 0.9) -> Shrunk:
    """Beta-binomial. The strength is that of the recommendation (rules.track_record.strength: Kleinman 1973, Casella 1985),
    so that a body stands alike wherever its share is shown. One prior for all: its own chance is not in the intervals."""
    good, n = _of_each(good, n)
    mean = float(good.sum() / n.sum()) if n.sum() else 0.5
    some = n > 0
    counts = [(int(a), int(b)) for a, b in zip(good[some], n[some], strict=True)]
    strength = track_record.strength(counts, mean)
    # a prior at 0 or 1 would leave no chance of anything else
    held = min(max(mean, 0.5 / (n.sum() + 1)), 1 - 0.5 / (n.sum() + 1))
    a, b = good + strength * held, n - good + strength * (1 - held)
    lo, hi = (beta_quantile(share, a, b) for share in ((1 - level) / 2, (1 + level) / 2))
    return Shrunk((good + strength * mean) / (n + strength), lo, hi, mean, strength)


def shrunk_rates(cases: ArrayLike, exposure: ArrayLike, *, level: float = 0.9) -> Shrunk:
    """Gamma-Poisson: (cases + a) / (exposure + b), prior mean a / b that of all units.

    b by moments: R. J. Marshall, "Mapping disease and mortality rates using empirical Bayes estimators", JRSS C 40, 1991:
    A = sum of e (r - m)^2 / sum of e - m / mean of e, b = m / A; the mean is worth 0.5 to 200 cases.
    """
    cases, exposure = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (cases, exposure)))
    mean, strength = _rate_prior(cases, exposure)
    a, b = np.maximum(cases + strength * mean, WEAKEST_RATE), exposure + strength
    lo, hi = (gamma_quantile(share, a) / b for share in ((1 - level) / 2, (1 + level) / 2))
    return Shrunk(drawn_to_mean(cases, exposure), lo, hi, mean, strength)


def drawn_to_mean(cases: Floats, exposure: Floats) -> Floats:
    """The values of `shrunk_rates` alone, without the work of their intervals."""
    mean, strength = _rate_prior(cases, exposure)
    return (cases + strength * mean) / (exposure + strength)


def _rate_prior(cases: Floats, exposure: Floats) -> tuple[float, float]:
    """The mean of all and its strength, in exposure."""
    mean = float(cases.sum() / exposure.sum()) if exposure.sum() else 0.0
    return mean, _rate_strength(cases[exposure > 0], exposure[exposure > 0], mean)


def _rate_strength(cases: Floats, exposure: Floats, mean: float) -> float:
    if mean <= 0:
        return max(float(exposure.sum()), 1.0)
    if len(cases) < track_record.FEWEST_ORGANISATIONS:
        return track_record.USUAL / mean
    rate = cases / exposure
    spread = float((exposure * (rate - mean) ** 2).sum() / exposure.sum()) - mean / float(exposure.mean())
    most = track_record.STRONGEST / mean
    return most if spread <= 0 else min(max(mean / spread, WEAKEST_RATE / mean), most)


@dataclass(frozen=True)
class UsualRange:
    """`lo` to `hi` (areas,): whole numbers between which the count of the day lies unless something is unusual."""

    mean: Floats
    lo: Floats
    hi: Floats
    weeks: int
    _shape: Floats

    def unusual(self, counts: ArrayLike) -> NDArray[np.int8]:
        """(areas,): 1 above the range, -1 below it, 0 within."""
        counts = np.asarray(counts, dtype=float)
        return (counts > self.hi).astype(np.int8) - (counts < self.lo).astype(np.int8)

    def chance_of_as_many(self, counts: ArrayLike) -> Floats:
        return 1 - count_below(np.asarray(counts, dtype=float) - 1, self.mean, self._shape)


def usual_range(counts: ArrayLike, *, weeks: int = 12, level: float = 0.9) -> UsualRange:
    """For the day after the last of `counts` (areas, days), or (days,): from the same weekday of the weeks before.

    The mean is that of this weekday; how far days stray from it is told by all weekdays of an area together, and the chance
    of a mean of few weeks is added: variance = (mean + excess x mean^2) x (1 + 1 / weeks). Needs FEWEST_WEEKS.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    weeks = min(weeks, table.shape[1] // 7)
    at_least("days", table.shape[1], FEWEST_WEEKS * 7)
    days = table[:, table.shape[1] - weeks * 7 :].reshape(len(table), weeks, 7)
    means = days.mean(axis=1)
    variance = ((days - means[:, None, :]) ** 2).sum(axis=1) / (weeks - 1)
    excess = np.maximum((variance - means).sum(axis=1) / np.maximum((means**2).sum(axis=1), 1e-9), 0.0)
    # a weekday on which nothing happened for weeks: half a case may still have been on its way
    mean = np.maximum(means[:, 0], 0.5 / weeks)
    shape = count_shape(mean, (mean + excess * mean**2) * (1 + 1 / weeks))
    lo = np.maximum(count_quantile((1 - level) / 2, mean, shape), 0)
    return UsualRange(mean, lo, count_quantile((1 + level) / 2, mean, shape), weeks, shape)
