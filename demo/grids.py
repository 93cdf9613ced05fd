"""Grids of a village: number, places, names, households; all synthetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from demo.partition import partition
from demo.units import Unit
from geo.crs import distance_m
from geo.labels import area_km2, label_point

TARGET = 2200
FEWEST, MOST = 2, 18
# A block of flats and its yard: smaller grids do not exist.
SMALLEST_KM2 = 0.015
TRIES = 5


@dataclass(frozen=True)
class Village:
    """What decides how a village is divided. `urban` runs from 0 (mountain) to 1 (town centre)."""

    unit: Unit
    outline: shapely.Polygon
    seat: tuple[float, float]
    size_km2: float
    urban: float


@dataclass(frozen=True)
class Grid:
    serial: int
    outline: shapely.Polygon
    households: int


def describe(unit: Unit, outline: shapely.Polygon, seat: tuple[float, float], town: tuple[float, float]) -> Village:
    """A village with its measures. `seat` is used when it lies inside; `town` is the seat of its township."""
    size = area_km2(outline)
    inside = outline.contains(shapely.Point(seat))
    away_km = float(distance_m(*seat, *town)) / 1000
    crowded = np.clip(1 - np.log(max(size, 0.3) / 0.3) / np.log(100 / 0.3), 0, 1)
    urban = 0.3 * (unit.kind == "社区") + 0.5 * crowded + 0.2 * np.exp(-away_km / 4)
    return Village(unit, outline, seat if inside else label_point(outline), size, float(urban))


def share_out(villages: list[Village], seed: int, target: int = TARGET) -> list[int]:
    """Grids per village, `target` in all: more where more people live, a few more where the land is wide."""
    random = np.random.default_rng([seed, 1])
    urban = np.array([village.urban for village in villages])
    size = np.array([village.size_km2 for village in villages])
    weight = (0.35 + urban) * np.clip(size / 40, 0.02, 8) ** 0.15 * random.uniform(0.75, 1.3, len(villages))
    most = np.clip(np.floor(size / SMALLEST_KM2), FEWEST, MOST).astype(int)
    low, high = 0.0, 10.0 * target / weight.sum()
    for _ in range(60):
        middle = (low + high) / 2
        counts = np.clip(np.round(weight * middle).astype(int), FEWEST, most)
        low, high = (middle, high) if counts.sum() < target else (low, middle)
    return counts.tolist()


def divide(village: Village, count: int, seed: int, fold: float = 1.0) -> list[Grid]:
    """The village's grids in the order of their serials; each has `fold` times the usual number of households."""
    outlines = _split(village, count, seed)
    random = np.random.default_rng([seed, 2, int(village.unit.code)])
    usual = 60 + 270 * village.urban
    households = np.maximum(np.round(fold * usual * random.lognormal(0, 0.25, count)).astype(int), 12)
    ordered = reading_order(outlines)
    return [Grid(serial, outlines[index], int(households[index])) for serial, index in enumerate(ordered, 1)]


def reading_order(outlines: list[shapely.Polygon]) -> list[int]:
    """Indexes in the order of serials: rows from north to south, west to east in each row."""
    points = np.array([label_point(outline) for outline in outlines])
    rows = max(round(np.sqrt(len(outlines))), 1)
    south, north = points[:, 1].min(), points[:, 1].max()
    height = max((north - south) / rows, 1e-12)
    row = np.minimum((north - points[:, 1]) // height, rows - 1)
    return np.lexsort((points[:, 0], row)).tolist()


def _split(village: Village, count: int, seed: int) -> list[shapely.Polygon]:
    for attempt in range(TRIES):
        state = np.random.SeedSequence([seed, attempt, int(village.unit.code)]).generate_state(1)
        try:
            return partition(village.outline, count, seed=int(state[0]), seat=village.seat)
        except ValueError:
            continue  # an unlucky early cut can leave a piece that has no good one left
    raise ValueError(f"{village.unit.code} cannot be divided into {count} grids")
