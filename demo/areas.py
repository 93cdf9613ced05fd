"""Areas of the demonstration: real names and codes, synthetic outlines below the county, every level a tiling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import shapely

from demo.grids import Grid, Village, describe, divide, share_out
from demo.naming import english, numeral
from demo.units import Unit, read_seats, read_units, village_outlines
from geo.levels import level_of

Progress = Callable[[str, int, int], None]
# So that the smallest demonstration, too, has villages with more than one grid.
SURPLUS = 1.5


@dataclass(frozen=True)
class AreaSeed:
    """An area before it is in a database. `geom` is a MultiPolygon in 4326; `households` includes all areas below."""

    code: str
    name: str
    short_name: str
    names: dict[str, str]
    level: str
    depth: int
    parent_code: str | None
    geom: shapely.MultiPolygon
    households: int
    synthetic: bool


def build_areas(seed: int, scale: float = 1.0, progress: Progress | None = None) -> list[AreaSeed]:
    """Every area, parents before children; the same seed and scale give the same areas.

    `scale` below 1 makes fewer grids (about 400 at 0.05, for tests); all other levels, and the tiling, stay whole.
    """
    units = read_units()
    villages = _villages(units)
    grids: dict[str, list[Grid]] = {}
    for done, (village, usual) in enumerate(zip(villages, share_out(villages, seed), strict=True), 1):
        count = min(usual, 1 + round((usual - 1) * scale * SURPLUS))
        grids[village.unit.code] = divide(village, count, seed, usual / count)
        if progress:
            progress("grids", done, len(villages))
    outlines, households = _sum_up(units, villages, grids)
    areas = [_area_of(unit, outlines[unit.code], households[unit.code]) for unit in units]
    return areas + [_grid_of(village.unit, grid) for village in villages for grid in grids[village.unit.code]]


def _villages(units: tuple[Unit, ...]) -> list[Village]:
    outlines, seats = village_outlines(), read_seats()
    return [
        describe(unit, outlines[unit.code], seats[unit.code], seats[unit.parent_code or ""])
        for unit in units
        if unit.level == "village"
    ]


def _sum_up(
    units: tuple[Unit, ...], villages: list[Village], grids: dict[str, list[Grid]]
) -> tuple[dict[str, shapely.Geometry], dict[str, int]]:
    """Outline and households of every unit, from the villages upwards, so that no level can disagree with the next."""
    outlines: dict[str, shapely.Geometry] = {village.unit.code: village.outline for village in villages}
    households = {code: sum(grid.households for grid in parts) for code, parts in grids.items()}
    below: dict[str | None, list[str]] = defaultdict(list)
    for unit in reversed(units):
        if unit.level != "village":
            outlines[unit.code] = shapely.coverage_union_all([outlines[code] for code in below[unit.code]])
            households[unit.code] = sum(households[code] for code in below[unit.code])
        below[unit.parent_code].append(unit.code)
    return outlines, households


def _area_of(unit: Unit, outline: shapely.Geometry, households: int) -> AreaSeed:
    return AreaSeed(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        names={"zh_CN": unit.name, "en": english(unit.short_name if unit.level == "village" else unit.name)},
        level=unit.level,
        depth=level_of(unit.level).depth,
        parent_code=unit.parent_code,
        geom=_multi(outline),
        households=households,
        synthetic=unit.level in ("township", "village"),
    )


def _grid_of(village: Unit, grid: Grid) -> AreaSeed:
    short_name = f"第{numeral(grid.serial)}网格"
    name = village.short_name + short_name
    return AreaSeed(
        code=f"{village.code}{grid.serial:03d}",
        name=name,
        short_name=short_name,
        names={"zh_CN": name, "en": f"{english(village.short_name)} Grid {grid.serial}"},
        level="grid",
        depth=level_of("grid").depth,
        parent_code=village.code,
        geom=_multi(grid.outline),
        households=grid.households,
        synthetic=True,
    )


def _multi(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(shapely.get_parts(geometry).tolist())
