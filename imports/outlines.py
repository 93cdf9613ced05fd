"""Normalised polygons: flat, complete, valid. A self-crossing one is repaired when that keeps its size."""

from __future__ import annotations

import re

import numpy as np
import shapely

from imports.report import RowError

LARGEST_CHANGE = 0.05
POLAR = 66.6
WHERE = re.compile(r"\[([-0-9.e]+) ([-0-9.e]+)\]")


def outline_of(geometry: shapely.Geometry | None) -> tuple[shapely.MultiPolygon, bool]:
    """The geometry as a valid MultiPolygon, and whether it had to be mended. Raises RowError."""
    if geometry is None or geometry.is_empty:
        raise RowError("geometry", "is empty")
    if geometry.geom_type not in ("Polygon", "MultiPolygon", "GeometryCollection"):
        raise RowError("geometry", f"is a {geometry.geom_type}, an area has to be a Polygon or MultiPolygon")
    if not shapely.get_coordinates(geometry).size:
        raise RowError("geometry", "has no coordinates")
    if geometry.is_valid and geometry.geom_type != "GeometryCollection":
        return polygons_of(geometry), False
    return _mended(geometry), True


def polygons_of(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Only the polygons of a geometry: lines and points that mending leaves over are dropped. Raises RowError."""
    parts = [part for part in _parts(geometry) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        raise RowError("geometry", "encloses nothing")
    return shapely.MultiPolygon(parts)


def is_polar(geometry: shapely.Geometry) -> bool:
    """Whether all of it lies beyond a polar circle."""
    return not geometry.is_empty and bool(np.abs(shapely.get_coordinates(geometry)[:, 1]).min() > POLAR)


def _parts(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    if hasattr(geometry, "geoms"):
        return [inner for part in geometry.geoms for inner in _parts(part)]
    return [geometry]


def _mended(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    reason = shapely.is_valid_reason(geometry)
    mended = polygons_of(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    before, after = geometry.area, mended.area
    change = abs(after - before) / max(before, after)
    if change > LARGEST_CHANGE:
        match = WHERE.search(reason)
        where = f" at {float(match[1]):.5f}, {float(match[2]):.5f}" if match else ""
        raise RowError("geometry", f"crosses itself{where}, and mending it would change its size by {change:.0%}")
    return mended
