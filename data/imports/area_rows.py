"""Areas in the database: those that stand there, new ones and changed ones."""

from __future__ import annotations

import orjson
import shapely
from sqlalchemy import Connection, text

from data import bulk
from data.imports.names import search_letters
from data.imports.tree import AreaDraft, Tree
from geo.labels import label_of

CHANGE = text(
    "UPDATE area SET name = :name, short_name = :short_name, names = :names, pinyin = :pinyin,"
    " geom = ST_GeomFromEWKB(decode(:geom, 'hex')), lon = :lon, lat = :lat, bbox = :bbox, area_km2 = :area_km2,"
    " households = :households, synthetic = :synthetic WHERE code = :code"
)
MARK_LEAVES = text(
    "UPDATE area a SET leaf = x.leaf FROM ("
    " SELECT p.id, NOT EXISTS (SELECT 1 FROM area c WHERE c.parent_id = p.id) AS leaf FROM area p) x"
    " WHERE x.id = a.id AND x.leaf <> a.leaf"
)

# Where a file tells households of the lowest areas only, an area has those of the areas below it.
SUM_HOUSEHOLDS = text(
    "UPDATE area a SET households = x.n FROM ("
    " SELECT up.id, sum(leaf.households) AS n FROM area leaf JOIN area up ON up.id = ANY (leaf.ancestor_ids)"
    " WHERE leaf.leaf AND NOT up.leaf AND up.households = 0 GROUP BY up.id) x WHERE x.id = a.id AND x.n > 0"
)


def read_known(connection: Connection) -> dict[str, AreaDraft]:
    """The areas that the database has, by code."""
    rows = connection.execute(
        text(
            "SELECT a.code, a.name, a.names, a.short_name, ST_AsBinary(a.geom) AS geom, p.code AS parent,"
            " a.level, a.depth"
            " FROM area a LEFT JOIN area p ON p.id = a.parent_id ORDER BY a.depth, a.code"
        )
    ).all()
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
            in_database=True,
        )
        for row in rows
    }


def write(connection: Connection, tree: Tree) -> tuple[int, int]:
    """Insert new areas, parents first, and change those that stand there; returns how many of each."""
    above = {
        row.code: (row.path, list(row.ancestor_ids), row.prefecture)
        for row in connection.execute(text("SELECT code, path, ancestor_ids, prefecture FROM area"))
    }
    ordered = sorted(tree.drafts.values(), key=lambda draft: draft.depth)
    new = [draft for draft in ordered if draft.code not in above]
    first = connection.execute(text("SELECT coalesce(max(id), 0) + 1 FROM area")).scalar_one()
    rows = []
    for identity, draft in enumerate(new, first):
        path, ancestors, prefecture = above.get(draft.parent or "", ("", [], draft.code))
        above[draft.code] = (f"{path}{draft.code}/", [*ancestors, identity], prefecture)
        rows.append(_row(draft, identity, above[draft.code]))
    bulk.copy_rows(
        connection, "area", bulk.AREA_COLUMNS, ([row[column] for column in bulk.AREA_COLUMNS] for row in rows)
    )
    connection.execute(text("SELECT setval(pg_get_serial_sequence('area', 'id'), (SELECT max(id) FROM area))"))
    changed = [_changed(draft) for draft in ordered if draft.in_database]
    if changed:
        connection.execute(CHANGE, changed)
    connection.execute(MARK_LEAVES)
    connection.execute(SUM_HOUSEHOLDS)
    return len(new), len(changed)


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
        "pinyin": search_letters(draft.short_name, draft.name),
        "lon": label.lon,
        "lat": label.lat,
        "bbox": list(label.bbox),
        "area_km2": label.area_km2,
        "households": draft.households,
        "synthetic": draft.synthetic,
    }
