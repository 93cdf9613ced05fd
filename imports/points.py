"""Points of a file's rows in WGS84, from two columns or from a map file's geometry."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import shapely

from geo.crs import Floats
from imports.coordinates import check_crs, is_degrees, parse_degree, points_to_wgs84
from imports.locating import Locator
from imports.records import Record, Source
from imports.report import ImportReport, RowError

Row = tuple[Source, Record]
#: A number of metres with one comma and three digits behind it: 500,123 is half a million or five hundred.
THOUSANDS = re.compile(r"[+-]?\d{1,3},\d{3}")
AT_ZERO = "points at 0, 0, read as none"


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
    at_zero = (lon == 0) & (lat == 0)
    if at_zero.any():
        report.notes[AT_ZERO] += int(at_zero.sum())
        lon[at_zero] = lat[at_zero] = np.nan
    for crs, inexact in {_system(source) for source, _ in rows if not source.from_map}:
        chosen = np.array([not source.from_map and _system(source) == (crs, inexact) for source, _ in rows])
        given = chosen & np.isfinite(lon)
        lon[chosen], lat[chosen], note = points_to_wgs84(lon[chosen], lat[chosen], check_crs(crs), inexact=inexact)
        if note:
            report.notes[note] += int(given.sum())
        for lost in np.flatnonzero(given & ~np.isfinite(lon)).tolist():
            source, record = rows[lost]
            report.refuse_row(source.file, record.row, RowError("lon", f"lies outside of what {crs} can describe"))
            bad.add(lost)
    return lon, lat, bad


def _system(source: Source) -> tuple[str | None, bool]:
    return source.section.crs, source.section.accept_inexact == "true"


def _point(source: Source, record: Record) -> tuple[float, float]:
    if source.from_map:
        return _middle(record.geometry)
    degrees = is_degrees(check_crs(source.section.crs))
    x, y = _coordinate(source, record, "lon", degrees), _coordinate(source, record, "lat", degrees)
    if (x is None) != (y is None):
        raise RowError("lon" if x is None else "lat", "is empty, but the other coordinate is given")
    if x is None or y is None:
        return np.nan, np.nan
    if degrees:
        if abs(y) > 90 and abs(x) <= 90:
            raise RowError("lat", f"{y:g} is no latitude: lon and lat look swapped")
        if abs(x) > 180 or abs(y) > 90:
            raise RowError("lon" if abs(x) > 180 else "lat", f"{x:g}, {y:g} are no degrees; give --crs EPSG:n")
    return x, y


def _coordinate(source: Source, record: Record, name: str, degrees: bool) -> float | None:
    text = source.text(record, name)
    if text is None:
        return None
    if not degrees and THOUSANDS.fullmatch(text):
        raise RowError(name, f"'{text}' can be two numbers: write it without marks between thousands")
    try:
        return parse_degree(text, name)
    except ValueError as error:
        raise RowError(name, str(error)) from None


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
