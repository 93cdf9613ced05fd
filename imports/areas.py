"""Import of areas from map files: levels, tree, outlines, centres, and the cases already inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import shapely
from sqlalchemy import Connection

from data import bulk
from data.database import Database
from data.pinyin import spell_names
from imports import area_rows, centres, deployment, relocation
from imports.boundary_findings import AreaReport, examine
from imports.findings_file import findings_file
from imports.kept import names_after, told_names
from imports.levels import known_levels, settle_levels, write_levels
from imports.mapping import Mapping
from imports.names import names_of
from imports.numbers import whole
from imports.outlines import is_polar, outline_of, polygons_of
from imports.records import Record, Source, open_sources, walk
from imports.report import ImportReport, InputError, Progress
from imports.roots import made_root, make_root
from imports.row_faults import RowFaults
from imports.tree import NOWHERE, AreaDraft, Tree, add_drafts, arrange

TOLD = ("name", "short_name", "parent", "level", "households", "synthetic")


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
    move_cases: bool = False,
    findings: Path | None = None,
    timezone: str = "UTC",
    locale: str = "en",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> AreaReport:
    """Insert or change areas by code, in one transaction; a level whose outlines changed has a new boundary version.

    Files may hold one level or several, in any order. A parent is given by code, or is the area of the level above
    whose code the area's begins with, or the one that covers it; a known code keeps its own. With `move_cases` cases
    that are not closed and lie in another area now are counted there; `findings` is a map file for what there is to look at.
    Raises InputError; ImportRefused with the bad rows.
    """
    mapping = mapping or Mapping()
    report = AreaReport("areas")
    options = {"crs": crs, "layer": layer, "encoding": encoding}
    sources = open_sources(files, "areas", mapping, options, required=("code",), progress=progress)
    drafts = _read(sources, report, level, progress)
    with findings_file(findings) as file, database.owning() as connection:
        bulk.begin_bulk(connection)
        levels = known_levels(connection)
        tree = Tree(settle_levels(connection, mapping.declared_levels()), known=area_rows.read_known(connection))
        declared = bool(mapping.levels)
        _meet(tree, drafts)
        add_drafts(tree, drafts)
        made = made_root(tree, mapping, drafts, report) if declared else None
        arrange(tree, report, declared=declared, root_made=made)
        report.require_good(skip_bad)
        if not declared:
            write_levels(connection, tree.levels)
        if made is not None:
            make_root(tree, mapping, made)
        if not tree.drafts:
            raise InputError("There are no areas in the file that could come in.")
        _write(connection, tree, mapping, report, timezone=timezone, locale=locale, progress=progress)
        change = relocation.Change(move=move_cases, now=now or datetime.now(UTC), levels=known_levels(connection) != levels)
        relocation.follow(connection, tree, report, change, progress)
        spell_names(connection)
        if file is not None:
            file.fill(report)
        report.finish()
    return report


def _read(
    sources: Sequence[Source], report: ImportReport, level: str | None, progress: Progress | None
) -> list[AreaDraft]:
    drafts: list[AreaDraft] = []
    parts: dict[tuple[int, str], AreaDraft] = {}
    for source, record in walk(sources, report, progress):
        draft = _draft(source, record, report, level)
        first = parts.get((id(source), draft.code)) if source.section.dissolve else None
        if first is not None and not draft.faulty:
            first.geom = polygons_of(shapely.union_all([first.geom, draft.geom]))
            first.households += draft.households
            report.skipped["parts joined to an area"] += 1
            continue
        if not draft.faulty:
            parts[(id(source), draft.code)] = draft
        drafts.append(draft)
    return drafts


def _draft(source: Source, record: Record, report: ImportReport, level: str | None) -> AreaDraft:
    """The row as it is, with all that it is refused for."""
    faults = RowFaults()
    code = faults.take("", source.required, record, "code")
    geom, mended = faults.take((NOWHERE, False), outline_of, record.geometry)
    if mended:
        report.notes["outlines that crossed themselves were mended"] += 1
    name = source.text(record, "name") or code
    households = faults.take(0, whole, source.text(record, "households"), "households")
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
        households=households,
        synthetic=(source.text(record, "synthetic") or "").lower() in ("true", "yes", "1"),
        told=frozenset(one for one in TOLD if source.gives(record, one)),
        told_names=told_names(source, record),
        faults=faults,
    )


def _meet(tree: Tree, drafts: Sequence[AreaDraft]) -> None:
    """Give each draft what the database knows under its code: fields absent from its row stay as they are."""
    codes = {word: level.code for level in tree.levels for word in level.names.values()}
    for draft in drafts:
        draft.level = codes.get(draft.level or "", draft.level)
        draft.known = known = tree.known.get(draft.code)
        if known is None:
            continue
        name = draft.name if "name" in draft.told else None
        short = draft.short_name if "short_name" in draft.told else None
        draft.name, draft.names = names_after(name, draft.told_names, known.name, known.names)
        draft.short_name = short or (draft.name if known.short_name == known.name else known.short_name)
        for column in ("households", "synthetic"):
            if column not in draft.told:
                setattr(draft, column, getattr(known, column))


def _write(
    connection: Connection,
    tree: Tree,
    mapping: Mapping,
    report: AreaReport,
    *,
    timezone: str,
    locale: str,
    progress: Progress | None,
) -> None:
    root = tree.root
    deployment.describe(connection, mapping, root=root.code, timezone=timezone, locale=locale)
    bulk.create_prefecture(connection, root.code)
    area_rows.write(connection, tree, report)
    if any(is_polar(draft.geom) for draft in tree.drafts.values()):
        report.notes["warning: the areas lie beyond the polar circle; are lon and lat swapped?"] += 1
    language = deployment.locale_of(connection, mapping, locale)
    report.counts["governance centres made"] = centres.complete(connection, mapping, language)
    report.counts["governance centres renamed"] = centres.rename(connection, mapping, language, _renamed(tree))
    raised = bulk.rebuild_shapes(connection, progress)
    report.counts["levels with new boundaries"] = len(raised)
    examine(tree, report)
    for level in tree.levels:
        report.counts[f"on level {level.code}"] = sum(draft.depth == level.depth for draft in tree.drafts.values())


def _renamed(tree: Tree) -> list[centres.Renamed]:
    return [
        centres.Renamed(draft.code, draft.known.name, draft.known.names, draft.name, draft.names)
        for draft in tree.drafts.values()
        if draft.known is not None and (draft.name, draft.names) != (draft.known.name, draft.known.names)
    ]
