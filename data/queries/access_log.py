"""Search in the access log: what row level security shows, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from data.database import Database
from data.queries import areas
from data.sql import load
from rules.access import Viewer
from rules.access_log import Access, Outcome
from rules.errors import Problem

GROUPS = frozenset(act.partition(".")[0] for act in Access if "." in act)
#: How many entries an export reads at once.
CHUNK = 1000
COLUMNS = (
    "seq", "at", "act", "outcome", "via", "account", "role", "area", "area_name", "case_no", "object", "address", "n", "details",
    "hash",
)  # fmt: skip


@dataclass(frozen=True)
class AccessFilter:
    """`who`: a part of an account's name, or of the way (command_line). `what`: an act, or the first word of several."""

    who: str | None = None
    what: str | None = None
    outcome: str | None = None
    case_no: str | None = None
    area: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(connection: Connection, wanted: AccessFilter, *, limit: int, before: int | None, locale: str) -> dict[str, Any]:
    """A page of entries; `next_cursor` is the last number. Raises Problem not_found (area), invalid (what, outcome, to)."""
    values = _values(connection, wanted)
    items = _rows(connection, values, limit=limit + 1, before=before, locale=locale)
    total = connection.execute(
        text(f"SELECT count(*) FROM access_log l WHERE {load('match_access_log').text}"), values
    ).scalar_one()
    more = str(items[limit - 1]["seq"]) if len(items) > limit else None
    return {"items": items[:limit], "next_cursor": more, "total": total}


def every(database: Database, viewer: Viewer, wanted: AccessFilter, *, newest: int, locale: str) -> Iterator[dict[str, Any]]:
    """All entries up to a number, read in parts: a slow reader holds no connection."""
    before = newest + 1
    while True:
        with database.reading(viewer) as connection:
            items = _rows(connection, _values(connection, wanted), limit=CHUNK, before=before, locale=locale)
        yield from items
        if len(items) < CHUNK:
            return
        before = items[-1]["seq"]


def find(connection: Connection, seq: int, *, locale: str) -> dict[str, Any]:
    """One entry. Raises Problem not_found, also for one outside the viewer's scope."""
    entries = _rows(connection, _values(connection, AccessFilter()), limit=1, before=seq + 1, locale=locale)
    if not entries or entries[0]["seq"] != seq:
        raise Problem("not_found")
    return entries[0]


def counts(connection: Connection) -> int:
    """How many entries are kept, by the head of the chain alone."""
    return int(connection.execute(text("SELECT coalesce(max(seq - pruned_seq), 0) FROM access_head")).scalar_one())


def _values(connection: Connection, wanted: AccessFilter) -> dict[str, Any]:
    if wanted.what and wanted.what not in {*Access, *GROUPS}:
        raise Problem("invalid", field="what", value=wanted.what)
    if wanted.outcome and wanted.outcome not in {*Outcome}:
        raise Problem("invalid", field="outcome", value=wanted.outcome)
    if wanted.since and wanted.until and wanted.since >= wanted.until:
        raise Problem("invalid", field="to", value=wanted.until.isoformat())
    area = areas.key(connection, wanted.area) if wanted.area else None
    who = wanted.who.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") if wanted.who else None
    return {
        "who": f"%{who}%" if who else None,
        "what": wanted.what or None,
        "outcome": wanted.outcome or None,
        "case_no": wanted.case_no or None,
        "lo": area.lo if area else None,
        "hi": area.hi if area else None,
        "since": wanted.since,
        "until": wanted.until,
    }


def _rows(connection: Connection, values: dict[str, Any], *, limit: int, before: int | None, locale: str) -> list[dict]:
    statement = f"{load('list_access_log').text}{load('match_access_log').text} ORDER BY l.seq DESC LIMIT :limit"
    rows = connection.execute(text(statement), values | {"limit": limit, "before": before, "locale": locale or "zh_CN"})
    return [_shape(row) for row in rows.mappings()]


def _shape(row: Any) -> dict[str, Any]:
    organisation = row["organisation_id"]
    name = row["organisation_name"] or ""
    return {name: row[name] for name in COLUMNS} | {"organisation": organisation and {"id": organisation, "name": name}}
