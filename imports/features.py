"""Features of map files: GeoJSON, GeoPackage, Shapefile (also zipped), numbered from 1, flat, in WGS84.

No driver that follows links, opens other files or asks the network reads them: the ending and the first bytes choose one
of three readers of our own, which get the bytes of the file and nothing else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from imports.archives import Archive
from imports.coordinates import check_crs, crs_of_file, shapes_to_wgs84
from imports.file_bytes import read_bytes, read_packed, refuse_other_kind
from imports.geojson import read_geojson
from imports.geopackage import read_geopackage
from imports.layers import Layer
from imports.mapping import Section
from imports.report import InputError
from imports.shapefiles import Parts, read_shapefile
from imports.text_encoding import decode

ENDINGS = (".geojson", ".json", ".gpkg", ".shp", ".zip")
INSIDE = (".shp", ".gpkg", ".geojson", ".json")


@dataclass(frozen=True)
class Feature:
    """A feature as read: its number in the file, its properties, and its geometry or None (then perhaps why)."""

    row: int
    values: dict[str, Any]
    geometry: shapely.Geometry | None
    fault: str = ""


@dataclass(frozen=True)
class Features:
    file: str
    columns: tuple[str, ...]
    features: list[Feature]
    notes: Counter[str] = field(default_factory=Counter)


def is_features(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS)


def read_features(path: Path, section: Section, *, crs: str | None = None) -> Features:
    """All features; `crs` given here or in the section wins over what the file says. Raises InputError."""
    if not is_features(path):
        raise InputError(f"{path.name}: map files are read from {', '.join(ENDINGS)}.")
    layer = _layer(path, section)
    if not layer.rows:
        raise InputError(f"{path.name}: holds no features.")
    _drop_unreadable(layer)
    shapes = shapely.force_2d(np.array(layer.shapes, dtype=object))
    wanted = check_crs(crs or section.crs)
    shapes, note = shapes_to_wgs84(
        shapes, wanted or _stated(path, layer.crs, shapes), inexact=section.accept_inexact == "true"
    )
    _require_degrees(path, shapes)
    if note:
        layer.notes[note] += 1
    features = [
        Feature(number, row, shape, layer.faults.get(number, ""))
        for number, (row, shape) in enumerate(zip(layer.rows, shapes, strict=True), 1)
    ]
    return Features(path.name, layer.columns, features, layer.notes)


def _layer(path: Path, section: Section) -> Layer:
    name, layer, encoding = path.name, section.layer, section.encoding
    if name.lower().endswith(".zip"):
        return _zipped(Archive(name, read_packed(path)), section)
    if name.lower().endswith(".gpkg"):
        _refuse_open_log(path)
        return read_geopackage(name, read_packed(path), layer)
    if name.lower().endswith(".shp"):
        return read_shapefile(
            Parts(name, read_packed(path), _beside(path, ".dbf"), _prj(_beside(path, ".prj")), _cpg(_beside(path, ".cpg"))),
            encoding,
        )
    content = read_bytes(path)
    refuse_other_kind(name, content, "GeoJSON")
    return read_geojson(name, decode(name, content, encoding))


def _zipped(archive: Archive, section: Section) -> Layer:
    """One Shapefile, GeoPackage or GeoJSON of an archive."""
    members = [
        name for name in archive.names if name.lower().endswith(INSIDE) and not name.rsplit("/", 1)[-1].startswith("._")
    ]
    if len(members) != 1:
        listed = f"{len(members)}: {', '.join(members[:4])}" if members else "none"
        raise InputError(f"{archive.file}: has to hold one Shapefile, GeoPackage or GeoJSON, it holds {listed}.")
    member, encoding = members[0], section.encoding
    content = archive.read(member)
    if member.lower().endswith(".gpkg"):
        return read_geopackage(archive.file, content, section.layer)
    if not member.lower().endswith(".shp"):
        refuse_other_kind(archive.file, content, "GeoJSON")
        return read_geojson(archive.file, decode(archive.file, content, encoding))
    beside = {name.lower(): name for name in archive.names}

    def part(ending: str) -> bytes | None:
        name = beside.get(member[:-4].lower() + ending)
        return archive.read(name) if name else None

    return read_shapefile(
        Parts(archive.file, content, part(".dbf"), _prj(part(".prj")), _cpg(part(".cpg"))), encoding
    )


def _beside(path: Path, ending: str) -> bytes | None:
    for sibling in (path.with_suffix(ending), path.with_suffix(ending.upper())):
        if sibling.exists():
            return read_packed(sibling)
    return None


def _prj(content: bytes | None) -> str | None:
    return content.decode("utf-8", errors="replace").strip("\ufeff \r\n\x00") or None if content else None


def _cpg(content: bytes | None) -> str | None:
    return content.decode("ascii", errors="replace").strip("\ufeff \r\n\x00")[:40] or None if content else None


def _refuse_open_log(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise InputError(f"{path.name}: another program has it open ({log.name} holds changes); close that first.")


def _drop_unreadable(layer: Layer) -> None:
    """A geometry with NaN, infinite or absurd numbers is dropped, with a note on its row."""
    for number, shape in enumerate(layer.shapes, 1):
        if shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all():
            layer.shapes[number - 1] = None
            layer.faults[number] = "has coordinates that are no numbers"


def _stated(path: Path, crs: str | None, shapes: Any) -> str | None:
    if crs:
        return crs_of_file(path.name, crs)
    bounds = shapely.total_bounds(shapes)
    if np.isfinite(bounds).all() and (np.abs(bounds[[0, 2]]) > 180).any():
        raise InputError(f"{path.name}: says no coordinate system and holds no degrees; give --crs EPSG:n.")
    return None


def _require_degrees(path: Path, shapes: Any) -> None:
    west, south, east, north = shapely.total_bounds(shapes)
    if not np.isfinite([west, south, east, north]).all():
        return
    if max(abs(south), abs(north)) > 90 and max(abs(west), abs(east)) <= 90:
        raise InputError(f"{path.name}: latitudes reach {max(south, north, key=abs):g}: lon and lat look swapped.")
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise InputError(
            f"{path.name}: coordinates reach {east:g}, {north:g}, which are no degrees; give --crs EPSG:n."
        )
