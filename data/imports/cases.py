"""Cases from tables, each with a whole trace from its report to where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from data import bulk
from data.database import Database
from data.imports import case_store, deployment, import_clocks
from data.imports.bodies import Bodies
from data.imports.case_rows import CaseDraft, CaseReader, NotYet
from data.imports.categories import CaseCategories
from data.imports.locating import Locator
from data.imports.mapping import Mapping
from data.imports.moments import Calendar
from data.imports.organisations import open_locator
from data.imports.points import read_points, refuse_swapped
from data.imports.records import Source, open_sources, walk
from data.imports.report import ImportReport, Progress, RowError
from rules.cases import OPEN

AFTER_NOW = "reported after now"
KNOWN = "case numbers that are in the database already"


def import_cases(
    database: Database,
    files: Sequence[Path],
    mapping: Mapping | None = None,
    *,
    now: datetime,
    crs: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    skip_bad: bool = False,
    skip_existing: bool = False,
    timezone: str = "UTC",
    progress: Progress | None = None,
) -> ImportReport:
    """Add cases, in one transaction. A number that is there already is a bad row, or passed over with `skip_existing`:
    what happened to a case is never written over.

    `now`: what the files tell of later times has not happened. Raises InputError; ImportRefused with the bad rows.
    """
    mapping = mapping or Mapping()
    report = ImportReport("cases")
    options = {"crs": crs, "sheet": sheet, "encoding": encoding}
    sources = open_sources(files, "cases", mapping, options, required=("category", "reported_at"), progress=progress)
    with database.owning() as connection:
        bulk.begin_bulk(connection)
        locator = open_locator(connection)
        categories = CaseCategories(connection, mapping.categories)
        zone = deployment.zone_of(connection, mapping, timezone)
        mark = deployment.fingerprint(files)
        if any("case_no" not in source.fields for source in sources):
            deployment.refuse_repetition(connection, mark, files[0].name)
        reader = CaseReader(locator, Bodies(connection, locator), categories, _calendars(sources, zone), now, report)
        drafts = _read(sources, reader, report, progress)
        drafts = _without_known(connection, drafts, locator, report, skip_existing)
        report.require_good(skip_bad)
        deployment.describe(connection, mapping, root=None, timezone=timezone, locale="en")
        report.counts["categories"] = categories.store(connection)
        if drafts:
            bulk.create_prefecture(connection, locator.root.prefecture)
            case_store.write(connection, drafts, locator, zone, progress)
            import_clocks.begin(connection, [str(draft.case_no) for draft in drafts], now)
            deployment.remember(connection, mark, now)
            _recompute_tiers(connection, now, progress)
    _count(report, drafts, now)
    return report


def _calendars(sources: Sequence[Source], zone: ZoneInfo) -> dict[str, Calendar]:
    return {
        source.file: Calendar(
            ZoneInfo(own) if (own := source.section.option("timezone")) else zone, source.section.option("date_order")
        )
        for source in sources
    }


def _read(
    sources: Sequence[Source], reader: CaseReader, report: ImportReport, progress: Progress | None
) -> list[CaseDraft]:
    rows = list(walk(sources, report))
    lon, lat, bad = read_points(rows, report)
    found = reader.locator.locate(lon, lat)
    drafts: list[CaseDraft] = []
    numbers: dict[str, CaseDraft] = {}
    for place, (source, record) in enumerate(rows):
        if progress and (place % 1000 == 0 or place == len(rows) - 1):
            progress("checking", place + 1, len(rows))
        if place in bad:
            continue
        point = (float(lon[place]), float(lat[place])) if np.isfinite(lon[place]) else None
        try:
            if point is not None and found[place] is None and not source.unlocated(record):
                refuse_swapped(reader.locator, *point)
            draft = reader.read(source, record, point, found[place])
            _refuse_double(numbers, draft)
            drafts.append(draft)
        except NotYet:
            report.skipped[AFTER_NOW] += 1
        except RowError as error:
            report.refuse_row(source.file, record.row, error)
    return drafts


def _refuse_double(numbers: dict[str, CaseDraft], draft: CaseDraft) -> None:
    if draft.case_no is None:
        return
    first = numbers.setdefault(draft.case_no, draft)
    if first is not draft:
        raise RowError("case_no", f"'{draft.case_no}' is on row {first.row} of {first.file} already")


def _without_known(
    connection: Connection, drafts: list[CaseDraft], locator: Locator, report: ImportReport, skip_existing: bool
) -> list[CaseDraft]:
    known = set(
        connection.execute(
            text("SELECT case_no FROM cases WHERE prefecture = :code"), {"code": locator.root.prefecture}
        ).scalars()
    )
    if not known:
        return drafts
    for draft in drafts:
        if draft.case_no in known and skip_existing:
            report.skipped[KNOWN] += 1
        elif draft.case_no in known:
            reason = f"'{draft.case_no}' is in the database already (--skip-existing passes such rows over)"
            report.refuse_row(draft.file, draft.row, RowError("case_no", reason))
    return [draft for draft in drafts if draft.case_no not in known]


def _recompute_tiers(connection: Connection, now: datetime, progress: Progress | None) -> None:
    from data.commands.tiers import recompute_tiers

    if progress:
        progress("tiers", 0, 1)
    first = not connection.execute(text("SELECT EXISTS (SELECT 1 FROM tier)")).scalar()
    unset = deployment.get_value(connection, "tier_rule") is None
    recompute_tiers(connection, now=now, calibrate=first and unset)
    if progress:
        progress("tiers", 1, 1)


def _count(report: ImportReport, drafts: Sequence[CaseDraft], now: datetime) -> None:
    report.imported = len(drafts)
    still = [draft for draft in drafts if draft.standing.status in OPEN]
    report.counts["unlocated"] = sum(not draft.area.leaf for draft in drafts)
    report.counts[f"open at {now.isoformat(sep=' ', timespec='minutes')}"] = len(still)
    report.counts["  of these unlocated"] = sum(not draft.area.leaf for draft in still)
    report.counts["  of these overdue"] = sum(draft.due_at is not None and draft.due_at < now for draft in still)
    for status, count in Counter(draft.standing.status.value for draft in drafts).most_common():
        report.counts[f"  {status}"] = count
