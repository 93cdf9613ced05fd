"""Parent areas: by code or name, by a code that is a prefix, by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import shapely

from imports.report import RowError

SMALLEST_SHARE = 0.5


class Placed(Protocol):
    """What finding a parent needs of an area."""

    code: str
    name: str
    names: dict[str, str]
    short_name: str
    geom: shapely.MultiPolygon


class Finder:
    """Finds parents among the areas of the level above."""

    def __init__(self, above: Sequence[Placed]) -> None:
        self.above = above
        self.codes = {area.code: area for area in above}
        self.names = {name: found[0] for name, found in by_name(above).items() if len(found) == 1}
        self.tree = shapely.STRtree([area.geom for area in above])

    def named(self, word: str) -> Placed | None:
        return self.codes.get(word) or self.names.get(word)

    def of(self, area: Placed) -> Placed | None:
        """By prefix where that area also covers it (1 is no parent of 12), else whichever covers most of it."""
        prefixes = [
            self.codes[area.code[:end]] for end in range(len(area.code) - 1, 0, -1) if area.code[:end] in self.codes
        ]
        fitting = next((parent for parent in prefixes if covered(area.geom, parent.geom) >= SMALLEST_SHARE), None)
        return fitting or self._around(area.geom) or next(iter(prefixes), None)

    def _around(self, geom: shapely.Geometry) -> Placed | None:
        hits = self.tree.query(geom, predicate="intersects")
        best = max(((covered(geom, self.above[hit].geom), hit) for hit in hits), default=(0.0, -1))
        return self.above[best[1]] if best[0] >= SMALLEST_SHARE else None


def covered(geom: shapely.Geometry, by: shapely.Geometry) -> float:
    """Which share of a geometry another one covers; 0 for one that encloses nothing."""
    return shapely.intersection(by, geom).area / geom.area if geom.area else 0.0


def by_name(areas: Sequence[Placed]) -> dict[str, list[Placed]]:
    areas_by_name: dict[str, list[Placed]] = {}
    for area in areas:
        for name in {area.name, area.short_name, *area.names.values()}:
            areas_by_name.setdefault(name, []).append(area)
    return areas_by_name


def require_inside(area: Placed, parent: Placed) -> None:
    """Raises RowError for an area that lies apart from its parent."""
    if area.geom.is_empty or area.geom.intersects(parent.geom):
        return
    swapped = shapely.transform(area.geom, lambda xy: xy[:, ::-1])
    hint = (
        ": lon and lat look swapped" if swapped.intersects(parent.geom) else "; is the coordinate system right (--crs)?"
    )
    raise RowError("geometry", f"'{area.code}' does not touch its parent '{parent.code}'{hint}")
