"""Local Gi*: is what a place and its neighbours hold together more, or less, than chance makes of the whole.

Source: J. K. Ord, A. Getis, "Local spatial autocorrelation statistics", Geographical Analysis 27(4), 1995, with each place
among its own neighbours. False discoveries: Y. Benjamini, Y. Hochberg, JRSS B 57, 1995.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HotSpots:
    """Arrays of one length, one entry a place. `z`: standard deviates, above 0 where much is; `p`: two-sided, of the normal
    distribution; `q`: the share of false discoveries among all places with a `p` as small."""

    z: Floats
    p: Floats
    q: Floats


def local_gi_star(values: Sequence[float] | Floats, neighbours: Sequence[Sequence[int]]) -> HotSpots:
    """`neighbours[i]`: positions of the places beside the i-th, without itself.

    Where all values are alike, or a place has every other for a neighbour, there is nothing to tell: z 0, p 1.
    """
    x = np.asarray(values, dtype=float)
    if len(x) != len(neighbours):
        raise ValueError(f"{len(x)} values, but neighbours of {len(neighbours)} places")
    count = len(x)
    spread = x.std() if count else 0.0
    weights = np.array([len(set(ones) | {at}) for at, ones in enumerate(neighbours)], dtype=float)
    sums = np.array([x[list(set(ones) | {at})].sum() for at, ones in enumerate(neighbours)], dtype=float)
    scale = spread * np.sqrt(np.maximum(count * weights - weights**2, 0) / max(count - 1, 1))
    z = np.where(scale > 0, (sums - x.mean() * weights) / np.where(scale > 0, scale, 1), 0.0) if count else x
    p = np.array([erfc(abs(one) / sqrt(2)) for one in z])
    return HotSpots(z, p, false_discovery_rates(p))


def false_discovery_rates(p: Sequence[float] | Floats) -> Floats:
    """For each p the least rate of false discoveries at which it counts as one."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / ranks), 1) if len(p) else p
    return q
