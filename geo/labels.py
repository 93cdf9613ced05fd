"""Label point, bounding box and size of an area."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from geo.crs import Floats

WGS84_A = 6_378_137.0
WGS84_E = 0.0818191908426215
SEARCH_SHARE = 0.01


class Label(NamedTuple):
    """A point that lies inside (degrees), the bounding box (west, south, east, north) and the area in km2."""

    lon: float
    lat: float
    bbox: tuple[float, float, float, float]
    area_km2: float


def label_of(geometry: shapely.Geometry) -> Label:
    """Label point, box and size of a polygon or multipolygon in 4326. Raises ValueError for an empty one."""
    if geometry.is_empty:
        raise ValueError("an empty geometry has no label point")
    west, south, east, north = (float(value) for value in geometry.bounds)
    lon, lat = label_point(geometry)
    return Label(lon, lat, (west, south, east, north), area_km2(geometry))


def label_point(geometry: shapely.Geometry) -> tuple[float, float]:
    """The point of the largest part that is farthest from the border, so that a label has room around it."""
    part = largest_part(geometry)
    west, south, east, north = part.bounds
    squeeze = float(np.cos(np.radians((south + north) / 2)))
    flat = shapely.transform(part, lambda xy: xy * (squeeze, 1.0))
    line = shapely.maximum_inscribed_circle(flat, tolerance=SEARCH_SHARE * max(east - west, north - south))
    point = shapely.get_point(line, 0)
    point = shapely.Point(point.x / squeeze, point.y)
    if not part.contains(point):  # thinner than the search can see
        point = part.representative_point()
    return float(point.x), float(point.y)


def largest_part(geometry: shapely.Geometry) -> shapely.Polygon:
    return max(shapely.get_parts(geometry), key=shapely.area)


def area_km2(geometry: shapely.Geometry) -> float:
    """Area on the WGS84 ellipsoid: degrees are laid on its equal-area cylinder, where plane area is true.

    Edges count as straight on that cylinder instead of as geodesics: for edges of kilometres a difference below 1e-6.
    """
    return float(shapely.area(shapely.transform(geometry, _equal_area))) / 1e6


def _equal_area(xy: Floats) -> Floats:
    """Degrees to metres on the authalic cylinder (Snyder 1987, equation 3-12)."""
    sine = np.sin(np.radians(xy[:, 1]))
    bend = sine / (1.0 - (WGS84_E * sine) ** 2) + np.arctanh(WGS84_E * sine) / WGS84_E
    north = WGS84_A / 2.0 * (1.0 - WGS84_E**2) * bend
    return np.column_stack((WGS84_A * np.radians(xy[:, 0]), north))
