"""Cases: pages of a list, one case, its trace, markers for the map."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, TextClause, text

from data.database import prefecture_of
from data.queries import areas
from data.queries.case_filter import CONDITIONS, COUNTED, CaseFilter, conditions
from data.sql import load
from rules.access import Viewer, own_organisation
from rules.cases import OPEN, STAGE_OF, Kind, Severity, Status
from rules.checks import allowed_moves, may_have_settled
from rules.errors import Problem
from rules.facts import CaseFacts, Settlement
from rules.numbers import MAX_INT, digits
from rules.sla import clock_of

MAX_LIMIT = 500
#: Rows of one reading of a whole list.
PART = 2000
# A moment as PostgreSQL writes it with the time zone set to UTC.
KEY_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00", re.ASCII)
SEVERITY_RANK = "CASE c.severity WHEN 'grave' THEN 0 WHEN 'major' THEN 1 ELSE 2 END"
# What a list may be sorted by: the expression and the type of its key in a cursor.
SORTS = {
    "due_at": ("coalesce(c.due_at, 'infinity'::timestamptz)", "timestamptz"),
    "reported_at": ("c.reported_at", "timestamptz"),
    # least time left first, then the graver, then the older
    "queue": (
        "to_char(coalesce(c.due_at, '9999-01-01') AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || "
        f"({SEVERITY_RANK})::text || to_char(c.reported_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')",
        "text",
    ),
    "settled_at": ("coalesce(c.settled_at, 'infinity'::timestamptz)", "timestamptz"),
    "severity": (SEVERITY_RANK, "int"),
    "category": ('c.category COLLATE "C"', "text"),
    "status": ('c.status COLLATE "C"', "text"),
    "kind": ('c.kind COLLATE "C"', "text"),
    "title": ('c.title COLLATE "C"', "text"),
    "case_no": ("c.case_no", "text"),
}
def page(connection: Connection, wanted: CaseFilter, now: datetime, viewer: Viewer) -> dict:
    """One page of a list: `items` (case shape), `next_cursor`, `total` (counted once, with the first page).

    Raises Problem not_found (area), invalid (status, sort, cursor, limit).
    """
    after = _decode(wanted.cursor, wanted.order) if wanted.cursor else None
    limit = max(1, min(wanted.limit, MAX_LIMIT))
    rows = _rows(connection, wanted, now, viewer, after=after, limit=limit + 1)
    items = [shape(row, now, viewer) for row in rows[:limit]]
    total = after["total"] if after else rows[0]["total"] if rows else 0
    more = _encode(wanted.order, rows[limit - 1], total) if len(rows) > limit else None
    return {"items": items, "next_cursor": more, "total": total}


def every(connection: Connection, wanted: CaseFilter, now: datetime, viewer: Viewer) -> Iterator[dict[str, Any]]:
    """All rows of a list in its order, each with the `total`, read in parts. Raises what `page` raises."""
    after = None
    while True:
        rows = _rows(connection, wanted, now, viewer, after=after, limit=PART)
        yield from rows
        if len(rows) < PART:
            return
        last = rows[-1]
        after = {"key": last["sort_key"], "no": last["case_no"], "total": last["total"]}


def _rows(
    connection: Connection, wanted: CaseFilter, now: datetime, viewer: Viewer, *, after: dict | None, limit: int
) -> list[dict[str, Any]]:
    area = areas.key(connection, wanted.area)
    expression, kind, descending = _sort(wanted.order)
    where, values = conditions(wanted, area, now)
    counted = ":total" if after else _count(wanted, where, viewer)
    keyset = ""
    if after:
        sign = "<" if descending else ">"
        keyset = f" AND ({expression}, c.case_no) {sign} (CAST(:after AS {kind}), CAST(:after_no AS text))"
        values |= {"after": after["key"], "after_no": after["no"], "total": after["total"]}
    way = "DESC" if descending else "ASC"
    order = f"{expression} {way}, c.case_no {way}"
    found = connection.execute(
        _text(
            f"{load('select_case').text}, ({expression})::text AS sort_key, {counted} AS total FROM (SELECT c.* FROM cases c"
            f" WHERE {where}{keyset} ORDER BY {order} LIMIT :limit) c {load('join_case').text} ORDER BY {order}"
        ),
        dict(values, limit=limit, locale=viewer.locale or "zh_CN"),
    )
    # plain dictionaries: a row is asked for sixty names
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found]


def unchanged_until(wanted: CaseFilter, page: dict, now: datetime) -> datetime:
    """When a page becomes another by time alone: with the next deadline on it; at once where deadlines decide what is on it."""
    if wanted.overdue or wanted.status == "overdue":
        return now
    ahead = (item["due_at"] for item in page["items"] if item["due_at"] is not None and item["due_at"] >= now)
    # a case is overdue after its deadline, not at it
    return min(ahead, default=datetime.max.replace(tzinfo=UTC))


def _count(wanted: CaseFilter, where: str, viewer: Viewer) -> str:
    """How many cases there are in all: the roll-ups have it for the sets of the lists."""
    filtered = any(getattr(wanted, name) for name in CONDITIONS) or wanted.overdue or wanted.metric
    if wanted.status in COUNTED and not filtered and own_organisation(viewer) is None:
        column = COUNTED[wanted.status]
        return f"coalesce((SELECT {column} FROM area_count WHERE prefecture = :prefecture AND area_id = :area_id), 0)"
    return f"(SELECT count(*) FROM cases c WHERE {where})"


@lru_cache(maxsize=500)
def _text(statement: str) -> TextClause:
    """Reading the names of the parameters out of a statement takes longer than sending it."""
    return text(statement)


def _sort(sort: str) -> tuple[str, str, bool]:
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise Problem("invalid", field="sort", value=sort)
    return (*SORTS[name], sort.startswith("-"))


def _encode(sort: str, row: Mapping[Any, Any], total: int) -> str:
    raw = orjson.dumps([sort, row["sort_key"], row["case_no"], total])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(cursor: str, sort: str) -> dict:
    try:
        made_for, key, number, total = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if made_for != sort or not isinstance(total, int) or not isinstance(key, str) or not isinstance(number, str):
            raise ValueError(cursor)
        _check_key(SORTS[sort.removeprefix("-")][1], key)
        _check_key("text", number)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Problem("invalid", field="cursor", value="") from error
    return {"key": key, "no": number, "total": total}


def _check_key(kind: str, key: str) -> None:
    """Raises ValueError for what was never a key of ours: PostgreSQL would fail on it, not answer."""
    if "\0" in key:
        raise ValueError(key)
    if kind == "int" and digits(key, most=MAX_INT) is None:
        raise ValueError(key)
    if kind == "timestamptz" and key not in ("infinity", "-infinity"):
        if not KEY_MOMENT.fullmatch(key):
            raise ValueError(key)
        datetime.fromisoformat(key)


# a look-up in a table is a tenth of a call of the enumeration
KINDS, SEVERITIES, STATUSES = ({member.value: member for member in names} for names in (Kind, Severity, Status))
STORED = tuple(field.name for field in fields(CaseFacts))


def facts(row: Mapping[Any, Any]) -> CaseFacts:
    """What the rules need to know of a case row."""
    values: dict[str, Any] = {name: row[name] for name in STORED}
    values |= {name: tuple(row[name]) for name in ("left_by", "co_handlers", "needs")}
    values |= {"kind": KINDS[row["kind"]], "severity": SEVERITIES[row["severity"]], "status": STATUSES[row["status"]]}
    return CaseFacts(**values)


def shape(row: Mapping[Any, Any], now: datetime, viewer: Viewer) -> dict:
    """A case as the interface shows it to this viewer, with the moves that the viewer may make now."""
    status = Status(row["status"])
    due_at = row["due_at"]
    return {
        "case_no": row["case_no"],
        "kind": row["kind"],
        "category": row["category"],
        "category_name": row["category_name"],
        "title": row["title"],
        "description": row["description"],
        "severity": row["severity"],
        "source": row["source"],
        "status": row["status"],
        "stage": int(STAGE_OF[status]),
        "area": row["area_code"],
        "area_name": row["area_name"],
        "lon": row["lon"],
        "lat": row["lat"],
        "holder": {"id": row["holder_id"], "name": row["holder_name"]},
        "version": row["version"],
        "reported_at": row["reported_at"],
        "status_since": row["status_since"],
        "due_at": due_at,
        "clock": clock_of(status, due_at, row["settle_due_at"]),
        "settled_at": row["settled_at"],
        "settle_due_at": row["settle_due_at"],
        "paused_until": row["paused_until"],
        "extension_until": row["extension_until"],
        "binding": row["binding"],
        "merged_into": row["merged_into"],
        "needs": list(row["needs"]),
        "overdue": due_at is not None and due_at < now and status in OPEN,
        "moves": list(allowed_moves(facts(row), viewer)),
    }


@lru_cache
def _by_number(*, within: bool) -> TextClause:
    """`within`: in the one partition of a prefecture; else in all of them."""
    place = " AND c.prefecture = :prefecture" if within else ""
    statement = f"{load('select_case').text} FROM cases c {load('join_case').text} WHERE c.case_no = :case_no{place}"
    return text(statement).execution_options(prepared="case_of_prefecture" if within else "case_by_number")


def numbered(connection: Connection, case_no: str, **more: Any) -> dict[str, Any]:
    """The parameters of a look-up by number: with the prefecture of whoever looks, the server opens one partition only."""
    return {"case_no": case_no, "prefecture": prefecture_of(connection), **more}


def row(connection: Connection, case_no: str, *, locale: str = "zh_CN") -> RowMapping:
    """The full row of a case with its names. Raises Problem not_found, also for a case outside the viewer's scope."""
    case_row = (
        connection.execute(
            _by_number(within=prefecture_of(connection) is not None),
            numbered(connection, case_no, locale=locale),
        )
        .mappings()
        .one_or_none()
    )
    if case_row is None:
        raise Problem("not_found")
    return case_row


