"""The area of a point: the deepest that covers it, of several the smallest, so that enclaves work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import Connection

from data.sql import load
from geo.crs import Floats
from rules.identifiers import folded


@dataclass(frozen=True)
class Place:
    """What an import needs of an area."""

    id: int
    code: str
    name: str
    names: dict[str, str]
    path: str
    depth: int
    leaf: bool
    prefecture: str
    lon: float
    lat: float


class Locator:
    """All areas of the database, by code and by place. Raises ValueError when there are none."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(load("list_shapes")).all()
        if not rows:
            raise ValueError("no areas")
        self.places = [Place(*row[:-1]) for row in rows]
        self.by_code = {place.code: place for place in self.places}
        self.root = self.places[-1]
        self._shapes = shapely.from_wkb([bytes(row.geom) for row in rows])
        self._tree = shapely.STRtree(self._shapes)
        self._places = {place.id: number for number, place in enumerate(self.places)}

    def locate(self, lon: Floats, lat: Floats) -> list[Place | None]:
        """The deepest area of each point (WGS84), None where no area is or where a coordinate is NaN."""
        lowest = np.full(len(lon), len(self.places))
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        if len(known):
            points = shapely.points(lon[known], lat[known])
            asked, hit = self._tree.query(points, predicate="intersects")
            np.minimum.at(
                lowest, known[asked], hit
            )  # deepest first, then the smallest, then by code: the lowest number wins
        return [self.places[place] if place < len(self.places) else None for place in lowest]

    def within(self, place: Place, lon: float, lat: float, tolerance: float) -> bool:
        """Whether a point lies in an area or at most this many degrees beside it."""
        return bool(shapely.dwithin(self._shapes[self._places[place.id]], shapely.Point(lon, lat), tolerance))

    def covers(self, lon: float, lat: float) -> bool:
        return self.locate(np.array([lon]), np.array([lat]))[0] is not None

    def find(self, code_or_name: str) -> Place | None:
        return self.by_code.get(code_or_name) or self._by_name().get(folded(code_or_name))

    def _by_name(self) -> dict[str, Place]:
        """Codes and names, capitals and width apart, that only one area has; a code goes before a name."""
        if not hasattr(self, "_named"):
            counted: dict[str, set[str]] = {}
            for place in self.places:
                for name in (place.name, *place.names.values()):
                    counted.setdefault(folded(name), set()).add(place.code)
            codes: dict[str, set[str]] = {}
            for place in self.places:
                codes.setdefault(folded(place.code), set()).add(place.code)
            known = {**counted, **codes}
            self._named = {word: self.by_code[next(iter(one))] for word, one in known.items() if len(one) == 1}
        return self._named

    def above(self, place: Place) -> Sequence[Place]:
        """The areas that hold `place`, itself first, the root last."""
        codes = place.path.rstrip("/").split("/")
        return [self.by_code[code] for code in reversed(codes)]
