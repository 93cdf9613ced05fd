"""Features of map files: GeoJSON, GeoPackage, Shapefile (also zipped), numbered from 1, flat, in WGS84."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from data.imports.coordinates import check_crs, shapes_to_wgs84
from data.imports.mapping import Section
from data.imports.presence import drop_absent
from data.imports.report import InputError, did_you_mean
from data.imports.tables import LARGEST_BYTES, decode, read_bytes
from data.imports.workbooks import check_archive

ENDINGS = (".geojson", ".json", ".gpkg", ".shp", ".zip")


@dataclass(frozen=True)
class Feature:
    """A feature as read: its number in the file, its properties, and its geometry or None."""

    row: int
    values: dict[str, Any]
    geometry: shapely.Geometry | None


@dataclass(frozen=True)
class Features:
    file: str
    columns: tuple[str, ...]
    features: list[Feature]


def is_features(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS)


def read_features(path: Path, section: Section, *, crs: str | None = None) -> Features:
    """All features; `crs` given here or in the section wins over what the file says. Raises InputError."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file.")
    if not is_features(path):
        raise InputError(f"{path.name}: map files are read from {', '.join(ENDINGS)}.")
    source = _source(path, section)
    meta, wkb, columns = _read(path, source, section)
    if not len(wkb):
        raise InputError(f"{path.name}: holds no features.")
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    shapes = shapely.force_2d(shapes)
    wanted = check_crs(crs or section.option("crs"))
    shapes = shapes_to_wgs84(shapes, wanted or _stated(path, meta["crs"], shapes))
    _require_degrees(path, shapes)
    names = tuple(str(name) for name in meta["fields"])
    lists = [column.tolist() for column in columns]
    rows = [
        {name: _plain(values[number]) for name, values in zip(names, lists, strict=True)}
        for number in range(len(shapes))
    ]
    drop_absent(source, rows)
    found = [Feature(number, row, shape) for number, (row, shape) in enumerate(zip(rows, shapes, strict=True), 1)]
    return Features(path.name, names, found)


def _source(path: Path, section: Section) -> Any:
    """What the reader opens: GeoJSON as UTF-8 bytes whatever it was written in, one member of a zip, or the path."""
    name = path.name.lower()
    if name.endswith(".zip"):
        check_archive(path)
        return f"/vsizip/{path.resolve()}/{_member(path)}"
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{path.name}: is larger than {LARGEST_BYTES // 1_000_000} MB; split it.")
    if name.endswith(("json",)):
        return decode(path.name, read_bytes(path), section.option("encoding")).encode()
    return path


def _member(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        members = [
            name
            for name in archive.namelist()
            if name.lower().endswith((".shp", ".gpkg", ".geojson")) and not name.startswith("__MACOSX")
        ]
    if len(members) != 1:
        found = f"{len(members)}: {', '.join(members[:4])}" if members else "none"
        raise InputError(f"{path.name}: has to hold one Shapefile, GeoPackage or GeoJSON, it holds {found}.")
    return members[0]


def _read(path: Path, source: Any, section: Section) -> tuple[dict, Any, list[Any]]:
    layer, encoding = section.option("layer"), section.option("encoding")
    shapefile = not isinstance(source, bytes) and str(source).lower().endswith(".shp")
    if shapefile and encoding is None and not _says_encoding(path):
        trials: tuple[str | None, ...] = ("UTF-8", "GB18030")
    else:
        trials = (encoding if shapefile else None,)
    for place, trial in enumerate(trials):
        try:
            meta, _, wkb, columns = pyogrio.raw.read(source, layer=layer, encoding=trial, force_2d=True)
            if wkb is None:
                raise InputError(f"{path.name}: has no geometries.")
            return meta, wkb, columns
        except UnicodeDecodeError as error:
            if place == len(trials) - 1:
                raise InputError(
                    f"{path.name}: its texts are not in {trial or 'UTF-8'}; name it with --encoding."
                ) from error
        except DataLayerError as error:
            raise _no_layer(path, source, layer) from error
        except (DataSourceError, ValueError, RuntimeError) as error:
            line = " ".join(str(error).split())
            raise InputError(f"{path.name}: cannot be read as a map file: {line[:160]}.") from error
    raise InputError(f"{path.name}: cannot be read.")


def _no_layer(path: Path, source: Any, layer: str | None) -> InputError:
    if layer is None:
        return InputError(f"{path.name}: holds no layer that can be read.")
    known = [str(name) for name, _ in pyogrio.list_layers(source)]
    return InputError(f"{path.name}: there is no layer '{layer}'{did_you_mean(layer, known)}")


def _says_encoding(path: Path) -> bool:
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            return any(name.lower().endswith(".cpg") for name in archive.namelist())
    return any(path.with_suffix(ending).exists() for ending in (".cpg", ".CPG"))


def _stated(path: Path, crs: str | None, shapes: Any) -> str | None:
    if crs:
        return check_crs(crs)
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


def _plain(value: Any) -> Any:
    """NaN and NaT of the reader's columns as None; numpy's own types as Python's."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    return value.item() if hasattr(value, "item") else value
