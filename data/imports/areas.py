"""Areas from map files: the levels, the tree, the outlines, the centres."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import shapely
from sqlalchemy import Connection, text

from data import bulk
from data.database import Database
from data.imports import area_rows, centres, deployment
from data.imports.ladder import settle_levels, write_levels
from data.imports.mapping import Mapping
from data.imports.names import names_of
from data.imports.outlines import outline_of, polygons_of
from data.imports.records import Record, Source, open_sources, walk
from data.imports.report import ImportReport, InputError, Progress, RowError
from data.imports.tree import AreaDraft, Tree, add_drafts, arrange

POLAR = 66.6


def import_areas(
    database: Database,
    files: Sequence[Path],
    mapping: Mapping | None = None,
    *,
    crs: str | None = None,
    level: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    skip_bad: bool = False,
    timezone: str = "UTC",
    locale: str = "en",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Insert or change areas by code, in one transaction; every change of areas is a new boundary version.

    Files may hold one level or several, in any order. A parent is given by code, or is the area of the level above
    whose code the area's begins with, or the one that covers it. Raises InputError; ImportRefused with the bad rows.
    """
    mapping = mapping or Mapping()
    report = ImportReport("areas")
    options = {"crs": crs, "layer": layer, "encoding": encoding}
    sources = open_sources(files, "areas", mapping, options, required=("code",), progress=progress)
    drafts = _read(sources, report, level, progress)
    with database.owning() as connection:
        bulk.begin_bulk(connection)
        tree = Tree(settle_levels(connection, mapping.levels), known=area_rows.read_known(connection))
        declared = bool(mapping.levels)
        codes = {word: level.code for level in tree.levels for word in level.names.values()}
        for draft in drafts:
            draft.level = codes.get(draft.level or "", draft.level)
            draft.in_database = draft.code in tree.known
            draft.known_parent = tree.known[draft.code].parent if draft.in_database else None
        add_drafts(tree, drafts, report)
        made = declared and _root_is_made(tree, mapping, drafts, report)
        arrange(tree, report, declared=declared, root_expected=made)
        report.require_good(skip_bad)
        if not declared:
            write_levels(connection, tree.levels)
        if made:
            _make_root(tree, mapping)
        _write(connection, tree, mapping, report, timezone=timezone, locale=locale, progress=progress)
        report.finish()
    return report


def _read(
    sources: Sequence[Source], report: ImportReport, level: str | None, progress: Progress | None
) -> list[AreaDraft]:
    drafts: list[AreaDraft] = []
    parts: dict[tuple[int, str], AreaDraft] = {}
    for source, record in walk(sources, report, progress):
        try:
            draft = _draft(source, record, report, level)
        except RowError as error:
            report.refuse_row(source.file, record.row, error)
            continue
        key = (id(source), draft.code)
        if source.section.dissolve and key in parts:
            first = parts[key]
            first.geom = polygons_of(shapely.union_all([first.geom, draft.geom]))
            first.households += draft.households
            report.skipped["parts joined to an area"] += 1
        else:
            parts[key] = draft
            drafts.append(draft)
    return drafts


def _draft(source: Source, record: Record, report: ImportReport, level: str | None) -> AreaDraft:
    code = source.required(record, "code")
    geom, mended = outline_of(record.geometry)
    if mended:
        report.notes["outlines that crossed themselves were mended"] += 1
    name = source.text(record, "name") or code
    return AreaDraft(
        source.file,
        record.row,
        code,
        name,
        names_of(name, source.names(record)),
        source.text(record, "short_name") or name,
        geom,
        parent=source.text(record, "parent"),
        level=level or source.text(record, "level"),
        households=whole(source.text(record, "households"), "households"),
        synthetic=(source.text(record, "synthetic") or "").lower() in ("true", "yes", "1"),
    )


def whole(found: str | None, name: str, otherwise: int = 0) -> int:
    """A count. Raises RowError for anything but a whole number from 0 on."""
    if found is None:
        return otherwise
    try:
        value = float(found.replace(",", ""))
    except ValueError:
        raise RowError(name, f"'{found}' is no number") from None
    if not 0 <= value < 2**31 or value != value:
        raise RowError(name, f"'{found}' is no count")
    return round(value)


def _root_is_made(tree: Tree, mapping: Mapping, drafts: Sequence[AreaDraft], report: ImportReport) -> bool:
    """Whether the root is given by the mapping alone, as the union of the level below it."""
    top = tree.levels[0].code
    if any(draft.level == top for draft in drafts) or any(known.depth == 0 for known in tree.known.values()):
        return False
    if mapping.root_code is None:
        report.require_good(skip_bad=False)
        raise InputError(
            f"There is no {top} yet: import the areas of the highest level first or together,"
            " or name deployment.root in the mapping to have it made of the level below."
        )
    return True


def _make_root(tree: Tree, mapping: Mapping) -> None:
    below = [draft for draft in tree.drafts.values() if draft.depth == 1]
    if not below or mapping.root_code is None:
        raise InputError(f"There are no good areas of the level {tree.levels[1].code} to make the root of.")
    names = mapping.root_names or names_of(mapping.root_code)
    name = next(iter(names.values()))
    tree.drafts[mapping.root_code] = AreaDraft(
        "",
        0,
        mapping.root_code,
        name,
        names,
        name,
        polygons_of(shapely.union_all([one.geom for one in below])),
        level=tree.levels[0].code,
        depth=0,
        households=sum(one.households for one in below),
    )
    for draft in below:
        draft.parent = mapping.root_code


def _write(
    connection: Connection,
    tree: Tree,
    mapping: Mapping,
    report: ImportReport,
    *,
    timezone: str,
    locale: str,
    progress: Progress | None,
) -> None:
    if not tree.drafts:
        raise InputError("There are no areas in the file.")
    root = tree.at(0)[0]
    deployment.describe(connection, mapping, root=root.code, timezone=timezone, locale=locale)
    bulk.create_prefecture(connection, root.code)
    report.imported, report.updated = area_rows.write(connection, tree)
    if abs(shapely.get_coordinates(root.geom)[:, 1]).min() > POLAR:
        report.notes["warning: the areas lie beyond the polar circle; are lon and lat swapped?"] += 1
    report.counts["governance centres made"] = centres.complete(
        connection, mapping, deployment.locale_of(connection, mapping, locale)
    )
    bulk.rebuild_shapes(connection, progress)
    if connection.execute(text("SELECT EXISTS (SELECT 1 FROM cases)")).scalar():
        bulk.rebuild_rollups(connection, root.code)
    for level in tree.levels:
        report.counts[f"on level {level.code}"] = sum(draft.depth == level.depth for draft in tree.drafts.values())
