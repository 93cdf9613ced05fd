"""Prospective space-time permutation scan: where, in the days up to now, more happened than its place and its days explain.

Source: M. Kulldorff, R. Heffernan, J. Hartman, R. Assunção, F. Mostashari, "A space-time permutation scan statistic for
disease outbreak detection", PLoS Medicine 2(3):e59, 2005. A cylinder is a circle of places over the last days; its expected
count is (cases of its places, ever) x (cases of its days, anywhere) / all cases, and its log likelihood ratio is
c ln(c/mu) + (C - c) ln((C - c)/(C - mu)). Chance is told by shuffling the days among the cases: that keeps what each place
and each day holds, so neither a crowded place nor a busy week is a cluster by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.cylinders import (
    SMALLEST_CLUSTER,
    Circles,
    Cylinder,
    Happenings,
    ScanLimits,
    Whole,
    Windows,
    circles_of,
    without_overlap,
)
from analysis.replications import Cancelled, replicate

__all__ = ["Cancelled", "Cluster", "Happenings", "ScanLimits", "scan"]


@dataclass(frozen=True)
class Cluster:
    """`members`: rows of the happenings inside; `p`: chance of one as strong anywhere; `recurrence_days`: how often chance
    alone makes one as strong when the scan runs once a day."""

    x: float
    y: float
    radius: float
    first_day: int
    last_day: int
    observed: int
    expected: float
    llr: float
    p: float
    members: Whole

    @property
    def recurrence_days(self) -> float:
        return 1 / self.p


def scan(
    happenings: Happenings,
    limits: ScanLimits,
    *,
    last_day: int | None = None,
    seed: int = 20050301,
    progress: Callable[[float], bool | None] = lambda share: None,
) -> list[Cluster]:
    """Clusters that do not overlap, the most likely first.

    `progress` hears the share of replications done, and ends the scan with Cancelled when it answers False.
    """
    end = int(happenings.day.max()) if last_day is None and len(happenings.day) else last_day
    if end is None or int(happenings.n.sum()) < SMALLEST_CLUSTER:
        return []
    known = happenings.day <= end
    windows = Windows.of(happenings, known, end, limits.days)
    if windows.total < SMALLEST_CLUSTER:
        return []
    circles = circles_of(happenings, known, limits, len(windows.days))
    found = without_overlap(circles, windows, limits.most_clusters)
    if not found:
        return []
    reached = replicate(circles, windows, limits, [one.llr for one in found], seed, progress)
    return [_told(one, p, happenings, end, circles, windows) for one, p in zip(found, reached, strict=True)]


def _told(one: Cylinder, p: float, happenings: Happenings, end: int, circles: Circles, windows: Windows) -> Cluster:
    members = circles.members(one.centre, one.k)
    first = int(windows.days[one.window])
    # a happening after the last day has no place
    inside = np.isin(circles.place_of_row, members) & (happenings.day >= first)
    centre = int(circles.neighbours[0][one.centre])
    x, y = float(circles.x[centre]), float(circles.y[centre])
    radius = float(np.hypot(circles.x[members] - x, circles.y[members] - y).max())
    return Cluster(x, y, radius, first, end, one.observed, one.expected, one.llr, float(p), np.flatnonzero(inside))
