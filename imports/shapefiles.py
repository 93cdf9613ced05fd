"""Shapefiles from bytes: .shp (outlines, lines, points) and its companions, after the ESRI white paper of 1998."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field

import numpy as np
import shapely

from imports.dbf import read_dbf
from imports.layers import Layer
from imports.report import InputError

MAGIC = 9994
HEADER, RECORD = 100, 8
NULL = 0
POINTS, LINES, POLYGONS, MULTIPOINTS = (1, 11, 21), (3, 13, 23), (5, 15, 25), (8, 18, 28)
MULTIPATCH = 31
BOX = 32


@dataclass
class Parts:
    """The files of one Shapefile by ending."""

    name: str
    shp: bytes
    dbf: bytes | None
    prj: str | None = None
    cpg: str | None = None
    notes: list[str] = field(default_factory=list)


def read_shapefile(parts: Parts, encoding: str | None) -> Layer:
    """Raises InputError. The .shx is not needed: records follow one another."""
    if parts.dbf is None:
        raise InputError(f"{parts.name}: the .dbf that holds its values is missing beside it.")
    shapes, faults = _shapes(parts.name, parts.shp)
    table = read_dbf(parts.name, parts.dbf, encoding=encoding, stated=parts.cpg)
    if len(table.rows) != len(shapes):
        raise InputError(
            f"{parts.name}: has {len(shapes)} geometries and its .dbf {len(table.rows)} rows; they do not belong together."
        )
    kept = [place for place, row in enumerate(table.rows) if row is not None]
    layer = Layer(
        table.columns,
        [table.rows[place] or {} for place in kept],
        [shapes[place] for place in kept],
        crs=parts.prj,
        faults={number: faults[place + 1] for number, place in enumerate(kept, 1) if place + 1 in faults},
        notes=table.notes,
    )
    if len(kept) < len(shapes):
        layer.notes["rows that are marked as deleted in the .dbf"] += len(shapes) - len(kept)
    return layer


def _shapes(name: str, content: bytes) -> tuple[list[shapely.Geometry | None], dict[int, str]]:
    if len(content) < HEADER or struct.unpack(">i", content[:4])[0] != MAGIC:
        raise InputError(f"{name}: is no Shapefile by its first bytes.")
    shapes: list[shapely.Geometry | None] = []
    faults: dict[int, str] = {}
    place = HEADER
    end = min(len(content), struct.unpack(">i", content[24:28])[0] * 2)
    while place + RECORD <= end:
        _, words = struct.unpack(">ii", content[place : place + RECORD])
        record = content[place + RECORD : place + RECORD + words * 2]
        if words < 2 or len(record) < words * 2:
            raise InputError(f"{name}: ends within record {len(shapes) + 1}; it is not whole.")
        try:
            shapes.append(_shape(record))
        except (ValueError, struct.error, shapely.errors.ShapelyError) as error:
            shapes.append(None)
            faults[len(shapes)] = f"cannot be read: {str(error)[:80]}"
        place += RECORD + words * 2
    return shapes, faults


def _shape(record: bytes) -> shapely.Geometry | None:
    kind = struct.unpack("<i", record[:4])[0]
    if kind == NULL:
        return None
    if kind in POINTS:
        return shapely.Point(*struct.unpack("<2d", record[4:20]))
    if kind in MULTIPOINTS:
        count = struct.unpack("<i", record[4 + BOX : 8 + BOX])[0]
        return shapely.MultiPoint(_points(record, 8 + BOX, count))
    if kind in LINES:
        return shapely.MultiLineString(_parts(record))
    if kind in POLYGONS:
        return _polygons([part for part in _parts(record) if len(part) > 3])
    if kind == MULTIPATCH:
        raise ValueError("a MultiPatch is no area: export it as polygons")
    raise ValueError(f"{kind} is no kind of geometry")


def _points(record: bytes, at: int, count: int) -> np.ndarray:
    if count < 0 or at + count * 16 > len(record):
        raise ValueError("more points are announced than there are")
    return np.frombuffer(record, "<f8", count * 2, at).reshape(-1, 2)


def _parts(record: bytes) -> list[np.ndarray]:
    parts_n, points_n = struct.unpack("<2i", record[4 + BOX : 12 + BOX])
    start = 12 + BOX
    if parts_n < 0 or start + parts_n * 4 > len(record):
        raise ValueError("more parts are announced than there are")
    begins = [*np.frombuffer(record, "<i4", parts_n, start).tolist(), points_n]
    points = _points(record, start + parts_n * 4, points_n)
    if any(first < 0 or first > last for first, last in itertools.pairwise(begins)):
        raise ValueError("its parts are out of order")
    return [points[first:last] for first, last in itertools.pairwise(begins)]


def _polygons(rings: list[np.ndarray]) -> shapely.Geometry | None:
    """Clockwise rings are outlines, the others holes of the smallest outline around them."""
    if not rings:
        return None
    shapes = [shapely.Polygon(ring) for ring in rings]
    if len(shapes) == 1:
        return shapes[0]
    turns = [shapely.is_ccw(shape.exterior) for shape in shapes]
    outer = sorted((place for place, ccw in enumerate(turns) if not ccw), key=lambda place: shapes[place].area)
    if not outer:  # written the wrong way round throughout: the largest ring is the outline
        outer = [max(range(len(shapes)), key=lambda place: shapes[place].area)]
    holes: dict[int, list[np.ndarray]] = {place: [] for place in outer}
    for place, shape in enumerate(shapes):
        if place in holes:
            continue
        # an island inside the hole covers a point of the hole, never all of it
        home = next((one for one in outer if shapes[one].covers(shape)), None)
        if home is None:
            home = next((one for one in outer if shapes[one].covers(shape.representative_point())), None)
        if home is None:
            holes[place] = []
        else:
            holes[home].append(rings[place])
    made = [shapely.Polygon(rings[place], inner) for place, inner in sorted(holes.items())]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)
