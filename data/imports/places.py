"""Key places: schools, markets, stations. They need a point inside an area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
from sqlalchemy import Connection, text

from data.database import Database
from data.imports.categories import PlaceCategories
from data.imports.locating import Place
from data.imports.mapping import Mapping
from data.imports.names import hash_of, names_of
from data.imports.organisations import open_locator
from data.imports.points import read_points, refuse_swapped
from data.imports.records import Record, Source, open_sources, walk
from data.imports.report import ImportReport, Progress, RowError

WRITE = text(
    "INSERT INTO key_place (code, prefecture, name, names, category, area_id, path, lon, lat, geom, synthetic)"
    " VALUES (:code, :prefecture, :name, :names, :category, :area_id, :path, :lon, :lat,"
    " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), false)"
    " ON CONFLICT (code) DO UPDATE SET name = excluded.name, names = excluded.names, category = excluded.category,"
    " area_id = excluded.area_id, path = excluded.path, lon = excluded.lon, lat = excluded.lat, geom = excluded.geom"
)


def import_places(
    database: Database,
    files: Sequence[Path],
    mapping: Mapping | None = None,
    *,
    crs: str | None = None,
    sheet: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    skip_bad: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Insert or change key places by code, in one transaction. Raises InputError; ImportRefused with the bad rows.

    Without a code of its own a place gets one made of its name and point, so that the same file changes nothing twice.
    """
    mapping = mapping or Mapping()
    report = ImportReport("places")
    options = {"crs": crs, "sheet": sheet, "layer": layer, "encoding": encoding}
    sources = open_sources(files, "places", mapping, options, required=("name", "category"), progress=progress)
    with database.owning() as connection:
        locator = open_locator(connection)
        categories = PlaceCategories(connection, mapping.place_categories)
        rows = list(walk(sources, report, progress))
        lon, lat, bad = read_points(rows, report)
        areas = locator.locate(lon, lat)
        found: dict[str, dict] = {}
        for index, (source, record) in enumerate(rows):
            if index in bad:
                continue
            try:
                if np.isfinite(lon[index]) and areas[index] is None:
                    refuse_swapped(locator, float(lon[index]), float(lat[index]))
                row = _row(source, record, categories, float(lon[index]), float(lat[index]), areas[index])
                if row["code"] in found:
                    raise RowError("code", f"'{row['code']}' is on an earlier row already")
                found[row["code"]] = row
            except RowError as error:
                report.refuse_row(source.file, record.row, error)
        report.require_good(skip_bad)
        report.counts["categories"] = categories.store(connection)
        _write(connection, list(found.values()), report)
        report.finish()
    return report


def _row(
    source: Source, record: Record, categories: PlaceCategories, lon: float, lat: float, area: Place | None
) -> dict:
    name, category = source.required(record, "name"), categories.find(source.required(record, "category"))
    if not np.isfinite(lon):
        raise RowError("lon", "is empty: a place needs a point")
    if area is None:
        raise RowError("lon", f"{lon:.5f}, {lat:.5f} lies outside every area")
    code = source.text(record, "code") or f"place-{hash_of(f'{name}|{lon:.6f}|{lat:.6f}'):08x}"
    return {
        "code": code,
        "prefecture": area.prefecture,
        "name": name,
        "names": orjson.dumps(names_of(name, source.names(record))).decode(),
        "category": category,
        "area_id": area.id,
        "path": area.path,
        "lon": lon,
        "lat": lat,
    }


def _write(connection: Connection, rows: list[dict], report: ImportReport) -> None:
    if not rows:
        return
    known = set(connection.execute(text("SELECT code FROM key_place")).scalars())
    connection.execute(WRITE, rows)
    report.updated = sum(row["code"] in known for row in rows)
    report.imported = len(rows) - report.updated
