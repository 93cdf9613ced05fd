"""The past of cases made of their traces, for what came without triggers: loads, imports, databases of before.

An act of a person writes its span itself (`record_act`), with the deadline that stood then. Here the deadlines
are followed again by the rules of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, text

from data import bulk
from data.database import Database
from data.queries import cases
from data.sql import load
from rules.cases import Status
from rules.effects import with_due
from rules.facts import CaseFacts
from rules.replay import ProjectedCase, states
from rules.sla import SlaPolicy

BATCH = 5000
FEW = 500
ACT = ("act", "at", "to_status", "to_organisation_id", "by_organisation_id", "details", "version", "path")
STATE = tuple(field.name for field in fields(ProjectedCase) if field.name != "reported_at")
COLUMNS = (
    "prefecture", "case_no", "from_at", "to_at", "version", "status", "area_id", "path", "now_path", "centre_id", "holder_id",
    "sender_id", "responsible_id", "reported_at", "status_since", "due_at", "settled_at", "closed_at", "returned_n", "queued_at",
    "settle_from", "settle_due_at", "left_by", "co_handlers", "binding", "paused_until", "extension_until", "mediations",
    "first_mediation", "satisfaction", "merged_into",
)  # fmt: skip
OF_CASE = COLUMNS[COLUMNS.index("centre_id") :]
#: What the trace does not tell of a case that came with its own times, unless it was reopened here.
BROUGHT = frozenset({"settle_from", "settle_due_at", "queued_at"})


def fill_spans(database: Database, *, sla: SlaPolicy) -> int:
    """Make what is missing of the past. Returns of how many cases."""
    filled = 0
    while True:
        with database.owning() as connection:
            done = _fill_batch(connection, sla)
        filled += done
        if done < BATCH:
            break
    if filled > FEW:
        with database.owning() as connection:
            connection.execute(text("ANALYZE case_span"))
    return filled


def fill_all(connection: Connection, *, sla: SlaPolicy) -> None:
    """The same within the transaction of a load."""
    while _fill_batch(connection, sla) == BATCH:
        pass


def _fill_batch(connection: Connection, sla: SlaPolicy) -> int:
    """Under the world's lock: no act comes in between."""
    if connection.execute(text("SELECT NOT EXISTS (SELECT 1 FROM span_gap)")).scalar():
        return 0
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": bulk.WORLD_LOCK})
    found = connection.execute(load("list_span_gaps"), {"limit": BATCH}).mappings().all()
    areas = {row.path: row.id for row in connection.execute(text("SELECT path, id FROM area"))}
    made = [spans for row in found if (spans := list(spans_of(row, areas, sla)))]
    ends = [{name: spans[0][name] for name in ("prefecture", "case_no")} | {"at": spans[0]["from_at"]} for spans in made]
    connection.execute(load("end_spans"), {"rows": orjson.dumps(ends).decode()})
    bulk.copy_rows(connection, "case_span", COLUMNS, ([one[name] for name in COLUMNS] for spans in made for one in spans))
    return connection.execute(load("close_span_gaps"), {"limit": BATCH}).rowcount


def spans_of(row: Mapping[Any, Any], areas: Mapping[str, int], sla: SlaPolicy) -> Iterator[dict[str, Any]]:
    """The spans of a case after the one that is known, ascending: of acts at one moment the last."""
    last: dict[str, Any] | None = None
    known = row["known"] or 0
    for act, case in _states(row, sla):
        if act["version"] <= known:
            continue
        span = _span(row, act, case, areas, last)
        if last is not None and last["from_at"] < span["from_at"]:
            yield last | {"to_at": span["from_at"]}
        last = span
    if last is not None:
        yield last


def _span(
    row: Mapping[Any, Any], act: Mapping[str, Any], case: CaseFacts, areas: Mapping[str, int], last: dict[str, Any] | None
) -> dict[str, Any]:
    begun = act["at"] if last is None else max(act["at"], last["from_at"])
    is_last = act["version"] == row["version"]
    path = row["path"] if is_last or act["path"] not in areas else act["path"]
    return {
        **{name: _plain(row[name] if is_last else getattr(case, name)) for name in OF_CASE},
        "prefecture": row["prefecture"],
        "case_no": row["case_no"],
        "from_at": max(begun, row["known_from"]) if row["known_from"] else begun,
        "to_at": "infinity",
        "version": act["version"],
        "status": row["status"] if is_last else case.status.value,
        "area_id": row["area_id"] if is_last else areas.get(path, row["area_id"]),
        "path": path,
        "now_path": row["path"],
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _states(row: Mapping[Any, Any], sla: SlaPolicy) -> Iterator[tuple[dict[str, Any], CaseFacts]]:
    """Each act with the case after it; where the acts cannot be followed (`audit verify` names it), what they say themselves."""
    acts = [dict(zip(ACT, values, strict=True)) for values in row["acts"]]
    acts = [act | {"at": datetime.fromisoformat(act["at"])} for act in acts]
    case = cases.facts(row)
    kept = BROUGHT if case.clocks_since is not None and all(act["act"] != "reopen" for act in acts) else frozenset()
    names = [name for name in STATE if name not in kept]
    try:
        found = [
            replace(case, **{name: getattr(state, name) for name in names})
            for state in states(acts, kind=case.kind, severity=case.severity, sla=sla)
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        found = [_as_told(case, act) for act in acts]
    yield from ((act, with_due(one, sla)) for act, one in zip(acts, found, strict=True))


def _as_told(case: CaseFacts, act: Mapping[str, Any]) -> CaseFacts:
    status = Status(act["to_status"])
    return replace(case, status=status, holder_id=act["to_organisation_id"], version=act["version"], status_since=act["at"])
