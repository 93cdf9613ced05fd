"""Coordinates: WGS84 inside; GCJ-02 only at the border (imports, some base maps); 3857 for drawing.

All functions take scalars or arrays of degrees (lon, lat) or metres (x, y) and return float64 arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

EARTH_RADIUS_M = 6_371_008.8
MERCATOR_RADIUS_M = 6_378_137.0
MERCATOR_MAX_LAT = 85.051128779806604
# The GCJ-02 offset is defined on the Krasovsky 1940 ellipsoid, and only inside this rectangle.
KRASOVSKY_A = 6_378_245.0
KRASOVSKY_EE = 0.00669342162296594323
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
# The offset changes by less than 1 part in 100 over its own length, so each round gains two digits: 8 are plenty.
INVERSE_ROUNDS = 8


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether GCJ-02 applies there: the rectangle of the published algorithm, which is wider than the country."""
    x, y = _floats(lon, lat)
    west, south, east, north = CHINA_BOX
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS84 degrees to the obfuscated coordinates of Chinese base maps; outside the rectangle nothing moves."""
    x, y = _floats(lon, lat)
    dx, dy = _offset(x, y)
    inside = in_china(x, y)
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Undo `wgs84_to_gcj02` to better than 1e-9 degrees, by fixed-point iteration (there is no closed form)."""
    x, y = _floats(lon, lat)
    guess_x, guess_y = x, y
    for _ in range(INVERSE_ROUNDS):
        dx, dy = _offset(guess_x, guess_y)
        guess_x, guess_y = x - dx, y - dy
    inside = in_china(guess_x, guess_y)
    return np.where(inside, guess_x, x), np.where(inside, guess_y, y)


def wgs84_to_mercator(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """EPSG:4326 degrees to EPSG:3857 metres; latitudes are held within the square of the projection."""
    x, y = _floats(lon, lat)
    y = np.clip(y, -MERCATOR_MAX_LAT, MERCATOR_MAX_LAT)
    return MERCATOR_RADIUS_M * np.radians(x), MERCATOR_RADIUS_M * np.arcsinh(np.tan(np.radians(y)))


def mercator_to_wgs84(x: ArrayLike, y: ArrayLike) -> Pair:
    """EPSG:3857 metres to EPSG:4326 degrees."""
    east, north = _floats(x, y)
    return np.degrees(east / MERCATOR_RADIUS_M), np.degrees(np.arctan(np.sinh(north / MERCATOR_RADIUS_M)))


def distance_m(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Great-circle distance in metres (haversine on the mean sphere: within 0.6 % of the ellipsoid)."""
    lam_a, phi_a = map(np.radians, _floats(lon_a, lat_a))
    lam_b, phi_b = map(np.radians, _floats(lon_b, lat_b))
    half = np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin((lam_b - lam_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def to_mercator(geometries: Any) -> Any:
    """Geometries (one or an array) of 4326 in 3857. Equal vertices stay equal, so shared borders stay shared."""
    return _transform(geometries, wgs84_to_mercator)


def from_mercator(geometries: Any) -> Any:
    return _transform(geometries, mercator_to_wgs84)


def from_gcj02(geometries: Any) -> Any:
    return _transform(geometries, gcj02_to_wgs84)


def _transform(geometries: Any, change: Any) -> Any:
    return shapely.transform(geometries, lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])))


def _floats(*values: ArrayLike) -> Pair:
    first, second = (np.asarray(value, dtype=np.float64) for value in values)
    return first, second


def _offset(lon: Floats, lat: Floats) -> Pair:
    """The GCJ-02 offset in degrees at a WGS84 point: a published polynomial with sine waves."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (waves + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north = north + (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (waves + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east = east + (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - KRASOVSKY_EE * np.sin(phi) ** 2
    north = np.degrees(north * magic * np.sqrt(magic) / (KRASOVSKY_A * (1.0 - KRASOVSKY_EE)))
    east = np.degrees(east * np.sqrt(magic) / (KRASOVSKY_A * np.cos(phi)))
    return east, north
