"""At what time a person has the brief sent to the duty desk of the own organisation, and the sending of it."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, RowMapping, text

from data.database import Database
from data.outbox.messages import BRIEF
from data.queries import brief
from data.queries.summaries import timezone
from data.sql import load
from rules.access import Act, Role, Viewer, may
from rules.errors import Fault, unfit
from rules.sla import SlaPolicy


def read(connection: Connection, viewer: Viewer) -> str | None:
    """HH:MM of the deployment's clock; None for never."""
    question = text("SELECT to_char(at, 'HH24:MI') FROM brief_setting WHERE user_id = :user_id")
    return connection.execute(question, {"user_id": viewer.user_id}).scalar_one_or_none()


def keep(connection: Connection, viewer: Viewer, at: str | None, now: datetime) -> None:
    """Raises Problem invalid for a person whom no desk belongs to. The first one is sent when the time has come next."""
    if at is None:
        connection.execute(text("DELETE FROM brief_setting WHERE user_id = :user_id"), {"user_id": viewer.user_id})
        return
    if viewer.organisation_id is None:
        raise unfit([Fault("time", "no_desk")])
    local = now.astimezone(timezone(connection))
    sent = local.date() if local.time() >= time.fromisoformat(at) else None
    values = {"user_id": viewer.user_id, "at": at, "sent_on": sent, "now": now}
    connection.execute(load("write_brief_setting"), values)


def send_due(database: Database, *, now: datetime, sla: SlaPolicy) -> int:
    """Write the briefs whose time of this local day has come, each once; returns how many."""
    sent = 0
    with database.owning() as connection:
        zone = timezone(connection)
        due = connection.execute(load("pick_due_briefs"), {"local": now.astimezone(zone).replace(tzinfo=None)}).mappings().all()
    for row in due:
        sent += _send(database, row, now, zone, sla)
    return sent


def _send(database: Database, row: RowMapping, now: datetime, zone: ZoneInfo, sla: SlaPolicy) -> int:
    """The brief up to the time that was set, as the person may see it now."""
    viewer = Viewer(**{**row["viewer"], "role": Role(row["viewer"]["role"])})
    if not may(viewer.role, Act.see_cases):
        return 0
    local = now.astimezone(zone)
    at = datetime.combine(local.date(), row["at"], zone)
    with database.reading(viewer) as connection:
        found = brief.brief(connection, viewer.area_code, at, viewer, now=now, sla=sla)
    payload = {
        "name": found.name,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "sentences": [
            {"key": one.key, "numbers": one.numbers, "values": {k: _plain(v) for k, v in one.values.items()}}
            for one in found.sentences
        ],
    }
    values = {"user_id": viewer.user_id, "day": local.date(), "payload": orjson.dumps(payload).decode(), "topic": BRIEF}
    values |= {"organisation": viewer.organisation_id, "path": viewer.scope_path, "prefecture": viewer.prefecture, "now": now}
    with database.owning() as connection:
        return int(connection.execute(load("append_brief"), values).rowcount)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
