"""GeoJSON, read by a parser of our own: only the text of the file, whole numbers exact, each geometry judged alone."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import shapely
from shapely.errors import ShapelyError

from imports.layers import Layer
from imports.report import InputError

NAMED_CRS = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|OGC)(?::[0-9.]*)?:+([A-Za-z0-9]+)", re.IGNORECASE)
CRS_PAGE = re.compile(r"https?://www\.opengis\.net/def/crs/(EPSG|OGC)/[0-9.]+/([A-Za-z0-9]+)", re.IGNORECASE)
GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
OTHER_JSON = {"Topology": "TopoJSON", "features": "Esri JSON"}


def read_geojson(name: str, text: str) -> Layer:
    """Raises InputError."""
    content = _parse(name, text.removeprefix("\ufeff"))
    features = _features(name, content)
    columns: dict[str, None] = {}
    rows, shapes, faults = [], [], {}
    for number, feature in enumerate(features, 1):
        values = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(feature, dict) or not isinstance(values, dict | None):
            raise InputError(f"{name} feature {number}: is no feature with properties.")
        row = {str(key): _plain(value) for key, value in (values or {}).items()}
        if "id" not in row and isinstance(feature.get("id"), str | int):
            row["id"] = feature["id"]
        columns.update(dict.fromkeys(row))
        rows.append(row)
        shape, fault = _geometry(feature.get("geometry"))
        shapes.append(shape)
        if fault:
            faults[number] = fault
    return Layer(tuple(columns), rows, shapes, crs=_crs(name, content), faults=faults)


def _parse(name: str, text: str) -> Any:
    """JSON, also with the NaN that Python and R write, which is then no value."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        line, reason = text.count("\n", 0, error.pos) + 1, error.msg
    try:
        if "NaN" in text or "Infinity" in text:
            return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        pass
    raise InputError(f"{name}: cannot be read as a map file: no JSON in line {line}: {reason}.")


def _features(name: str, content: Any) -> list[Any]:
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection" and isinstance(content.get("features"), list):
        return content["features"]
    if kind == "Feature":
        return [content]
    if kind in GEOMETRIES:
        raise InputError(f"{name}: holds a bare geometry; areas and places are features with properties.")
    other = next((word for key, word in OTHER_JSON.items() if isinstance(content, dict) and (kind == key or key in content)), "")
    raise InputError(f"{name}: is no GeoJSON{f' but {other}' if other else ''}: a FeatureCollection is read.")


def _crs(name: str, content: dict[str, Any]) -> str | None:
    """The EPSG or OGC code that the file names. A link, a path or a definition is not followed."""
    stated = content.get("crs")
    if stated is None:
        return None
    kind = stated.get("type") if isinstance(stated, dict) else None
    properties = stated.get("properties") if isinstance(stated, dict) else None
    if kind == "EPSG" and isinstance(properties, dict) and str(properties.get("code", "")).isdigit():
        return f"EPSG:{properties['code']}"
    wanted = properties.get("name") if kind == "name" and isinstance(properties, dict) else None
    if not isinstance(wanted, str):
        raise InputError(f"{name}: its 'crs' is no name of a coordinate system and is not followed; give --crs EPSG:n.")
    match = NAMED_CRS.fullmatch(wanted.strip()) or CRS_PAGE.fullmatch(wanted.strip())
    if match is None:
        raise InputError(f"{name}: its 'crs' '{wanted[:60]}' is no EPSG code; give --crs EPSG:n.")
    return f"{match[1].upper()}:{match[2].upper()}"


def _geometry(geometry: Any) -> tuple[shapely.Geometry | None, str]:
    """The geometry, or None and why there is none."""
    if geometry is None:
        return None, ""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in GEOMETRIES:
        return None, f"'{str(kind)[:30]}' is no geometry of GeoJSON"
    try:
        return shapely.from_geojson(orjson.dumps(geometry)), ""
    except (ShapelyError, ValueError, TypeError) as error:
        reason = f"cannot be read: {' '.join(str(error).split())[:80]}"
    try:  # positions of four numbers, of which the reader knows three
        return shapely.from_geojson(orjson.dumps({**geometry, "coordinates": _flat(geometry.get("coordinates"))})), ""
    except (ShapelyError, ValueError, TypeError, RecursionError):
        return None, reason


def _flat(coordinates: Any) -> Any:
    if isinstance(coordinates, list) and len(coordinates) > 2 and isinstance(coordinates[0], int | float):
        return coordinates[:2]
    return [_flat(one) for one in coordinates] if isinstance(coordinates, list) else coordinates


def _plain(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value
