"""Import of cases from tables: new ones with a trace to their present status, known ones compared with the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from data import bulk
from data.commands import case_spans
from data.database import Database
from imports import case_store, deployment, import_clocks, night
from imports.case_rows import CaseDraft, CaseReader, NotYet
from imports.categories import CaseCategories
from imports.holders import Holders
from imports.mapping import Mapping
from imports.moments import Calendar
from imports.night import Options
from imports.organisations import open_locator
from imports.points import read_points, refuse_swapped
from imports.records import Record, Source, open_sources, walk
from imports.report import ImportReport, InputError, Progress, RowError
from imports.row_faults import RowFaults
from imports.row_keys import give_keys
from rules.cases import OPEN, Kind
from rules.sla import SlaPolicy

AFTER_NOW = "reported after now"
REQUIRED = ("category", "reported_at")


@dataclass(frozen=True)
class _Read:
    """What the rows are: drafts in the order of the file, and whether rows without a number were left out."""

    drafts: list[CaseDraft]
    numbers: set[str]
    lost_unnumbered: bool


def import_cases(
    database: Database,
    files: Sequence[Path],
    mapping: Mapping | None = None,
    *,
    now: datetime,
    crs: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    feed: str | None = None,
    skip_bad: bool = False,
    skip_existing: bool = False,
    update: bool = False,
    force: bool = False,
    allow_empty: bool = False,
    timezone: str = "UTC",
    sla: SlaPolicy | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Add cases, in one transaction; with `update` also change those that came with the same feed before.

    A case that is there already is a bad row, or passed over with `skip_existing`, or compared with `update`: what
    somebody here has touched is then left alone, unless with `force`. `now`: what the files tell of later times has not
    happened. `allow_empty`: an update may be without rows. Raises InputError; ImportRefused with the bad rows.
    """
    options = Options(skip_existing, update, force, allow_empty)
    options.check()
    mapping = mapping or Mapping()
    report = ImportReport("cases")
    given = {"crs": crs, "sheet": sheet, "encoding": encoding, "feed": feed}
    sources = open_sources(files, "cases", mapping, given, required=REQUIRED, may_be_empty=True, progress=progress)
    _require_rows(sources, options)
    with database.owning() as connection:
        bulk.begin_bulk(connection)
        locator = open_locator(connection)
        categories = CaseCategories(connection, mapping.categories)
        zone = deployment.zone_of(connection, mapping, timezone)
        reader = CaseReader(
            locator, Holders(connection, locator), categories, _calendars(sources, zone), now, report
        )
        read = _read(sources, reader, report, progress)
        plan = night.make_plan(connection, read.drafts, locator.root.prefecture, report, options, now)
        report.require_good(skip_bad)
        deployment.describe(connection, mapping, root=None, timezone=timezone, locale="en")
        _store_categories(connection, categories, read.drafts, report)
        bulk.create_prefecture(connection, locator.root.prefecture)
        case_store.write(connection, plan.new, locator, zone, progress)
        import_clocks.begin(connection, [str(draft.case_no) for draft in plan.new], now)
        night.carry_out(connection, plan, report, now=now, sla=sla or SlaPolicy())
        night.tell_gone(connection, plan, sources, read.numbers, report, options, complete=not read.lost_unnumbered)
        if plan.new or plan.changes:
            bulk.rebuild_rollups(connection, locator.root.prefecture)
            case_spans.fill_all(connection, sla=sla or SlaPolicy())
            case_store.announce(connection)
            _recompute_tiers(connection, now, progress)
        report.imported = len(plan.new)
        if plan.new or not update:
            _count(report, plan.new, now)
        report.finish()
    return report


def _store_categories(
    connection: Connection, categories: CaseCategories, drafts: Sequence[CaseDraft], report: ImportReport
) -> None:
    report.counts["categories"] = categories.store(connection, {draft.category for draft in drafts})
    for entry in categories.met.values():
        report.find("new_category", code=entry.code, name=next(iter(entry.names.values())), of_kind=entry.kind)


