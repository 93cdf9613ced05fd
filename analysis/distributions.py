"""Beta, gamma and negative binomial distributions on arrays: how much lies below, and below what so much lies.

Source: W. Press and others, "Numerical Recipes", 3rd edition, 2007, 6.2 and 6.4 (continued fractions by Lentz's method).
"""

from __future__ import annotations

from collections.abc import Callable
from math import lgamma
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

TINY = 1e-300
CLOSE = 1e-13
MOST_STEPS = 20_000
#: A negative binomial of this shape cannot be told from a Poisson distribution.
NEARLY_POISSON = 1e6


def log_gamma(values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=float)
    return np.array([lgamma(one) for one in array.ravel()]).reshape(array.shape)


def deviates(level: float) -> float:
    """Standard deviations on either side that hold `level` of the normal distribution."""
    return NormalDist().inv_cdf((1 + level) / 2)


def _fraction(coefficient: Callable[[int], tuple[Floats, Floats]], first: Floats) -> Floats:
    """first + a1 / (b1 + a2 / (b2 + ...)) with (a, b) of each step, until nothing changes any more."""
    value = np.where(first == 0, TINY, first)
    c, d = value, np.zeros_like(value)
    for step in range(1, MOST_STEPS):
        a, b = coefficient(step)
        d = 1 / _not_zero(b + a * d)
        c = _not_zero(b + a / c)
        value = value * c * d
        if not np.any(np.abs(c * d - 1) > CLOSE):
            break
    return value


def _not_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < TINY, TINY, values)


def beta_below(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """The regularised incomplete beta function: what a beta(a, b) distribution has below `x`."""
    x, a, b = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (x, a, b)))
    turned = x > (a + 1) / (a + b + 2)
    at, p, q = np.where(turned, 1 - x, x), np.where(turned, b, a), np.where(turned, a, b)
    inside = (at > 0) & (at < 1)
    at = np.where(inside, at, 0.5)
    front = np.exp(log_gamma(p + q) - log_gamma(p) - log_gamma(q) + p * np.log(at) + q * np.log1p(-at)) / p

    def coefficient(step: int) -> tuple[Floats, Floats]:
        m = step // 2
        if step % 2:
            return -(p + m) * (p + q + m) * at / ((p + 2 * m) * (p + 2 * m + 1)), np.ones_like(at)
        return m * (q - m) * at / ((p + 2 * m - 1) * (p + 2 * m)), np.ones_like(at)

    below = np.where(inside, front / _fraction(coefficient, np.ones_like(at)), 0.0)
    return np.where(x >= 1, 1.0, np.where(x <= 0, 0.0, np.where(turned, 1 - below, below)))


def gamma_below(x: ArrayLike, a: ArrayLike) -> Floats:
    """The regularised incomplete gamma function: what a gamma distribution of shape `a` and scale 1 has below `x`."""
    x, a = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (x, a)))
    at, low = np.maximum(x, TINY), x < a + 1
    front = np.exp(a * np.log(at) - at - log_gamma(a))
    below = front * _gamma_series(np.where(low, at, 1.0), a)
    high = np.where(low, a + 2, at)
    fraction = _fraction(lambda step: (-step * (step - a), high + 2 * step + 1 - a), high + 1 - a)
    return np.where(x <= 0, 0.0, np.where(low, below, 1 - front / fraction))


def _gamma_series(x: Floats, a: Floats) -> Floats:
    term = 1 / a
    total, step = term, a
    for _ in range(MOST_STEPS):
        step = step + 1
        term = term * x / step
        total = total + term
        if not np.any(np.abs(term) > CLOSE * total):
            break
    return total


def _reached(below: Callable, density: Callable, share: Floats, start: Floats, high: Floats) -> Floats:
    """Where `below`, whose slope is `density`, reaches `share` between 0 and `high`: Newton's steps, halves where they leave."""
    x, low = start, np.zeros_like(start)
    for _ in range(100):
        beyond = below(x) - share
        low, high = np.where(beyond < 0, x, low), np.where(beyond < 0, high, x)
        step = x - beyond / np.maximum(density(x), TINY)
        following = np.where((step > low) & (step < high), step, (low + high) / 2)
        if not np.any(np.abs(following - x) > 1e-11 * following):
            break
        x = following
    return following


def beta_quantile(share: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """Below what a beta(a, b) distribution has `share`."""
    share, a, b = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (share, a, b)))
    front = log_gamma(a + b) - log_gamma(a) - log_gamma(b)

    def density(x: Floats) -> Floats:
        inside = np.clip(x, TINY, 1 - 1e-16)
        return np.exp(front + (a - 1) * np.log(inside) + (b - 1) * np.log1p(-inside))

    return _reached(lambda x: beta_below(x, a, b), density, share, a / (a + b), np.ones(share.shape))


def gamma_quantile(share: ArrayLike, a: ArrayLike) -> Floats:
    """Below what a gamma distribution of shape `a` and scale 1 has `share`."""
    share, a = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (share, a)))
    front, high = -log_gamma(a), a + 12 * np.sqrt(a) + 40

    def density(x: Floats) -> Floats:
        return np.exp(front + (a - 1) * np.log(np.maximum(x, TINY)) - x)

    return _reached(lambda x: gamma_below(x, a), density, share, a * np.ones(share.shape), high)


def count_shape(mean: ArrayLike, variance: ArrayLike) -> Floats:
    """The shape of a negative binomial: mean^2 / (variance - mean); NEARLY_POISSON where the variance is no larger."""
    mean, variance = np.asarray(mean, dtype=float), np.asarray(variance, dtype=float)
    beyond = variance - mean
    wide = beyond > mean**2 / NEARLY_POISSON
    return np.where(wide, mean**2 / np.where(wide, beyond, 1.0), NEARLY_POISSON)


def count_below(count: ArrayLike, mean: ArrayLike, shape: ArrayLike) -> Floats:
    """What a negative binomial has up to and with `count`; from NEARLY_POISSON on the Poisson distribution."""
    count, mean, shape = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (count, mean, shape)))
    poisson = shape >= NEARLY_POISSON
    k = np.maximum(np.floor(count), 0)
    some = np.maximum(mean, TINY)
    r = np.where(poisson, 1.0, np.maximum(shape, 1e-9))
    below = np.where(poisson, 1 - gamma_below(some, k + 1), 1 - beta_below(some / (r + some), k + 1, r))
    return np.where(count < 0, 0.0, np.where(mean <= 0, 1.0, below))


def count_quantile(share: ArrayLike, mean: ArrayLike, shape: ArrayLike) -> Floats:
    """The least count up to which a negative binomial has `share`."""
    share, mean, shape = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (share, mean, shape)))
    low = np.full(share.shape, -1.0)
    high = np.ceil(mean + 40 * np.sqrt(mean + mean**2 / shape) + 40)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        short = count_below(middle, mean, shape) < share
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high
