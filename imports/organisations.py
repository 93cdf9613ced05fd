"""Departments, mediation rooms, teams and centres, with their duties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from data import bulk
from data.database import Database
from data.pinyin import spell_names
from imports import organisation_rows
from imports.categories import CaseCategories
from imports.kept import told_names
from imports.locating import Locator, Place
from imports.mapping import FIELDS, Mapping
from imports.names import names_of
from imports.numbers import whole
from imports.organisation_rows import KnownOrganisations, OrganisationRow
from imports.points import read_points
from imports.records import Record, Source, open_sources, walk
from imports.report import ImportReport, InputError, Progress, RowError, did_you_mean
from imports.row_faults import RowFaults

KINDS = ("department", "mediation", "team", "centre")
CAPACITY = 20
PARTS = re.compile(r"[;|、；]")
CODE_LENGTH = 80


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

    With `distinct` in the mapping a file may name an organisation on many rows (a list of cases, say): its duties are then those
    of all of them.
    """
    mapping = mapping or Mapping()
    report = ImportReport("organisations")
    options = {"crs": crs, "sheet": sheet, "encoding": encoding}
    sources = open_sources(files, "organisations", mapping, options, required=("code",), progress=progress)
    with database.owning() as connection:
        locator = open_locator(connection)
        categories = CaseCategories(connection, mapping.categories)
        known = KnownOrganisations(connection, locator.places)
        organisations = _read(list(walk(sources, report, progress)), report, locator, categories, known)
        report.require_good(skip_bad)
        report.counts["categories"] = categories.store(connection)
        organisation_rows.write(connection, list(organisations.values()), known, report)
        spell_names(connection)
        if organisations:
            bulk.create_prefecture(connection, locator.root.code)
        report.finish()
    return report


def open_locator(connection: Connection) -> Locator:
    try:
        return Locator(connection)
    except ValueError as error:
        raise InputError("The database has no areas yet: import areas first.") from error


def _read(
    rows: list[tuple[Source, Record]],
    report: ImportReport,
    locator: Locator,
    categories: CaseCategories,
    known: KnownOrganisations,
) -> dict[str, OrganisationRow]:
    organisations: dict[str, OrganisationRow] = {}
    seen_at: dict[str, int] = {}
    lon, lat, bad = read_points(rows, report)
    for place, (source, record) in enumerate(rows):
        faults = RowFaults()
        code = faults.take("", _code, source, record)
        if code in organisations and source.section.distinct:
            organisations[code].duties |= faults.take(set(), _duties, source, record, categories)
            if not faults:
                report.skipped["further rows of the same organisation"] += 1
        else:
            if code in organisations:
                faults.add(RowError("code", f"'{code}' is on row {seen_at[code]} already"))
            organisation = _organisation(source, record, code, locator, categories, faults)
            if np.isfinite(lon[place]):
                organisation.lon, organisation.lat = float(lon[place]), float(lat[place])
            faults.check(known.check, organisation)
            faults.check(_refuse_second_centre, organisations, organisation)
            if not faults and place not in bad:
                organisations[code], seen_at[code] = organisation, record.row
        faults.tell(report, source.file, record.row)
    report.bad.sort(key=lambda bad: (bad.file, bad.row))
    return organisations


def _code(source: Source, record: Record) -> str:
    code = source.required(record, "code")
    if len(code) > CODE_LENGTH:
        raise RowError("code", f"is longer than {CODE_LENGTH} characters")
    return code


def _organisation(
    source: Source, record: Record, code: str, locator: Locator, categories: CaseCategories, faults: RowFaults
) -> OrganisationRow:
    name = source.text(record, "name") or code
    return OrganisationRow(
        code,
        name,
        names_of(name, source.names(record)),
        faults.take(KINDS[0], _kind, source, record),
        faults.take(locator.root, _area, source, record, locator),
        faults.take(CAPACITY, whole, source.text(record, "capacity"), "capacity", CAPACITY),
        faults.take(True, _active, source.text(record, "active")),
        source.text(record, "post") or "",
        faults.take(set(), _duties, source, record, categories),
        told=frozenset(one for one in FIELDS["organisations"] if source.gives(record, one)) | _map_point(source),
        said=frozenset(one for one in FIELDS["organisations"] if source.text(record, one)),
        told_names=told_names(source, record),
    )


def _map_point(source: Source) -> set[str]:
    return {"lon", "lat"} if source.from_map else set()


def _kind(source: Source, record: Record) -> str:
    kind = (source.text(record, "kind") or KINDS[0]).lower()
    if kind not in KINDS:
        raise RowError("kind", f"'{kind}' is unknown{did_you_mean(kind, KINDS)}")
    return kind


def _area(source: Source, record: Record, locator: Locator) -> Place:
    code = source.text(record, "area")
    place = locator.find(code) if code else locator.root
    if place is None:
        raise RowError("area", f"'{code}' is no area{did_you_mean(str(code), locator.by_code)}")
    return place


def _active(value: str | None) -> bool:
    if (value or "true").lower() not in ("true", "false", "yes", "no", "1", "0", "是", "否"):
        raise RowError("active", f"'{value}' is neither true nor false")
    return (value or "true").lower() in ("true", "yes", "1", "是")


def _duties(source: Source, record: Record, categories: CaseCategories) -> set[str]:
    """The categories of a cell, parted by ';' or '、' (a comma may belong to a name); '*' means all that there are."""
    listed = source.text(record, "duties") or ""
    if listed == "*":
        return set(categories.kinds)
    duties, unknown = set(), []
    for part in filter(None, (one.strip() for one in PARTS.split(listed))):
        try:
            duties.add(categories.find(part, None)[0])
        except RowError as error:
            unknown.append(error.reason)
    if unknown:
        raise RowError("duties", "; ".join(unknown))
    return duties


def _refuse_second_centre(organisations: dict[str, OrganisationRow], organisation: OrganisationRow) -> None:
    if organisation.kind == "centre" and any(
        one.kind == "centre" and one.area is organisation.area for one in organisations.values()
    ):
        raise RowError("area", f"'{organisation.area.code}' has a centre in this file already")
