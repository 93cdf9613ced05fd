"""The real administrative units of the demonstration and their outlines, read from `source/` and made to tile."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape

from demo.coverage import redraw, repair
from demo.curves import calm, densify, resample, roughen, smooth
from demo.partition import DIGITS
from geo.crs import Floats

SOURCE = Path(__file__).parent / "source"
LEVELS = {"1": "prefecture", "2": "county", "3": "township", "4": "village"}
# The source's coordinates have six decimals, so its borders meet on this grid.
SNAP_DEG = 1e-6
# A village has about seven grids; so many vertices along the side of one leave a choice of places to cut.
USUAL_GRIDS = 7
VERTICES_A_SIDE = 14
BENDS, MOST_BEND = 1.3, 0.02
# A border of fewer raster steps than this says more about the raster than about a border.
LONG_STEPS = 4


@dataclass(frozen=True)
class Unit:
    """A real administrative unit as the statistics office lists it, without its geometry."""

    code: str
    name: str
    short_name: str
    level: str
    parent_code: str | None
    kind: str


@cache
def read_units() -> tuple[Unit, ...]:
    """Prefecture, counties, townships and villages, parents first; farms and prisons of the statistics left out."""
    units = [
        Unit(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"].removesuffix("居委会"),
            level=LEVELS[row["level"]],
            parent_code=row["parent_code"] or None,
            kind=row["type"],
        )
        for row in read_table("admin_units.csv")
        if row["kind"] == "real"
    ]
    return tuple(sorted(units, key=lambda unit: (len(unit.code), unit.code)))


def read_table(name: str) -> list[dict[str, str]]:
    with (SOURCE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_features(name: str) -> list[tuple[dict, shapely.Geometry]]:
    """Properties and geometry (4326) of each feature of a GeoJSON file."""
    features = json.loads((SOURCE / name).read_text(encoding="utf-8"))["features"]
    return [(feature["properties"], shape(feature["geometry"])) for feature in features]


def read_seats() -> dict[str, tuple[float, float]]:
    """Where the seat of each township and village is (lon, lat): approximate for townships, synthetic for villages."""
    rows = read_table("township_seats.csv") + read_table("synthetic/village_points_synthetic.csv")
    return {row["code"]: (float(row["lon"]), float(row["lat"])) for row in rows}


@cache
def village_outlines() -> dict[str, shapely.Polygon]:
    """One polygon a village: an exact tiling in which synthetic borders look grown and real ones stay where they are.

    The source's villages were cut out of a raster and overlap or gap by metres; see the README beside them.
    """
    features = read_features("synthetic/villages_synthetic.geojson")
    codes = [properties["code"] for properties, _ in features]
    counties = [geometry for _, geometry in read_features("counties.geojson")]
    tiles = repair([geometry for _, geometry in features], SNAP_DEG, counties)
    spacing = [np.sqrt(tile.area / USUAL_GRIDS) / VERTICES_A_SIDE for tile in tiles]

    def grow(points: Floats, sides: tuple[int, ...], vigour: float) -> Floats:
        finest = min(spacing[side] for side in sides)
        official = len(sides) == 1 or len({codes[side][:6] for side in sides}) > 1
        if official or vigour == 0:
            return np.round(densify(points, finest * 1.5), DIGITS)
        return np.round(_grown(points, finest, vigour), DIGITS)

    return dict(zip(codes, redraw(tiles, grow), strict=True))


def _grown(points: Floats, spacing: float, vigour: float) -> Floats:
    raster = float(np.median(np.hypot(*np.diff(points, axis=0).T)))
    line = smooth(points, raster, min(spacing, raster)) if len(points) > 2 else points
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    line = calm(line, length / raster / LONG_STEPS + 1 - vigour)
    random = np.random.default_rng(np.abs(np.round(points[0] * 1e6)).astype(np.int64))
    return roughen(resample(line, spacing), min(BENDS * spacing, MOST_BEND * length) * vigour**2, random)
