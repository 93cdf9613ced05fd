"""From the file's coordinates to WGS84. GCJ-02 and projected systems end here; nobody else meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from data.imports.report import InputError
from geo.crs import Floats, from_gcj02, gcj02_to_wgs84

WGS84_NAMES = ("wgs84", "epsg:4326", "4326", "ogc:crs84", "crs84")

Change = Callable[[Floats, Floats], tuple[Floats, Floats]]


def check_crs(name: str | None) -> str | None:
    """`gcj02`, `wgs84` or an EPSG code, as given on the command line. Raises InputError."""
    if name is None or name.lower() in ("gcj02", "gcj-02"):
        return None if name is None else "gcj02"
    if name.lower() in WGS84_NAMES:
        return "wgs84"
    try:
        return CRS.from_user_input(name).to_string()
    except CRSError as error:
        raise InputError(f"'{name}' is no coordinate system: give gcj02, wgs84 or EPSG:n.") from error


def is_degrees(name: str | None) -> bool:
    """Whether lon and lat have to lie within 180 and 90."""
    return name in (None, "gcj02", "wgs84") or CRS.from_user_input(name).is_geographic


def points_to_wgs84(x: Floats, y: Floats, crs: str | None) -> tuple[Floats, Floats]:
    """Coordinates x, y (lon, lat or metres) of a system in WGS84 degrees; NaN stays NaN."""
    if crs in (None, "wgs84"):
        return x, y
    if crs == "gcj02":
        return gcj02_to_wgs84(x, y)
    lon, lat = _transformer(crs).transform(x, y)
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    return np.where(np.isfinite(lon), lon, np.nan), np.where(np.isfinite(lat), lat, np.nan)


def shapes_to_wgs84(shapes: Any, crs: str | None) -> Any:
    """An array of geometries in WGS84. Raises InputError when the system does not fit the numbers."""
    if crs in (None, "wgs84"):
        return shapes
    if crs == "gcj02":
        return from_gcj02(shapes)
    change = _transformer(crs)
    return shapely.transform(shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))


def _transformer(crs: str | None) -> Transformer:
    try:
        return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except (CRSError, ProjError) as error:
        raise InputError(f"coordinates of {crs} cannot be changed to WGS84: {error}.") from error


def parse_degree(text: str) -> float:
    """A coordinate with a decimal point or comma. Raises ValueError."""
    value = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    if not np.isfinite(value):
        raise ValueError(text)
    return value
