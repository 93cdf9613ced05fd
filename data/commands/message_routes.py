"""Message routes for an admin: states, reasons of pauses, stop and resume."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text

from data.audit import access_log
from data.audit.access_log import Actor, Entry, entry
from data.database import Database
from data.outbox import route_states
from data.sql import load
from rules.access import Act, Role, Viewer, may
from rules.access_log import Access, Via
from rules.errors import Problem
from rules.personal_data import check_personal

REASON_LENGTH = 200


def listed(database: Database, viewer: Viewer) -> list[dict[str, Any]]:
    """Every route with its state, what waits for it in the viewer's area, and whether the viewer may switch it.

    `configured`: a sender had it in its file within the last hour. Raises Problem forbidden.
    """
    if not may(viewer.role, Act.manage_messages):
        raise Problem("forbidden")
    switchable = _whole(viewer)
    with database.reading(viewer) as connection:
        rows = connection.execute(load("list_routes")).mappings()
        return [dict(row) | {"switchable": switchable} for row in rows]


def pause(
    database: Database, viewer: Viewer, name: str, *, reason: str, now: datetime, via: Via = Via.api, address: str = ""
) -> None:
    """Stop a route until a person resumes it. Raises Problem forbidden, not_found, invalid or personal_data (reason)."""
    reason = " ".join(reason.split())
    if not reason:
        raise Problem("reason_required")
    if len(reason) > REASON_LENGTH:
        raise Problem("invalid", field="reason", value=reason[:40])
    check_personal("reason", reason)
    record = entry(Access.route_pause, Actor(viewer, via, address), object=name)
    _change(database, viewer, name, now, lambda state: state.stopped(now, reason, viewer.username), record)


def resume(
    database: Database, viewer: Viewer, name: str, *, now: datetime, via: Via = Via.api, address: str = ""
) -> None:
    """Let a route send again, at once. Raises Problem forbidden, not_found."""
    record = entry(Access.route_resume, Actor(viewer, via, address), object=name)
    _change(database, viewer, name, now, lambda state: state.resumed(now, viewer.username), record)


def _change(database: Database, viewer: Viewer, name: str, now: datetime, change: Any, record: Entry) -> None:
    if not may(viewer.role, Act.manage_messages) or not _whole(viewer):
        raise Problem("forbidden")
    with database.writing(viewer) as connection:
        known = connection.execute(text("SELECT 1 FROM message_route WHERE name = :name"), {"name": name}).scalar()
        if not known:
            raise Problem("not_found")
        state = route_states.locked(connection, name, now)
        route_states.write(connection, state, change(state), now)
        access_log.append(connection, [record])


def _whole(viewer: Viewer) -> bool:
    """A route serves the whole deployment: so does who may switch it."""
    return viewer.role == Role.system or viewer.scope_path.count("/") == 1
