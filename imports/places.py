"""Key places: schools, markets, stations. They need a point inside an area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection, text

from data.database import Database
from data.pinyin import spell_names
from data.sql import load
from imports.categories import PlaceCategories
from imports.kept import count_change, names_after, told_names
from imports.locating import Locator, Place
from imports.mapping import Mapping as FileMapping
from imports.names import hash_of, names_of
from imports.organisations import open_locator
from imports.points import read_points, refuse_swapped
from imports.records import Record, Source, open_sources, walk
from imports.report import ImportReport, InputError, Progress, RowError
from imports.row_faults import RowFaults

INSERT = load("insert_place")
CHANGE = load("update_place")
COLUMNS = ("name", "names", "category", "lon", "lat", "area_id")
KNOWN = text("SELECT code, name, names, category, area_id, lon, lat FROM key_place")
Known = dict[str, Mapping[str, Any]]


def import_places(
    database: Database,
    files: Sequence[Path],
    mapping: FileMapping | None = None,
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
    mapping = mapping or FileMapping()
    report = ImportReport("places")
    options = {"crs": crs, "sheet": sheet, "layer": layer, "encoding": encoding}
    sources = open_sources(files, "places", mapping, options, required=(), progress=progress)
    _require_columns(sources)
    with database.owning() as connection:
        locator = open_locator(connection)
        categories = PlaceCategories(connection, mapping.place_categories)
        known: Known = {row["code"]: dict(row) for row in connection.execute(KNOWN).mappings()}
        rows = list(walk(sources, report, progress))
        reader = _Reader(locator, categories, known, report)
        places = reader.read(rows)
        report.require_good(skip_bad)
        report.counts["categories"] = categories.store(connection)
        _write(connection, places, known, report)
        spell_names(connection)
        report.finish()
    return report


def _require_columns(sources: Sequence[Source]) -> None:
    """A file without codes cannot change what is known, so every row of it needs all that makes a place."""
    for source in sources:
        for name in ("name", "category"):
            if "code" not in source.fields and name not in source.fields:
                raise InputError(f"{source.file}: has no column '{name}' and no mapping gives it, and none with codes.")


class _Reader:
    """Rows as places; fields absent from the row of a known code stay as they are."""

    def __init__(self, locator: Locator, categories: PlaceCategories, known: Known, report: ImportReport) -> None:
        self.locator, self.categories, self.known, self.report = locator, categories, known, report

    def read(self, rows: Sequence[tuple[Source, Record]]) -> list[dict[str, Any]]:
        lon, lat, bad = read_points(rows, self.report)
        kept: dict[int, int] = {}
        for place, (source, record) in enumerate(rows):
            before = self.known.get(source.text(record, "code") or "")
            if before and not _tells_point(source, record) and place not in bad:
                lon[place], lat[place], kept[place] = before["lon"], before["lat"], before["area_id"]
        areas = self.locator.locate(lon, lat)
        ids = {one.id: one for one in self.locator.places}
        for place, area_id in kept.items():
            areas[place] = areas[place] or ids[area_id]
        places: dict[str, dict[str, Any]] = {}
        for place, (source, record) in enumerate(rows):
            faults = RowFaults()
            row = self._row(source, record, faults)
            if place not in bad:
                nowhere: dict[str, Any] = {}
                row |= faults.take(nowhere, self._placed, float(lon[place]), float(lat[place]), areas[place])
            code = row["code"] or _code_of(row)
            if code in places:
                faults.add(RowError("code", f"'{code}' is on an earlier row already"))
            if not faults and place not in bad:
                places[code] = {**row, "code": code}
            faults.tell(self.report, source.file, record.row)
        self.report.bad.sort(key=lambda one: (one.file, one.row))
        return list(places.values())

    def _row(self, source: Source, record: Record, faults: RowFaults) -> dict[str, Any]:
        code = source.text(record, "code")
        before = self.known.get(code or "")
        if source.gives(record, "area") and (said := source.text(record, "area")) and self.locator.find(said) is None:
            self.report.notes["areas named that are unknown; the point alone decides"] += 1
        if before is None:
            name = faults.take("", source.required, record, "name")
            category = faults.take("", self._category, source, record)
            return {"code": code, "name": name, "names": names_of(name, source.names(record)), "category": category}
        stated = faults.take(None, source.required, record, "name") if source.gives(record, "name") else None
        name, names = names_after(stated, told_names(source, record), before["name"], before["names"])
        category = before["category"]
        if source.gives(record, "category"):
            category = faults.take(category, self._category, source, record)
        return {"code": code, "name": name, "names": names, "category": category}

    def _category(self, source: Source, record: Record) -> str:
        return self.categories.find(source.required(record, "category"))

    def _placed(self, lon: float, lat: float, area: Place | None) -> dict[str, Any]:
        if not np.isfinite(lon):
            raise RowError("lon", "is empty: a place needs a point")
        if area is None:
            refuse_swapped(self.locator, lon, lat)
            raise RowError("lon", f"{lon:.5f}, {lat:.5f} lies outside every area")
        return {"prefecture": area.prefecture, "area_id": area.id, "path": area.path, "lon": lon, "lat": lat}


def _code_of(row: Mapping[str, Any]) -> str:
    """The same for the same name and point, so that a file without codes changes nothing twice."""
    name, lon, lat = row["name"], row.get("lon", 0.0), row.get("lat", 0.0)
    return f"place-{hash_of(f'{name}|{lon:.6f}|{lat:.6f}'):08x}"


def _tells_point(source: Source, record: Record) -> bool:
    return source.from_map or source.gives(record, "lon") or source.gives(record, "lat")


def _write(connection: Connection, rows: list[dict[str, Any]], known: Known, report: ImportReport) -> None:
    new = [row for row in rows if row["code"] not in known]
    changed = []
    for row in rows:
        if row["code"] in known:
            columns = [column for column in COLUMNS if row[column] != known[row["code"]][column]]
            if count_change(report, _as_told(columns)):
                changed.append(row)
    for statement, values in ((INSERT, new), (CHANGE, changed)):
        if values:
            connection.execute(statement, [{**row, "names": orjson.dumps(row["names"]).decode()} for row in values])
    report.imported = len(new)


def _as_told(columns: list[str]) -> list[str]:
    """Columns as a file calls them: the area follows from the point, and translations from the name."""
    headings = [column for column in columns if column != "area_id" and (column != "names" or "name" not in columns)]
    return headings or ["area" for _ in columns[:1]]
