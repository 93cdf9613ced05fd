"""Changes of the working calendar between two starts: open deadlines were computed with the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
import structlog
from sqlalchemy import Connection, text

from data.database import Database
from data.sql import load
from rules.cases import Severity
from rules.sla import Limits, SlaPolicy, Step

log = structlog.get_logger()
LAST, CHANGED = "clocks_of_last_start", "clocks_changed"
SHOWN = 12


def note_start(database: Database, sla: SlaPolicy, now: datetime) -> dict[str, Any] | None:
    """What is different since the last start, if anything is; kept until the deadlines are computed again. One line in
    the log, by one process."""
    with database.owning() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(7414)"))
        before, after = _read(connection, LAST), _told(sla)
        if before == after:
            return None
        _write(connection, LAST, after)
        if before is None:
            return None
        change = _difference(before, after, _read(connection, CHANGED)) | {"at": now.isoformat()}
        _write(connection, CHANGED, change)
    log.warning(
        "the working calendar or the limits have changed: open deadlines were computed with the old ones; "
        "manage.py clocks recompute --dry-run says what would change",
        **{name: ", ".join(change[name][:SHOWN]) for name in ("days_off", "work_days")}, limits=change["limits"],
    )  # fmt: skip
    return change


def pending(connection: Connection) -> dict[str, Any] | None:
    """What has changed since the open deadlines were computed: days that are free now, days that are worked now, whether
    limits or hours are others, and when that was noticed; None when nothing has."""
    change = _read(connection, CHANGED)
    return change if isinstance(change, dict) else None


def settle(database: Database, sla: SlaPolicy) -> None:
    """The deadlines have been computed with these clocks."""
    with database.owning() as connection:
        _write(connection, LAST, _told(sla))
        connection.execute(text("DELETE FROM deployment WHERE key = :key"), {"key": CHANGED})


def _told(sla: SlaPolicy) -> dict[str, Any]:
    limits = {step.value: _amounts(getattr(sla, step.value)) for step in Step}
    by_kind = {f"{step}/{kind}": _amounts(special) for (step, kind), special in sla.by_kind.items()}
    calendar = sla.calendar
    return {
        "days_off": sorted(map(str, calendar.days_off)),
        "work_days": sorted(map(str, calendar.work_days)),
        "limits": {"steps": limits, "by_kind": by_kind, "office": list(calendar.office_hours),
                   "weekend": sorted(calendar.weekend), "zone": str(calendar.zone)},
    }  # fmt: skip


def _amounts(limits: Limits) -> list[str]:
    return [f"{limits.of(one).amount} {limits.of(one).basis}" for one in Severity]


def _difference(before: Mapping[str, Any], after: Mapping[str, Any], noted: Any) -> dict[str, Any]:
    """With what was noted before and not recomputed since: two changes do not hide each other."""
    known = noted if isinstance(noted, dict) else {}

    def days(name: str, other: str) -> list[str]:
        fresh = (set(after[name]) - set(before[name])) | set(known.get(name, ()))
        gone = set(before[other]) - set(after[other])
        weekdays = {day for day in gone if (date.fromisoformat(day).weekday() < 5) == (name == "work_days")}
        return sorted(fresh | weekdays)

    return {
        "days_off": days("days_off", "work_days"),
        "work_days": days("work_days", "days_off"),
        "limits": before["limits"] != after["limits"] or bool(known.get("limits")),
    }


def _read(connection: Connection, key: str) -> Any:
    return connection.execute(text("SELECT value FROM deployment WHERE key = :key"), {"key": key}).scalar()


def _write(connection: Connection, key: str, value: Any) -> None:
    connection.execute(
        load("store_deployment_value"),
        {"key": key, "value": orjson.dumps(value).decode()},
    )
