"""Outlines for drawing: one version per zoom band in EPSG:3857, in which neighbours keep their common vertices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import to_mercator

PIXEL_AT_ZOOM_0_M = 156_543.033928041
PIXELS_OF_ERROR = 0.5
TOP_ZOOMS = (7, 9, 11, 13)
LAST_ZOOM = 22
#: Of the square of the tolerance: what a ring has to enclose to leave a trace of a pixel.
INVISIBLE_SHARE = 0.01
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Band:
    """Zooms that are drawn from the same shapes. `tolerance_m` is in 3857 metres; 0 means unsimplified."""

    number: int
    min_zoom: int
    max_zoom: int
    tolerance_m: float


def zoom_bands() -> tuple[Band, ...]:
    """The bands from far to near, each off by about half a pixel (of 256 a tile) at its top zoom; the last is exact."""
    starts = (0, *(zoom + 1 for zoom in TOP_ZOOMS))
    tolerances = (*(PIXEL_AT_ZOOM_0_M / 2**zoom * PIXELS_OF_ERROR for zoom in TOP_ZOOMS), 0.0)
    ends = (*TOP_ZOOMS, LAST_ZOOM)
    return tuple(Band(number, *row) for number, row in enumerate(zip(starts, ends, tolerances, strict=True)))


def band_at(zoom: int) -> Band:
    """The band that serves a zoom; zooms past the last are served by the last."""
    return next((band for band in zoom_bands() if zoom <= band.max_zoom), zoom_bands()[-1])


def simplify_level(polygons_4326: Iterable[shapely.Geometry], band: Band) -> list[shapely.Geometry]:
    """All polygons of one level, together, in 3857 and simplified for a band: same order, same number, none lost.

    Polygons that tile stay a tiling (no gap, no overlap). Where the input does not tile (a surveyor's slivers), each
    border is simplified by itself; a shape that comes out empty or broken is replaced by the unsimplified one. Rings
    that nobody could see can break the simplification of all: where they do, they are left out of what is drawn.
    """
    exact = np.asarray(to_mercator(np.asarray(list(polygons_4326), dtype=object)), dtype=object)
    if band.tolerance_m <= 0 or not len(exact):
        return list(exact)
    drawn = _simplified(exact, band.tolerance_m)
    broken = shapely.is_empty(drawn) | ~shapely.is_valid(drawn) | shapely.is_missing(drawn)
    return list(np.where(broken, exact, drawn))


def _simplified(shapes: Shapes, tolerance: float) -> Shapes:
    """All together; failing that without invisible rings; failing that each by itself."""
    try:
        return shapely.coverage_simplify(shapes, tolerance)
    except shapely.errors.GEOSException:
        pass
    plain = np.array([_without_specks(shape, INVISIBLE_SHARE * tolerance**2) for shape in shapes], dtype=object)
    try:
        return shapely.coverage_simplify(plain, tolerance)
    except shapely.errors.GEOSException:
        return shapely.simplify(plain, tolerance)


def _without_specks(shape: shapely.Geometry, least: float) -> shapely.Geometry:
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > least])
        for part in shapely.get_parts(shape)
        if part.area > least
    ]
    return shapely.MultiPolygon(parts) if parts else shape
