"""The cylinders of a space-time scan: circles of places over the last days, with what they hold and how likely that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: More places than this, or more cylinders, are joined to cells first: the time of a replication grows with them.
MOST_PLACES = 2500
MOST_CYLINDERS = 4_000_000
#: Distances that differ by less than this part of the radius are the same; such places join a circle from west to east, then
#: from south to north.
SAME_DISTANCE = 1e-6
SMALLEST_CLUSTER = 2


@dataclass(frozen=True)
class Happenings:
    """`x`, `y`: metres on a plane, `day`: whole days, `n`: cases there on that day; arrays of one length."""

    x: Floats
    y: Floats
    day: Whole
    n: Whole

    def __post_init__(self) -> None:
        if not len(self.x) == len(self.y) == len(self.day) == len(self.n):
            raise ValueError("x, y, day and n are of one length")
        if len(self.n) and int(self.n.min()) < 1:
            raise ValueError("n counts cases: 1 or more")


@dataclass(frozen=True)
class ScanLimits:
    """`radius` in metres, `days`: the longest stretch up to the last day, `share`: of all cases that a circle may hold.

    `enough`: stop once as many replications as this reached the most likely cluster (J. Besag, P. Clifford, "Sequential
    Monte Carlo p-values", Biometrika 78, 1991); None runs all of them.
    """

    radius: float
    days: int
    share: float = 0.5
    replications: int = 999
    enough: int | None = None
    most_clusters: int = 20

    def __post_init__(self) -> None:
        if not (self.radius >= 0 and self.days >= 1 and 0 < self.share <= 1 and self.replications >= 1):
            raise ValueError(f"radius 0 or more, days and replications 1 or more, share above 0 up to 1: {self}")


@dataclass(frozen=True)
class Windows:
    """The stretches up to the last day, shortest first; only days on which something happened begin one."""

    days: Whole
    """first day of each stretch"""
    totals: Whole
    """cases of each stretch, anywhere"""
    of_case: Whole
    """for each recent case the shortest stretch that holds it"""
    row_of_case: Whole
    """for each recent case its row of the happenings"""

    @property
    def total(self) -> int:
        return int(self.totals[-1]) if len(self.totals) else 0

    @classmethod
    def of(cls, happenings: Happenings, known: NDArray[np.bool_], end: int, longest: int) -> Windows:
        recent = np.flatnonzero(known & (happenings.day > end - longest))
        day, n = happenings.day[recent], happenings.n[recent]
        days = np.unique(day)[::-1]
        position = len(days) - 1 - np.searchsorted(days[::-1], day)
        totals = np.cumsum(np.bincount(position, weights=n, minlength=len(days)).astype(np.int64))
        return cls(days, totals, np.repeat(position, n), np.repeat(recent, n))


@dataclass(frozen=True)
class Circles:
    """Circles round each place, those with most places first; `neighbours[k]` are the k-th nearest places of the first
    `len(neighbours[k])` centres, `totals[k]` the cases ever within the circles that end there."""

    x: Floats
    y: Floats
    cases: Whole
    place_of_row: Whole
    centres: Whole
    neighbours: list[Whole]
    totals: list[Whole]

    @property
    def places(self) -> int:
        return len(self.x)

    @property
    def all_cases(self) -> int:
        return int(self.cases.sum())

    def members(self, centre: int, k: int) -> Whole:
        return np.array([step[centre] for step in self.neighbours[: k + 1]], dtype=np.int64)


def circles_of(happenings: Happenings, known: NDArray[np.bool_], limits: ScanLimits, windows: int) -> Circles:
    x, y, n = happenings.x[known], happenings.y[known], happenings.n[known]
    cell = 0.0
    while True:
        px, py, cases, place = _places(x, y, n, cell)
        if len(px) <= MOST_PLACES:
            apart = np.hypot(px[:, None] - px[None, :], py[:, None] - py[None, :])
            if np.count_nonzero(apart <= limits.radius) * windows <= MOST_CYLINDERS:
                break
        cell = cell * 1.3 if cell else _first_cell(x, y, limits.radius)
    rows = np.full(len(known), -1, dtype=np.int64)
    rows[known] = place
    return _nested(px, py, cases, rows, apart, limits)


def _first_cell(x: Floats, y: Floats, radius: float) -> float:
    extent = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9)
    return max(min(radius / 16, extent / 8), extent / 400)


def _places(x: Floats, y: Floats, n: Whole, cell: float) -> tuple[Floats, Floats, Whole, Whole]:
    """Distinct places from west to east, then south to north, with their cases; joined to the centre of gravity of a cell."""
    at = np.stack([x, y], axis=1)
    if not cell:
        points, place = np.unique(at, axis=0, return_inverse=True)
        return points[:, 0], points[:, 1], np.bincount(place, weights=n).astype(np.int64), place
    _, place = np.unique(np.floor(at / cell).astype(np.int64), axis=0, return_inverse=True)
    cases = np.bincount(place, weights=n)
    px, py = np.bincount(place, weights=x * n) / cases, np.bincount(place, weights=y * n) / cases
    order = np.lexsort((py, px))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return px[order], py[order], cases[order].astype(np.int64), rank[place]


def _nested(px: Floats, py: Floats, cases: Whole, rows: Whole, apart: Floats, limits: ScanLimits) -> Circles:
    """From each centre circle after circle, one more place in each, until radius or share is reached."""
    order = np.argsort(np.round(apart / (max(limits.radius, 1e-9) * SAME_DISTANCE)), axis=1, kind="stable")
    fits = np.take_along_axis(apart, order, axis=1) <= limits.radius * (1 + SAME_DISTANCE)
    fits &= np.cumsum(cases[order], axis=1) <= limits.share * cases.sum()
    within = fits.sum(axis=1)
    centres = np.argsort(-within, kind="stable")
    centres = centres[within[centres] > 0]
    neighbours, totals = [], []
    total = np.zeros(len(centres), dtype=np.int64)
    for k in range(int(within.max(initial=0))):
        active = int(np.count_nonzero(within[centres] > k))
        step = order[centres[:active], k]
        total[:active] += cases[step]
        neighbours.append(step)
        totals.append(total[:active].copy())
    return Circles(px, py, cases, rows, centres, neighbours, totals)


def log_likelihood_ratio(observed: NDArray, expected: NDArray, total: int) -> Floats:
    """0 where no more was observed than expected."""
    c, mu = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    high = (c > mu) & (mu > 0)
    inside = np.where(high, c, 1.0)
    outside = np.where(high, total - c, 0.0)
    ratio = np.where(high, inside / np.where(mu > 0, mu, 1.0), 1.0)
    rest = np.where(outside > 0, outside / np.maximum(total - mu, 1e-300), 1.0)
    return np.where(high, inside * np.log(ratio) + outside * np.log(rest), 0.0)


@dataclass(frozen=True)
class Cylinder:
    centre: int
    k: int
    window: int
    observed: int
    expected: float
    llr: float


def _observed(circles: Circles, windows: Windows, place_of_case: Whole) -> Iterator[tuple[int, Whole]]:
    """Step by step the counts (centres, windows) of the circles that end at the k-th neighbour."""
    counts = np.zeros((circles.places, len(windows.days)), dtype=np.int64)
    np.add.at(counts, (place_of_case, windows.of_case), 1)
    counts = np.cumsum(counts, axis=1)
    inside = np.zeros((len(circles.centres), len(windows.days)), dtype=np.int64)
    for k, step in enumerate(circles.neighbours):
        inside[: len(step)] += counts[step]
        yield k, inside[: len(step)]


def _best_of_each_centre(circles: Circles, windows: Windows, place_of_case: Whole) -> tuple[Floats, Whole]:
    """The highest ratio of each centre, and its (k, window, count)."""
    best = np.zeros(len(circles.centres))
    which = np.zeros((len(circles.centres), 3), dtype=np.int64)
    for k, inside in _observed(circles, windows, place_of_case):
        expected = circles.totals[k][:, None] * (windows.totals / circles.all_cases)[None, :]
        ratio = np.where(inside >= SMALLEST_CLUSTER, log_likelihood_ratio(inside, expected, circles.all_cases), 0.0)
        window = ratio.argmax(axis=1)
        rows = np.arange(len(inside))
        better = ratio[rows, window] > best[: len(inside)] + 1e-12
        at = rows[better]
        best[at] = ratio[at, window[at]]
        which[at] = np.stack([np.full(len(at), k), window[at], inside[at, window[at]]], axis=1)
    return best, which


def without_overlap(circles: Circles, windows: Windows, most: int) -> list[Cylinder]:
    place_of_case = circles.place_of_row[windows.row_of_case]
    best, which = _best_of_each_centre(circles, windows, place_of_case)
    taken = np.zeros(circles.places, dtype=bool)
    found: list[Cylinder] = []
    for centre in np.argsort(-best, kind="stable"):
        if best[centre] <= 0 or len(found) == most:
            break
        k, window, observed = (int(value) for value in which[centre])
        members = circles.members(int(centre), k)
        if taken[members].any():
            continue
        taken[members] = True
        expected = int(circles.totals[k][centre]) * int(windows.totals[window]) / circles.all_cases
        found.append(Cylinder(int(centre), k, window, observed, expected, float(best[centre])))
    return found
