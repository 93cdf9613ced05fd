"""Bulk loading for the demonstration and imports, as the owner, within the caller's transaction."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection, text

from data.audit.trace import EVENT_COLUMNS, chain
from data.sql import load
from geo.simplify import simplify_level, zoom_bands

WORLD_LOCK = 7411
# fmt: off
AREA_COLUMNS = (
    "id", "code", "name", "short_name", "names", "level", "depth", "parent_id", "path", "ancestor_ids",
    "leaf", "prefecture", "geom", "lon", "lat", "bbox", "area_km2", "households", "synthetic",
)
CASE_COLUMNS = (
    "prefecture", "case_no", "kind", "category", "title", "description", "severity", "source", "status", "area_id",
    "path", "lon", "lat", "geom", "centre_id", "centre_path", "holder_id", "holder_path", "sender_id",
    "responsible_id", "reporter_id", "version", "reported_at", "status_since", "due_at", "settled_at", "closed_at",
    "returned_n", "queued_at", "settle_from", "settle_due_at", "sender_path", "left_by", "mediations", "first_mediation",
    "satisfaction", "paused_until", "needs",
)
# fmt: on
RAISE_VERSION = text(
    "UPDATE area_level SET boundary_version = boundary_version + 1, outline_digest = :digest WHERE code = :level"
)
RAISE_REVISION = load("raise_areas_revision")


def begin_bulk(connection: Connection) -> None:
    """Switch the row triggers off for this transaction and take the world's lock: a bulk load is one event in time."""
    connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WORLD_LOCK})


def create_prefecture(connection: Connection, code: str) -> None:
    connection.execute(text("SELECT create_prefecture(:code)"), {"code": code})


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> int:
    """COPY rows into a table; dicts become JSON, lists arrays. Returns how many."""
    buffer, count = io.StringIO(), 0
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f"COPY {table} ({names}) FROM STDIN"
    with connection.connection.driver_connection.cursor() as cursor:  # type: ignore[union-attr]
        for row in rows:
            buffer.write("\t".join(map(_copy_text, row)) + "\n")
            count += 1
            if buffer.tell() > 4_000_000:
                buffer = _send(cursor, statement, buffer)
        _send(cursor, statement, buffer)
    return count


def _send(cursor, statement: str, buffer: io.StringIO) -> io.StringIO:
    buffer.seek(0)
    cursor.copy_expert(statement, buffer)
    return io.StringIO()


def _escaped(value: str) -> str:
    if value.isalnum():
        return value
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


#: How COPY reads a value, by its exact type: millions are written, and most are text or whole numbers.
WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "\\N",
    str: _escaped,
    bool: lambda value: "t" if value else "f",
    int: str,
    float: str,
    bytes: lambda value: "\\\\x" + value.hex(),
    datetime: datetime.isoformat,
    list: lambda value: "{" + ",".join(map(str, value)) + "}",
    tuple: lambda value: "{" + ",".join(map(str, value)) + "}",
    dict: lambda value: _escaped(orjson.dumps(value).decode()),
}


def _copy_text(value: object) -> str:
    written = WRITTEN.get(type(value))
    if written:
        return written(value)
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkb(shapely.set_srid(value, shapely.get_srid(value) or 4326), hex=True, include_srid=True)
    # members of enumerations, subclasses
    for kind in (str, datetime, dict, list, tuple):
        if isinstance(value, kind):
            return WRITTEN[kind](value)
    return str(value)


def insert_trace(connection: Connection, prefecture: str, events: Iterable[dict]) -> int:
    """Append events, given in the order in which they happened, to the prefecture's trace. Returns how many."""
    head = connection.execute(
        text("SELECT hash FROM chain_head WHERE prefecture = :prefecture FOR UPDATE"), {"prefecture": prefecture}
    ).scalar_one()
    first = connection.execute(text("SELECT nextval('world_seq')")).scalar_one()
    columns = (*EVENT_COLUMNS, "prev_hash", "hash")
    last: dict = {}

    def rows():
        nonlocal last
        for last in chain((_as_stored(prefecture, event) for event in events), first_seq=first, head=bytes(head)):
            yield [last.get(column) for column in columns]

    count = copy_rows(connection, "case_event", columns, rows())
    if count:
        connection.execute(text("SELECT setval('world_seq', :seq)"), {"seq": last["seq"]})
        connection.execute(
            text("UPDATE chain_head SET seq = :seq, hash = :hash WHERE prefecture = :prefecture"),
            {"seq": last["seq"], "hash": last["hash"], "prefecture": prefecture},
        )
    if count:
        connection.execute(load("note_span_gaps"), {"prefecture": prefecture, "seq": first})
    seal_changes(connection, prefecture)
    return count


def seal_changes(connection: Connection, prefecture: str, why: str = "load") -> None:
    """Take the facts of the cases that this transaction loaded or changed into their chain (docs/trace.md). `insert_trace`
    and `rebuild_rollups` do it; whatever changes a case after them has to."""
    connection.execute(text("SELECT seal_changes(:prefecture, :why)"), {"prefecture": prefecture, "why": why})