def find(connection: Connection, case_no: str, now: datetime, viewer: Viewer) -> dict:
    """One case in the shape of the interface. Raises Problem not_found."""
    return present(connection, row(connection, case_no, locale=viewer.locale or "zh_CN"), now, viewer)


def present(connection: Connection, found: Mapping[Any, Any], now: datetime, viewer: Viewer) -> dict:
    """A case by itself: as in a list, and whether this very viewer may still take its settlement back."""
    shown = shape(found, now, viewer)
    if may_have_settled(facts(found), viewer, now):
        settlement = last_settlement(connection, found)
        if settlement is not None and settlement.user_id == viewer.user_id:
            shown["moves"].append("undo_settle")
    return shown


def events(connection: Connection, case_no: str, *, locale: str = "zh_CN") -> list[dict]:
    """The trace of a case, oldest first, in the shape of the interface. Raises Problem not_found when there is none."""
    rows = connection.execute(load("list_events"), numbered(connection, case_no, locale=locale)).mappings().all()
    if not rows:
        raise Problem("not_found")
    return [event_shape(row) for row in rows]


def reminders(connection: Connection, case_no: str) -> list[RowMapping]:
    """The reminders of a case, oldest first: at, step, level, due_at."""
    return list(connection.execute(load("list_reminders"), numbered(connection, case_no)).mappings())


