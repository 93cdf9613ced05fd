"""Chains of repeat disputes: reported within 90 days and 200 m of a settled one of the same type (docs/statistics.md).

Cases of one place and type stand in the order of their settlements, so what a case repeats is a stretch of each place near
it: two searches instead of a look at every pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

METRES, DAYS = 200.0, 90.0
EARTH_M = 6_371_008.8
#: Pairs that are looked at together: so many fit into memory beside everything else.
AT_ONCE = 2_000_000
#: A chain of more places is measured by its furthest in so many directions.
MOST_MEASURED, DIRECTIONS = 500, 64


@dataclass(frozen=True)
class Chain:
    """`rows` of the arrays given, in the order of their reports; `span_m`: between the two furthest apart; `span_days`: from
    the first report to the last."""

    rows: tuple[int, ...]
    span_m: float
    span_days: float


@dataclass(frozen=True)
class Repeats:
    """`chains`: the longest first. `repeats` (cases,): whether a case repeats an earlier one."""

    chains: list[Chain]
    repeats: NDArray[np.bool_]


@dataclass(frozen=True)
class _Places:
    """Different places of each type. `of_case`: -1 for a case without a place."""

    lon: Floats
    lat: Floats
    category: Whole
    of_case: Whole


def repeats(
    lon: ArrayLike,
    lat: ArrayLike,
    category: ArrayLike,
    reported: ArrayLike,
    settled: ArrayLike,
    *,
    metres: float = METRES,
    days: float = DAYS,
) -> Repeats:
    """Arrays (cases,): degrees (WGS84; NaN without a place), anything that tells types apart, days since any moment (NaN where
    not settled)."""
    lon, lat, reported, settled = (np.asarray(one, dtype=float) for one in (lon, lat, reported, settled))
    if not len(lon) == len(lat) == len(np.asarray(category)) == len(reported) == len(settled):
        raise ValueError("lon, lat, category, reported and settled are of one length")
    places = _places(lon, lat, np.asarray(category))
    one, other, repeat = _links(places, reported, settled, metres, days)
    return Repeats(_chains(_joined(len(lon), one, other), lon, lat, reported), repeat)


def distance(lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike) -> Floats:
    """Metres on the sphere (haversine)."""
    a, b, c, d = (np.radians(np.asarray(one, dtype=float)) for one in (lon, lat, to_lon, to_lat))
    square = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(square, 0, 1)))


def _places(lon: Floats, lat: Floats, category: NDArray) -> _Places:
    known = np.isfinite(lon) & np.isfinite(lat)
    kinds = np.unique(category, return_inverse=True)[1].reshape(-1)
    table = np.column_stack([kinds[known].astype(float), lon[known], lat[known]])
    found, where = np.unique(table, axis=0, return_inverse=True)
    of_case = np.full(len(lon), -1, dtype=np.int64)
    of_case[known] = where.reshape(-1)
    return _Places(found[:, 1], found[:, 2], found[:, 0].astype(np.int64), of_case)


def _near(places: _Places, metres: float) -> Iterator[tuple[Whole, Whole]]:
    """Pairs of places of one type within `metres`, each with itself and in both orders; in chunks.

    Bands of latitude as high as `metres`: what is near lies in the same band or beside it, and in a stretch of longitudes.
    """
    angle = metres / EARTH_M
    height = max(np.degrees(angle), 1e-9) * (1 + 1e-9)
    band = np.floor((places.lat + 90) / height).astype(np.int64) + 1
    width = np.degrees(np.arcsin(np.clip(np.sin(angle) / np.maximum(np.cos(np.radians(places.lat)), 1e-12), 0, 1)))
    bands, row = np.unique(places.category * (int(band.max(initial=0)) + 2) + band, return_inverse=True)
    lons, column = np.unique(places.lon, return_inverse=True)
    step = len(lons) + 1
    order = np.argsort(row * step + column, kind="stable")
    keys = (row * step + column)[order]
    for shift in (-1, 0, 1):
        there = np.searchsorted(bands, bands[row] + shift)
        exists = (there < len(bands)) & (bands[np.minimum(there, len(bands) - 1)] == bands[row] + shift)
        # the date line is two places: its other side is a turn away
        for turn in (-360.0, 0.0, 360.0):
            first = np.searchsorted(lons, places.lon + turn - width * (1 + 1e-9), "left")
            last = np.searchsorted(lons, places.lon + turn + width * (1 + 1e-9), "right")
            asked = np.flatnonzero(exists & (last > first))
            start = np.searchsorted(keys, there[asked] * step + first[asked])
            end = np.searchsorted(keys, there[asked] * step + last[asked])
            for pick, at in _spread(start, end):
                here, beside = asked[pick], order[at]
                apart = distance(places.lon[here], places.lat[here], places.lon[beside], places.lat[beside])
                yield here[apart <= metres], beside[apart <= metres]


def _spread(start: Whole, end: Whole) -> Iterator[tuple[Whole, Whole]]:
    """Of each stretch its number and its members one by one, about AT_ONCE at a time."""
    sizes = end - start
    sums = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        before = sums[begin] - sizes[begin]
        stop = max(begin + 1, int(np.searchsorted(sums, before + AT_ONCE, "right")))
        part = sizes[begin:stop]
        pick = np.repeat(np.arange(begin, stop), part)
        within = np.arange(int(part.sum())) - np.repeat(np.cumsum(part) - part, part)
        yield pick, start[pick] + within
        begin = stop


@dataclass(frozen=True)
class _Settled:
    """Settled cases with a place, by place and moment. `earliest`, `latest` (cases,): the moments that a report looks back on;
    `position` (cases,): where each case stands itself, -1 where it does not."""

    cases: Whole
    keys: Whole
    step: int
    earliest: Whole
    latest: Whole
    position: Whole

    @classmethod
    def of(cls, place: Whole, reported: Floats, settled: Floats, days: float) -> _Settled:
        ended = np.isfinite(settled)
        moments, rank = np.unique(settled[ended], return_inverse=True)
        step = len(moments) + 1
        keys = place * step
        keys[ended] += rank
        cases = np.flatnonzero(ended & (place >= 0))
        cases = cases[np.argsort(keys[cases], kind="stable")]
        position = np.full(len(place), -1, dtype=np.int64)
        position[cases] = np.arange(len(cases))
        earliest, latest = (
            np.searchsorted(moments, reported - days, "left"),
            np.searchsorted(moments, reported, "right"),
        )
        return cls(cases, keys[cases], step, earliest, latest, position)

    def stretches(self, case: Whole, place: Whole) -> tuple[Whole, Whole, Whole]:
        """Which cases repeat any of a place, and from where to where these stand."""
        low = np.searchsorted(self.keys, place * self.step + self.earliest[case])
        high = np.searchsorted(self.keys, place * self.step + self.latest[case])
        itself = (self.position[case] >= low) & (self.position[case] < high)
        found = high - low - itself > 0
        return case[found], low[found], high[found]


def _links(
    places: _Places, reported: Floats, settled: Floats, metres: float, days: float
) -> tuple[Whole, Whole, NDArray[np.bool_]]:
    """Pairs of cases that join all that belongs together, and which cases repeat another."""
    index = _Settled.of(places.of_case, reported, settled, days)
    by_place = np.argsort(places.of_case, kind="stable")
    from_row = np.searchsorted(places.of_case[by_place], np.arange(len(places.lon) + 1))
    repeat = np.zeros(len(settled), dtype=bool)
    ones, others = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    steps = np.zeros(len(index.cases) + 1, dtype=np.int64)
    for here, beside in _near(places, metres):
        for pick, at in _spread(from_row[here], from_row[here + 1]):
            case, low, high = index.stretches(by_place[at], beside[pick])
            repeat[case] = True
            ones.append(case)
            others.append(index.cases[low])
            # whatever one case repeats is joined, neighbour by neighbour
            np.add.at(steps, low, 1)
            np.add.at(steps, high - 1, -1)
    joined = np.flatnonzero(np.cumsum(steps)[:-1] > 0)
    return np.concatenate([*ones, index.cases[joined]]), np.concatenate([*others, index.cases[joined + 1]]), repeat


def _joined(count: int, one: Whole, other: Whole) -> Whole:
    """(count,): the smallest row that each is joined with."""
    label = np.arange(count)
    while len(one) and (label[one] != label[other]).any():
        a, b = label[one], label[other]
        np.minimum.at(label, np.maximum(a, b), np.minimum(a, b))
        while (label[label] != label).any():
            label = label[label]
    return label


def _chains(label: Whole, lon: Floats, lat: Floats, reported: Floats) -> list[Chain]:
    order = np.lexsort((np.arange(len(label)), reported, label))
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    groups = (group for group in np.split(order, starts[1:]) if len(group) > 1)
    chains = [
        Chain(tuple(group.tolist()), _span(lon[group], lat[group]), float(np.ptp(reported[group]))) for group in groups
    ]
    return sorted(chains, key=lambda chain: (-len(chain.rows), chain.rows))


def _span(lon: Floats, lat: Floats) -> float:
    at = np.unique(np.column_stack([lon, lat]), axis=0)
    if len(at) > MOST_MEASURED:
        turned = np.arange(DIRECTIONS) * np.pi / DIRECTIONS
        flat = (at - at.mean(axis=0)) * (np.cos(np.radians(at[:, 1].mean())), 1.0)
        along = flat @ np.stack([np.cos(turned), np.sin(turned)])
        at = at[np.unique(np.concatenate([along.argmin(axis=0), along.argmax(axis=0)]))]
    return float(distance(at[:, None, 0], at[:, None, 1], at[None, :, 0], at[None, :, 1]).max())
