"""The points of a file's rows in WGS84, from two columns or from a map file's geometry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from data.imports.coordinates import check_crs, is_degrees, parse_degree, points_to_wgs84
from data.imports.locating import Locator
from data.imports.records import Record, Source
from data.imports.report import ImportReport, RowError
from geo.crs import Floats

Row = tuple[Source, Record]


def read_points(rows: Sequence[Row], report: ImportReport) -> tuple[Floats, Floats, set[int]]:
    """Longitudes and latitudes, NaN where a row has none, and the places in `rows` of those that are bad."""
    lon, lat = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    bad: set[int] = set()
    for place, (source, record) in enumerate(rows):
        try:
            lon[place], lat[place] = _point(source, record)
        except RowError as error:
            report.refuse_row(source.file, record.row, error)
            bad.add(place)
    for crs in {source.section.option("crs") for source, _ in rows if not source.from_map}:
        chosen = np.array([not source.from_map and source.section.option("crs") == crs for source, _ in rows])
        lon[chosen], lat[chosen] = points_to_wgs84(lon[chosen], lat[chosen], check_crs(crs))
    return lon, lat, bad


def _point(source: Source, record: Record) -> tuple[float, float]:
    if source.from_map:
        return _middle(record.geometry)
    x, y = _coordinate(source, record, "lon"), _coordinate(source, record, "lat")
    if (x is None) != (y is None):
        raise RowError("lon" if x is None else "lat", "is empty, but the other coordinate is given")
    if x is None or y is None:
        return np.nan, np.nan
    if is_degrees(check_crs(source.section.option("crs"))):
        if abs(y) > 90 and abs(x) <= 90:
            raise RowError("lat", f"{y:g} is no latitude: lon and lat look swapped")
        if abs(x) > 180 or abs(y) > 90:
            raise RowError("lon" if abs(x) > 180 else "lat", f"{x:g}, {y:g} are no degrees; give --crs EPSG:n")
    return x, y


def _coordinate(source: Source, record: Record, name: str) -> float | None:
    found = source.text(record, name)
    if found is None:
        return None
    try:
        return parse_degree(found)
    except ValueError:
        raise RowError(name, f"'{found[:40]}' is no number") from None


def _middle(geometry: shapely.Geometry | None) -> tuple[float, float]:
    """The point itself; of a line or polygon a point on it."""
    if geometry is None or geometry.is_empty:
        raise RowError("geometry", "is empty")
    point = geometry if geometry.geom_type == "Point" else geometry.representative_point()
    return point.x, point.y


def refuse_swapped(locator: Locator, lon: float, lat: float) -> None:
    """Raises RowError when a point that lies nowhere would lie in the deployment with its coordinates exchanged."""
    if abs(lon) <= 90 and locator.covers(lat, lon):
        raise RowError("lon", f"{lon:g}, {lat:g} lies outside, and inside when exchanged: lon and lat look swapped")