def event_shape(row: RowMapping) -> dict:
    return {
        "seq": row["seq"],
        "case_no": row["case_no"],
        "at": row["at"],
        "act": row["act"],
        "by": {"role": row["role"], "organisation": row["by_name"], "organisation_id": row["by_organisation_id"]},
        "from_status": row["from_status"],
        "to_status": row["to_status"],
        "from_organisation": _organisation(row["from_organisation_id"], row["from_name"]),
        "to_organisation": _organisation(row["to_organisation_id"], row["to_name"]),
        "reason": row["reason"],
        "details": row["details"],
        "version": row["version"],
        "hash": bytes(row["hash"]).hex(),
    }


def _organisation(identity: int | None, name: str | None) -> dict | None:
    return None if identity is None else {"id": identity, "name": name}


def last_settlement(connection: Connection, row: Mapping[Any, Any]) -> Settlement | None:
    """The last settlement of the case of a row that a person has made here; None when there is none."""
    keys = {"prefecture": row["prefecture"], "case_no": row["case_no"]}
    found = connection.execute(load("last_settlement"), keys).one_or_none()
    if found is None:
        return None
    extension = found.extension and datetime.fromisoformat(found.extension)
    return Settlement(found.at, found.user_id, extension or None)


def last_event(connection: Connection, case_no: str, *, locale: str = "zh_CN") -> dict | None:
    """Who changed a case last, for the one who came second: role, organisation, move, at, to."""
    rows = connection.execute(load("list_events"), numbered(connection, case_no, locale=locale)).mappings().all()
    if not rows:
        return None
    last = rows[-1]
    return {
        "role": last["role"],
        "organisation": last["by_name"],
        "move": last["act"],
        "at": last["at"].astimezone(UTC),
        "to": last["to_name"],
        "version": last["version"],
    }
