"""Departments, mediation bodies, teams and centres, with their duties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
from sqlalchemy import Connection, text

from data import bulk
from data.database import Database
from data.imports.categories import CaseCategories
from data.imports.locating import Locator, Place
from data.imports.mapping import Mapping
from data.imports.names import names_of
from data.imports.numbers import whole
from data.imports.points import read_points
from data.imports.records import Record, Source, open_sources, walk
from data.imports.report import ImportReport, InputError, Progress, RowError, did_you_mean

KINDS = ("department", "mediation", "team", "centre")
CAPACITY = 20
PARTS = re.compile(r"[;|、；]")
CODE_LENGTH = 80
WRITE = text(
    "INSERT INTO organisation (prefecture, code, name, names, kind, area_id, path, lon, lat, capacity, active, post)"
    " VALUES (:prefecture, :code, :name, :names, :kind, :area_id, :path, :lon, :lat, :capacity, :active, :post)"
    " ON CONFLICT (code) DO UPDATE SET name = excluded.name, names = excluded.names, kind = excluded.kind,"
    " area_id = excluded.area_id, path = excluded.path, lon = excluded.lon, lat = excluded.lat,"
    " capacity = excluded.capacity, active = excluded.active, post = excluded.post"
)
# A centre that comes in takes the place of the one that was made for its area: same row, so cases keep their centre.
TAKE_PLACE = text(
    "UPDATE organisation SET code = :code WHERE kind = 'centre' AND area_id = :area_id AND code <> :code"
    " AND NOT EXISTS (SELECT 1 FROM organisation WHERE code = :code)"
)


@dataclass
class Body:
    """An organisation as a file gives it; `duties` are category codes."""

    code: str
    name: str
    names: dict[str, str]
    kind: str
    area: Place
    capacity: int
    active: bool
    post: str
    duties: set[str] = field(default_factory=set)
    lon: float | None = None
    lat: float | None = None


def import_organisations(
    database: Database,
    files: Sequence[Path],
    mapping: Mapping | None = None,
    *,
    crs: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    skip_bad: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Insert or change organisations by code, in one transaction. Raises InputError; ImportRefused with the bad rows.

    With `distinct` in the mapping a file may name a body on many rows (a list of cases, say): its duties are then those
    of all of them.
    """
    mapping = mapping or Mapping()
    report = ImportReport("organisations")
    options = {"crs": crs, "sheet": sheet, "encoding": encoding}
    sources = open_sources(files, "organisations", mapping, options, required=("code",), progress=progress)
    with database.owning() as connection:
        locator = open_locator(connection)
        categories = CaseCategories(connection, mapping.categories)
        bodies = _read(list(walk(sources, report, progress)), report, locator, categories)
        report.require_good(skip_bad)
        report.counts["categories"] = categories.store(connection)
        _write(connection, bodies, report)
        if bodies:
            bulk.create_prefecture(connection, locator.root.code)
    return report


def open_locator(connection: Connection) -> Locator:
    try:
        return Locator(connection)
    except ValueError as error:
        raise InputError("The database has no areas yet: import areas first.") from error


def _read(
    rows: list[tuple[Source, Record]], report: ImportReport, locator: Locator, categories: CaseCategories
) -> dict[str, Body]:
    bodies: dict[str, Body] = {}
    seen_at: dict[str, int] = {}
    lon, lat, bad = read_points(rows, report)
    for place, (source, record) in enumerate(rows):
        if place in bad:
            continue
        try:
            code = source.required(record, "code")
            if code in bodies and source.section.distinct:
                bodies[code].duties |= _duties(source, record, categories)
                report.skipped["further rows of the same organisation"] += 1
                continue
            if code in bodies:
                raise RowError("code", f"'{code}' is on row {seen_at[code]} already")
            body = _body(source, record, locator, categories)
            if np.isfinite(lon[place]):
                body.lon, body.lat = float(lon[place]), float(lat[place])
            _refuse_second_centre(bodies, body)
            bodies[code], seen_at[code] = body, record.row
        except RowError as error:
            report.refuse_row(source.file, record.row, error)
    return bodies


def _body(source: Source, record: Record, locator: Locator, categories: CaseCategories) -> Body:
    code = source.required(record, "code")
    if len(code) > CODE_LENGTH:
        raise RowError("code", f"is longer than {CODE_LENGTH} characters")
    kind = (source.text(record, "kind") or "department").lower()
    if kind not in KINDS:
        raise RowError("kind", f"'{kind}' is unknown{did_you_mean(kind, KINDS)}")
    name = source.text(record, "name") or code
    return Body(
        code,
        name,
        names_of(name, source.names(record)),
        kind,
        _area(source, record, locator),
        whole(source.text(record, "capacity"), "capacity", CAPACITY),
        _active(source.text(record, "active")),
        source.text(record, "post") or "",
        _duties(source, record, categories),
    )


def _area(source: Source, record: Record, locator: Locator) -> Place:
    code = source.text(record, "area")
    found = locator.find(code) if code else locator.root
    if found is None:
        raise RowError("area", f"'{code}' is no area{did_you_mean(str(code), locator.by_code)}")
    return found


def _active(found: str | None) -> bool:
    if (found or "true").lower() not in ("true", "false", "yes", "no", "1", "0", "是", "否"):
        raise RowError("active", f"'{found}' is neither true nor false")
    return (found or "true").lower() in ("true", "yes", "1", "是")


def _duties(source: Source, record: Record, categories: CaseCategories) -> set[str]:
    """The categories of a cell, parted by ';' or '、' (a comma may belong to a name); '*' means all that there are."""
    found = source.text(record, "duties") or ""
    if found == "*":
        return set(categories.kinds)
    try:
        return {categories.find(part.strip(), None)[0] for part in PARTS.split(found) if part.strip()}
    except RowError as error:
        raise RowError("duties", error.reason) from None


def _refuse_second_centre(bodies: dict[str, Body], body: Body) -> None:
    if body.kind == "centre" and any(one.kind == "centre" and one.area is body.area for one in bodies.values()):
        raise RowError("area", f"'{body.area.code}' has a centre in this file already")


def _write(connection: Connection, bodies: dict[str, Body], report: ImportReport) -> None:
    rows = [
        {
            "prefecture": body.area.prefecture,
            "code": body.code,
            "name": body.name,
            "names": orjson.dumps(body.names).decode(),
            "kind": body.kind,
            "area_id": body.area.id,
            "path": body.area.path,
            "lon": body.area.lon if body.lon is None else body.lon,
            "lat": body.area.lat if body.lat is None else body.lat,
            "capacity": body.capacity,
            "active": body.active,
            "post": body.post,
        }
        for body in bodies.values()
    ]
    if not rows:
        return
    for row in rows:
        if row["kind"] == "centre":
            connection.execute(TAKE_PLACE, row)
    known = set(connection.execute(text("SELECT code FROM organisation")).scalars())
    connection.execute(WRITE, rows)
    report.updated = sum(row["code"] in known for row in rows)
    report.imported = len(rows) - report.updated
    ids = {row.code: row.id for row in connection.execute(text("SELECT code, id FROM organisation"))}
    connection.execute(
        text("DELETE FROM duty WHERE organisation_id = ANY (:ids)"), {"ids": [ids[code] for code in bodies]}
    )
    duties = [{"body": ids[body.code], "category": duty} for body in bodies.values() for duty in sorted(body.duties)]
    if duties:
        connection.execute(text("INSERT INTO duty (organisation_id, category) VALUES (:body, :category)"), duties)
    report.counts["duties"] = len(duties)
