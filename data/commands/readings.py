"""Counts of areas at a few hours of each day, taken from the trace: what a figure is compared with.

A reading can be taken late: the counts of then are those of now without what the acts since brought. Only the deadlines of
then stand nowhere; they are followed again, case by case, for moments that are not long past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, text

from data.database import Database
from data.queries import cases
from data.queries.readings import WEEKS, moments
from data.queries.summaries import timezone
from data.sql import load
from rules.cases import OPEN, Kind, Severity
from rules.effects import with_due
from rules.facts import CaseFacts
from rules.replay import ProjectedCase, replay
from rules.sla import SlaPolicy

#: What an act that began before a moment may take until it is there.
SETTLED_AFTER = timedelta(seconds=30)
#: How long ago deadlines are still followed: yesterday at 08:00 is at most 40 hours ago.
FOLLOWED = timedelta(hours=40)
KEPT_DAYS = 7 * WEEKS + 1
ACT = ("act", "at", "to_status", "to_organisation_id", "by_organisation_id", "details", "version")
STATE = tuple(field.name for field in fields(ProjectedCase))
#: What the trace does not tell of a case that came with its own times, unless it was reopened here.
BROUGHT = frozenset({"settle_from", "settle_due_at", "queued_at"})


def take_readings(database: Database, *, now: datetime, sla: SlaPolicy) -> int:
    """Take the readings that are missing and forget those that nothing is compared with any more. Returns how many moments."""
    taken = 0
    with database.owning() as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        wanted = moments(now - SETTLED_AFTER, timezone(connection), days=KEPT_DAYS)
        for prefecture in connection.execute(text("SELECT prefecture FROM chain_head")).scalars().all():
            missing = _missing(connection, prefecture, wanted)
            if missing:
                _take(connection, prefecture, missing, now, sla)
                taken += len(missing)
            _forget(connection, prefecture, wanted[0])
    return taken


def _missing(connection: Connection, prefecture: str, wanted: Sequence[datetime]) -> list[datetime]:
    """Before the first act there was nothing to count."""
    values = {"prefecture": prefecture}
    first = connection.execute(text("SELECT min(at) FROM case_event WHERE prefecture = :prefecture"), values).scalar()
    read = text("SELECT at FROM reading_moment WHERE prefecture = :prefecture AND NOT stale")
    known = set(connection.execute(read, values).scalars())
    return [] if first is None else [at for at in wanted if at > first and at not in known]


def _take(connection: Connection, prefecture: str, missing: list[datetime], now: datetime, sla: SlaPolicy) -> None:
    followed = [at for at in missing if now - at <= FOLLOWED]
    late = [
        {"at": at, "area": area, "number": number}
        for at in followed
        for area, number in overdue_at(connection, prefecture, at, sla).items()
    ]
    values = {"prefecture": prefecture, "moments": missing, "first": missing[0], "followed": followed}
    connection.execute(load("take_readings"), values | {"late": orjson.dumps(late).decode()})
    connection.execute(load("note_readings"), values)


def _forget(connection: Connection, prefecture: str, before: datetime) -> None:
    for table in ("area_reading", "reading_moment"):
        gone = text(f"DELETE FROM {table} WHERE prefecture = :prefecture AND at < :before")
        connection.execute(gone, {"prefecture": prefecture, "before": before})


def overdue_at(connection: Connection, prefecture: str, at: datetime, sla: SlaPolicy) -> Counter[int]:
    """How many cases were overdue at a past moment, by the area that they hang on."""
    values = {"prefecture": prefecture, "at": at}
    found: Counter[int] = Counter()
    for row in connection.execute(load("count_late_untouched"), values):
        found[row.area] += row.number
    for touched in connection.execute(load("list_touched_cases"), values).mappings():
        case = _as_then(touched, sla)
        if case is not None and case.status in OPEN and case.due_at is not None and case.due_at < at:
            found[touched["area_id"]] += 1
    return found


def _as_then(row: Mapping[Any, Any], sla: SlaPolicy) -> CaseFacts | None:
    """The case as its acts until then left it; None when they cannot be followed (`audit verify` names it)."""
    acts = [dict(zip(ACT, values, strict=True)) for values in row["acts"]]
    acts = [act | {"at": datetime.fromisoformat(act["at"])} for act in acts]
    case = cases.facts(row)
    try:
        projected = replay(acts, kind=Kind(case.kind), severity=Severity(case.severity), sla=sla)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    kept = BROUGHT if case.clocks_since is not None and all(act["act"] != "reopen" for act in acts) else frozenset()
    return with_due(replace(case, **{name: getattr(projected, name) for name in STATE if name not in kept}), sla)
