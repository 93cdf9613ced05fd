"""Area rows of the database: existing, new and changed ones."""

from __future__ import annotations

import orjson
import shapely
from sqlalchemy import Connection, text

from data import bulk
from data.sql import load
from geo.labels import label_of
from imports.kept import count_change, same_outline
from imports.report import ImportReport
from imports.tree import AreaDraft, Tree

CHANGE = load("update_area")
MARK_LEAVES = load("mark_leaves")

# Where a file gives households of the lowest areas only, an area has those of the areas below it.
LEAF_SUMS = load("list_upper_households")
SET_HOUSEHOLDS = text("UPDATE area SET households = :n WHERE id = :id")
COLUMNS = ("name", "short_name", "households", "synthetic")


def read_known(connection: Connection) -> dict[str, AreaDraft]:
    """The areas that the database has, by code."""
    rows = connection.execute(load("list_standing_areas")).all()
    return {
        row.code: AreaDraft(
            "",
            0,
            row.code,
            row.name,
            row.names,
            row.short_name,
            shapely.from_wkb(bytes(row.geom)),
            parent=row.parent,
            level=row.level,
            depth=row.depth,
            households=row.households,
            synthetic=row.synthetic,
        )
        for row in rows
    }


def write(connection: Connection, tree: Tree, report: ImportReport) -> None:
    """Insert new areas, parents first, and update what changed of existing ones; counts both."""
    above = {
        row.code: (row.path, list(row.ancestor_ids), row.prefecture)
        for row in connection.execute(text("SELECT code, path, ancestor_ids, prefecture FROM area"))
    }
    ordered = sorted(tree.drafts.values(), key=lambda draft: draft.depth)
    new = [draft for draft in ordered if draft.known is None]
    first = connection.execute(text("SELECT coalesce(max(id), 0) + 1 FROM area")).scalar_one()
    rows = []
    for identity, draft in enumerate(new, first):
        path, ancestors, prefecture = above.get(draft.parent or "", ("", [], draft.code))
        above[draft.code] = (f"{path}{draft.code}/", [*ancestors, identity], prefecture)
        rows.append(_row(draft, identity, above[draft.code]))
    sums = {row.code: int(row.n) for row in connection.execute(LEAF_SUMS) if row.n == row.households}
    changed = [draft for draft in ordered if draft.known is not None and _changes(draft, sums, report)]
    if rows:
        values = ([row[column] for column in bulk.AREA_COLUMNS] for row in rows)
        bulk.copy_rows(connection, "area", bulk.AREA_COLUMNS, values)
        connection.execute(text("SELECT setval(pg_get_serial_sequence('area', 'id'), (SELECT max(id) FROM area))"))
    if changed:
        connection.execute(CHANGE, [_changed(draft) for draft in changed])
    connection.execute(MARK_LEAVES)
    _sum_households(connection, sums)
    report.imported = sum(draft.row > 0 for draft in new)


def _changes(draft: AreaDraft, sums: dict[str, int], report: ImportReport) -> bool:
    """Whether a known area changes; counts the changed fields that a row gives."""
    known = draft.known or draft
    if not draft.households and draft.code in sums:
        draft.households = known.households  # the sum of those below: the file still tells none of its own
    columns = [column for column in COLUMNS if getattr(draft, column) != getattr(known, column)]
    columns += [f"name_{locale}" for locale in draft.told_names if draft.names.get(locale) != known.names.get(locale)]
    if not same_outline(known.geom, draft.geom):
        columns.append("geometry")
        draft.moved = True
    else:
        draft.geom = known.geom
    if not columns and draft.names != known.names:
        columns.append("name")
    if draft.row:
        return count_change(report, columns)
    return bool(columns)


def _sum_households(connection: Connection, sums_before: dict[str, int]) -> None:
    """An area that had those of the areas below it, or has none, has the sum of them as it is now."""
    rows = [
        {"id": row.id, "n": int(row.n)}
        for row in connection.execute(LEAF_SUMS)
        if row.n and row.n != row.households and row.households in (0, sums_before.get(row.code))
    ]
    if rows:
        connection.execute(SET_HOUSEHOLDS, rows)


def _row(draft: AreaDraft, identity: int, placed: tuple[str, list[int], str]) -> dict:
    path, ancestors, prefecture = placed
    return {
        **_own(draft),
        "id": identity,
        "level": draft.level,
        "depth": draft.depth,
        "path": path,
        "ancestor_ids": ancestors,
        "parent_id": ancestors[-2] if len(ancestors) > 1 else None,
        "leaf": True,
        "prefecture": prefecture,
        "geom": shapely.set_srid(draft.geom, 4326),
        "names": draft.names,
    }


def _changed(draft: AreaDraft) -> dict:
    geom = shapely.to_wkb(shapely.set_srid(draft.geom, 4326), hex=True, include_srid=True)
    return {**_own(draft), "geom": geom, "names": orjson.dumps(draft.names).decode()}


def _own(draft: AreaDraft) -> dict:
    label = label_of(draft.geom)
    return {
        "code": draft.code,
        "name": draft.name,
        "short_name": draft.short_name,
        "lon": label.lon,
        "lat": label.lat,
        "bbox": list(label.bbox),
        "area_km2": label.area_km2,
        "households": draft.households,
        "synthetic": draft.synthetic,
    }
