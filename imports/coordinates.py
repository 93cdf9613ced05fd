"""Conversion of a file's coordinates to WGS84: GCJ-02 and projected systems end here."""

from __future__ import annotations

import functools
import re
import warnings
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer, network
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from geo.crs import Floats, from_gcj02, gcj02_to_wgs84
from imports.report import InputError
from rules.identifiers import normal_code

WGS84_NAMES = ("wgs84", "epsg:4326", "4326", "ogc:crs84", "crs84")
#: Datums on an ellipsoid of this size (GRS 80, CGCS2000, WGS 84) lie within a metre or two of WGS84.
SATELLITE_AGE_AXIS_M = 6_378_137.0
#: What would make PROJ open another file or address.
REACHES_OUT = re.compile(r"nadgrids|geoidgrids|\+?init\s*=|parameterfile|proj4_grids|https?:|\+grids", re.IGNORECASE)
WKT = re.compile(r"\s*(?:GEOGCS|PROJCS|GEOGCRS|PROJCRS|GEODCRS|BOUNDCRS|COMPD_CS|COMPOUNDCRS)\s*[\[(]", re.IGNORECASE)
TOLD_FROM_M = 3.0


def check_crs(name: str | None) -> str | None:
    """`gcj02`, `wgs84` or an EPSG code, as given on the command line. Raises InputError."""
    if name is None or name.lower() in ("gcj02", "gcj-02"):
        return None if name is None else "gcj02"
    if name.lower() in WGS84_NAMES:
        return "wgs84"
    if REACHES_OUT.search(name):
        raise InputError(f"'{name[:60]}' names other files, which are not opened: give gcj02, wgs84 or EPSG:n.")
    try:
        return CRS.from_user_input(name).to_string()
    except CRSError as error:
        raise InputError(f"'{name[:60]}' is no coordinate system: give gcj02, wgs84 or EPSG:n.") from error


def crs_of_file(file: str, stated: str) -> str | None:
    """The system that a file names by its code or describes as WKT. Raises InputError."""
    if re.fullmatch(r"(EPSG|OGC):\w+", stated, re.IGNORECASE):
        return check_crs(stated)
    if not WKT.match(stated) or REACHES_OUT.search(stated.replace("+nadgrids=@null", "")):
        raise InputError(f"{file}: its coordinate system is described in a way that is not read; give --crs EPSG:n.")
    try:
        return CRS.from_wkt(stated).to_string()
    except CRSError as error:
        raise InputError(f"{file}: its coordinate system is not understood; give --crs EPSG:n.") from error


def is_degrees(name: str | None) -> bool:
    """Whether lon and lat have to lie within 180 and 90."""
    return name in (None, "gcj02", "wgs84") or CRS.from_user_input(name).is_geographic


def points_to_wgs84(x: Floats, y: Floats, crs: str | None, *, inexact: bool = False) -> tuple[Floats, Floats, str]:
    """Coordinates x, y (lon, lat or metres) of a system in WGS84 degrees, and what is to be said of it; NaN stays NaN.

    Raises InputError when the way to WGS84 is not known, unless `inexact` is accepted.
    """
    if crs in (None, "wgs84"):
        return x, y, ""
    if crs == "gcj02":
        return *gcj02_to_wgs84(x, y), ""
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return x, y, ""
    change, note = _change(crs, x[known], y[known], inexact)
    lon, lat = np.full(len(x), np.nan), np.full(len(y), np.nan)
    lon[known], lat[known] = change.transform(x[known], y[known])
    return np.where(np.isfinite(lon), lon, np.nan), np.where(np.isfinite(lat), lat, np.nan), note


def shapes_to_wgs84(shapes: Any, crs: str | None, *, inexact: bool = False) -> tuple[Any, str]:
    """An array of geometries in WGS84, and what is to be said of it. Raises InputError as `points_to_wgs84`."""
    if crs in (None, "wgs84"):
        return shapes, ""
    if crs == "gcj02":
        return from_gcj02(shapes), ""
    xy = shapely.get_coordinates(shapes)
    if not len(xy):
        return shapes, ""
    change, note = _change(crs, xy[:, 0], xy[:, 1], inexact)
    return shapely.transform(shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1]))), note


def _change(crs: str | None, x: Floats, y: Floats, inexact: bool) -> tuple[Transformer, str]:
    """The best known way to WGS84 for these points. PROJ's own choice falls back to none at all, without a word."""
    system, plain, ways = _ways(crs)
    lon, lat = plain.transform(x, y)
    box = [float(np.min(lon)), float(np.min(lat)), float(np.max(lon)), float(np.max(lat))]
    if not np.isfinite(box).all():
        raise InputError(f"coordinates do not fit the system {_short(system)}; is it the right one?")
    for way in ways:
        if _covers(way, box):
            about = f"coordinates of {_short(system)}, moved to WGS84 with an error of up to {way.accuracy:g} m"
            return way, about if way.accuracy > TOLD_FROM_M else ""
    ellipsoid = system.ellipsoid
    if system.is_bound or (ellipsoid is not None and abs(ellipsoid.semi_major_metre - SATELLITE_AGE_AXIS_M) < 1):
        return plain, ""
    if inexact:
        return plain, f"coordinates of {_short(system)}, taken as WGS84 without a shift: 50 to 100 m off, or more"
    raise InputError(
        f"coordinates of {_short(system)} cannot be moved to WGS84 exactly: without its local parameters they end up 50 to"
        " 100 m off, or more. Export them in CGCS2000 or WGS84, give --crs with '+proj=... +towgs84=...', or say"
        " 'accept_inexact: true' in the mapping."
    )