def _as_stored(prefecture: str, event: dict) -> dict:
    details = event.get("details") or {}
    return dict(
        event, prefecture=prefecture, details=details if isinstance(details, str) else orjson.dumps(details).decode()
    )


def rebuild_rollups(connection: Connection, prefecture: str) -> None:
    seal_changes(connection, prefecture)
    connection.execute(text("SELECT rebuild_rollups(:prefecture)"), {"prefecture": prefecture})
    connection.execute(text("UPDATE reading_moment SET stale = true WHERE prefecture = :prefecture"), {"prefecture": prefecture})
    for table in ("area_count", "area_month", "area_day", "cases", "case_event"):
        connection.execute(text(f"ANALYZE {table}"))


def rebuild_shapes(connection: Connection, progress: Callable[[str, int, int], None] | None = None) -> list[str]:
    """Draw the levels whose outlines are others than those drawn, for every zoom band, neighbours together, and raise
    their boundary versions; returns these levels."""
    by_level: dict[str, list] = defaultdict(list)
    for row in connection.execute(
        text("SELECT id, level, path, code, ST_AsBinary(geom) AS geom FROM area ORDER BY id")
    ):
        by_level[row.level].append(row)
    rows = connection.execute(text("SELECT code, outline_digest FROM area_level"))
    drawn = {row.code: row.outline_digest for row in rows}
    digests = {level: _digest(rows) for level, rows in by_level.items()}
    stale = [level for level in by_level if drawn.get(level) != digests[level]]
    for done, level in enumerate(stale, 1):
        _draw_level(connection, level, by_level[level])
        connection.execute(RAISE_VERSION, {"level": level, "digest": digests[level]})
        if progress:
            progress("shapes", done, len(stale))
    if stale:
        connection.execute(text("ANALYZE area_shape"))
        connection.execute(text("ANALYZE area"))
    return stale


def _digest(rows: Sequence) -> str:
    """What a level's tiles are made of, in few letters: its areas, their outlines, and how they are simplified."""
    digest = hashlib.sha256(repr(zoom_bands()).encode())
    for row in rows:
        digest.update(f"{row.id} {row.path} ".encode())
        digest.update(bytes(row.geom))
    return digest.hexdigest()[:32]


def _draw_level(connection: Connection, level: str, rows: Sequence) -> None:
    connection.execute(text("DELETE FROM area_shape WHERE level = :level"), {"level": level})
    polygons = list(shapely.from_wkb([bytes(row.geom) for row in rows]))
    for band in zoom_bands():
        shapes = simplify_level(polygons, band)
        copy_rows(
            connection,
            "area_shape",
            ("area_id", "band", "level", "path", "code", "geom"),
            (
                (row.id, band.number, level, row.path, row.code, shapely.set_srid(shape, 3857))
                for row, shape in zip(rows, shapes, strict=True)
            ),
        )


def announce_areas(connection: Connection) -> None:
    """Raise the number by which open pages know that areas, their names or their outlines are others, and ring for it."""
    connection.execute(RAISE_REVISION)
    connection.execute(text("SELECT pg_notify('gridboard', 'areas')"))


def insert_areas(connection: Connection, rows: Iterable[dict]) -> dict[str, int]:
    """Insert areas, parents before children, and return {code: id}.

    A row has code, name, short_name, names, level, depth, parent_code, geom (shapely, 4326), lon, lat, bbox,
    area_km2, households, synthetic. Paths, ancestors, leaf and prefecture follow from the tree.
    """
    rows = list(rows)
    parents = {row["parent_code"] for row in rows}
    first = connection.execute(text("SELECT coalesce(max(id), 0) + 1 FROM area")).scalar_one()
    known: dict[str, tuple[str, list[int], str]] = {}

    def placed():
        for identity, row in enumerate(rows, first):
            above = known.get(row["parent_code"] or "", ("", [], row["code"]))
            known[row["code"]] = (f"{above[0]}{row['code']}/", [*above[1], identity], above[2])
            path, ancestors, prefecture = known[row["code"]]
            derived = {
                "id": identity,
                "path": path,
                "ancestor_ids": ancestors,
                "prefecture": prefecture,
                "parent_id": ancestors[-2] if len(ancestors) > 1 else None,
                "leaf": row["code"] not in parents,
                "geom": _multi(row["geom"]),
            }
            yield [derived.get(column, row.get(column)) for column in AREA_COLUMNS]

    copy_rows(connection, "area", AREA_COLUMNS, placed())
    connection.execute(text("SELECT setval(pg_get_serial_sequence('area', 'id'), (SELECT max(id) FROM area))"))
    return {code: ancestors[-1] for code, (_, ancestors, _) in known.items()}


def _multi(geometry: shapely.Geometry) -> shapely.Geometry:
    polygons = [geometry] if geometry.geom_type == "Polygon" else list(geometry.geoms)
    return shapely.set_srid(shapely.MultiPolygon(polygons), 4326)