def _require_rows(sources: Sequence[Source], options: Options) -> None:
    """An export without rows is more likely a fault of the export than a city without cases. Raises InputError."""
    for source in sources:
        if not source.records and not options.allow_empty:
            hint = " (--allow-empty takes it as it is)" if options.update else ""
            raise InputError(f"{source.file}: has headings and no rows; there is nothing to read{hint}.")


def _calendars(sources: Sequence[Source], zone: ZoneInfo) -> dict[str, Calendar]:
    return {
        source.file: Calendar(
            ZoneInfo(own) if (own := source.section.timezone) else zone, source.section.date_order
        )
        for source in sources
    }


def _read(sources: Sequence[Source], reader: CaseReader, report: ImportReport, progress: Progress | None) -> _Read:
    rows = list(walk(sources, report))
    lon, lat, bad = read_points(rows, report)
    places = reader.locator.locate(lon, lat)
    drafts: list[CaseDraft] = []
    numbers: dict[str, tuple[str, int]] = {}
    lost = False
    for place, (source, record) in enumerate(rows):
        if progress and (place % 1000 == 0 or place == len(rows) - 1):
            progress("checking", place + 1, len(rows))
        point = (float(lon[place]), float(lat[place])) if np.isfinite(lon[place]) else None
        faults = RowFaults()
        if point is not None and places[place] is None and not source.unlocated(record):
            faults.read(refuse_swapped, reader.locator, *point)
        faults.read(_refuse_double, numbers, source, record)
        try:
            draft = faults.read(reader.read, source, record, point, places[place])
        except NotYet:
            if place not in bad:
                report.skipped[AFTER_NOW] += 1
            continue
        if draft is not None and not faults.found and place not in bad:
            drafts.append(draft)
            continue
        lost = lost or number_of(source, record) is None
        faults.tell(report, source.file, record.row)
    give_keys(drafts)
    return _Read(drafts, _all_numbers(sources), lost)


def _all_numbers(sources: Sequence[Source]) -> set[str]:
    """The numbers of all rows, also of those that do not come in: such a case is not gone."""
    return {
        number for source in sources for record in source.records if (number := number_of(source, record))
    }


def number_of(source: Source, record: Record) -> str | None:
    """The number of a row; None also for one that cannot be read."""
    try:
        return source.text(record, "case_no")
    except RowError:
        return None


def _refuse_double(numbers: dict[str, tuple[str, int]], source: Source, record: Record) -> None:
    number = number_of(source, record)
    if number is None:
        return
    first = numbers.setdefault(number, (source.file, record.row))
    if first != (source.file, record.row):
        raise RowError("case_no", f"'{number}' is on row {first[1]} of {first[0]} already")


def _recompute_tiers(connection: Connection, now: datetime, progress: Progress | None) -> None:
    from data.commands.tiers import recompute_tiers

    if progress:
        progress("tiers", 0, 1)
    first = not connection.execute(text("SELECT EXISTS (SELECT 1 FROM tier)")).scalar()
    unset = not connection.execute(text("SELECT EXISTS (SELECT 1 FROM tier_rule)")).scalar()
    recompute_tiers(connection, now=now, calibrate=first and unset)
    if progress:
        progress("tiers", 1, 1)


def _count(report: ImportReport, drafts: Sequence[CaseDraft], now: datetime) -> None:
    still = [draft for draft in drafts if draft.standing.status in OPEN]
    report.counts["unlocated"] = sum(not draft.area.leaf for draft in drafts)
    report.counts[f"open at {now.isoformat(sep=' ', timespec='minutes')}"] = len(still)
    report.counts["  of these unlocated"] = sum(not draft.area.leaf for draft in still)
    report.counts["  of these overdue"] = sum(draft.due_at is not None and draft.due_at < now for draft in still)
    requests = sum(draft.kind == Kind.request for draft in drafts)
    if requests:
        report.counts["requests, which do not count in tiers"] = requests
    for status, count in Counter(draft.standing.status.value for draft in drafts).most_common():
        report.counts[f"  {status}"] = count
