"""Lengths of time with intervals: the mean, and quantiles by order statistics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.distributions import deviates


@dataclass(frozen=True)
class Length:
    """`lo`, `hi`: None where there is too little for an interval."""

    value: float
    lo: float | None
    hi: float | None


def mean_of(lengths: ArrayLike, *, level: float = 0.9) -> Length | None:
    """The mean, with the normal interval of a mean (not below 0 where no length is); None of nothing."""
    values = np.asarray(lengths, dtype=float)
    if not len(values):
        return None
    mean = float(values.mean())
    if len(values) < 2:
        return Length(mean, None, None)
    half = float(deviates(level)) * float(values.std(ddof=1)) / float(np.sqrt(len(values)))
    return Length(mean, max(mean - half, min(0.0, float(values.min()))), mean + half)


def quantile_of(lengths: ArrayLike, share: float, *, level: float = 0.9) -> Length | None:
    """The quantile, between neighbours in a straight line; its interval runs from one order statistic to another, by the normal
    approximation of how many lie below (W. Conover, "Practical Nonparametric Statistics", 1999, 3.2)."""
    values = np.sort(np.asarray(lengths, dtype=float))
    n = len(values)
    if not n:
        return None
    half = float(deviates(level)) * float(np.sqrt(n * share * (1 - share)))
    low, high = int(np.floor(n * share - half)), int(np.ceil(n * share + half))
    lo = float(values[low - 1]) if low >= 1 else None
    hi = float(values[high - 1]) if high <= n else None
    return Length(float(np.quantile(values, share)), lo, hi)