@functools.lru_cache(maxsize=16)
def _ways(crs: str | None) -> tuple[CRS, Transformer, tuple[Transformer, ...]]:
    """The system, PROJ's way that may be none, and the published ones, best first."""
    network.set_network_enabled(False)
    try:
        system = CRS.from_user_input(crs)
        plain = Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    except (CRSError, ProjError) as error:
        raise InputError(f"coordinates of {crs} cannot be changed to WGS84: {error}.") from error
    if system.is_geocentric:
        raise InputError(f"coordinates of {_short(system)} are distances from the centre of the earth; export degrees.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a grid that is not installed: the next best way is told with its error
            group = TransformerGroup(system, "EPSG:4326", always_xy=True, allow_ballpark=False)
    except (CRSError, ProjError):
        return system, plain, ()
    ways = [way for way in group.transformers if way.accuracy is not None and way.accuracy >= 0]
    return system, plain, tuple(sorted(ways, key=lambda way: way.accuracy))


def _covers(way: Transformer, box: list[float]) -> bool:
    area = way.area_of_use
    if area is None:
        return way.accuracy == 0
    west, south, east, north = box
    if area.west > area.east:  # across the antimeridian
        return area.south <= south and north <= area.north
    return area.west <= west and area.south <= south and east <= area.east and north <= area.north


def _short(system: CRS) -> str:
    code = system.to_epsg()
    return f"EPSG:{code} ({system.name})" if code else system.name


SIDES = {
    "lon": {"e": 1, "w": -1, "东经": 1, "东": 1, "西经": -1, "西": -1},
    "lat": {"n": 1, "s": -1, "北纬": 1, "北": 1, "南纬": -1, "南": -1},
}
SIDE = "|".join(sorted({word for sides in SIDES.values() for word in sides}, key=len, reverse=True))
NUMBER = r"\d+(?:[.,]\d+)?"
SEXAGESIMAL = re.compile(
    rf"(?P<before>{SIDE})?\s*(?P<sign>[+-])?\s*(?P<d>{NUMBER})\s*(?:(?:[°º˚]|度|d(?=\s*\d|\s*$))\s*"
    rf"(?:(?P<m>{NUMBER})\s*(?:['′’‘]|分|m)?\s*(?:(?P<s>{NUMBER})\s*(?:\"|″|”|''|′′|秒|s(?=\s|$|[ew]))?)?)?)?\s*"
    rf"(?P<after>{SIDE})?",
    re.IGNORECASE,
)
SPACED = re.compile(r"(?P<sign>[+-])?(?P<d>\d{1,3}) (?P<m>\d{1,2}) (?P<s>\d{1,2}(?:[.,]\d+)?)(?P<rest>.*)")


def parse_degree(text: str, axis: str = "lon") -> float:
    """A coordinate: decimal point or comma, degrees, minutes and seconds, N, E, 北纬, 东经. Raises ValueError."""
    text = text.replace("\u2212", "-")
    plain = normal_code(text)
    try:
        value = float(_with_point(plain))
    except ValueError:
        value = _sexagesimal(text, axis)
    if not np.isfinite(value) or "_" in plain:
        raise ValueError(f"'{text[:40]}' is no number")
    return value


def _with_point(text: str) -> str:
    """The number with a decimal point: 100,5 and 1.234.567,8 and 1,234,567.8 are all written."""
    if "," not in text:
        return text
    if "." not in text:
        whole, _, rest = text.rpartition(",")
        if text.count(",") > 1 or (len(rest) == 3 and len(whole.lstrip("+-")) > 3):
            raise ValueError(f"'{text[:40]}' can be two numbers: write it without marks between thousands")
        return text.replace(",", ".")
    marks = (",", ".") if text.rindex(".") > text.rindex(",") else (".", ",")
    if text.count(marks[1]) > 1 or not re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{marks[0]}\d{{3}})+\{marks[1]}\d*", text):
        raise ValueError(f"'{text[:40]}' is no number")
    return text.replace(marks[0], "").replace(marks[1], ".")


def _sexagesimal(text: str, axis: str) -> float:
    spelt = " ".join(text.split())
    if match := SPACED.fullmatch(spelt):
        spelt = f"{match['sign'] or ''}{match['d']}°{match['m']}′{match['s']}″{match['rest']}"
    match = SEXAGESIMAL.fullmatch(spelt)
    if match is None:
        raise ValueError(f"'{text[:40]}' is no number")
    degrees, minutes, seconds = (float((match[part] or "0").replace(",", ".")) for part in ("d", "m", "s"))
    if minutes >= 60 or seconds >= 60:
        raise ValueError(f"'{text[:40]}' has more than 59 minutes or seconds")
    value = degrees + minutes / 60 + seconds / 3600
    side = (match["before"] or match["after"] or "").lower()
    if (match["before"] and match["after"]) or (side and match["sign"] == "-"):
        raise ValueError(f"'{text[:40]}' names two directions")
    if side and side not in SIDES[axis]:
        raise ValueError(f"'{text[:40]}' is a {'latitude' if axis == 'lon' else 'longitude'}: lon and lat look swapped")
    sign = -1 if match["sign"] == "-" else SIDES[axis].get(side, 1)
    return sign * value
