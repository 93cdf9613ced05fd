"""Deliveries as an admin sees them: what waits, what is dead and why. Nothing of a case but its number."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from data.sql import load
from rules.errors import Problem

STATES = ("waiting", "sent", "dead")


def page(connection: Connection, *, state: str, limit: int, before: int | None, locale: str) -> dict[str, Any]:
    """Deliveries of a state, the newest first; `next_cursor` is the last id. Raises Problem invalid (state)."""
    if state not in STATES:
        raise Problem("invalid", field="state", value=state)
    values = {"state": state, "limit": limit + 1, "before": before, "locale": locale}
    rows = connection.execute(load("list_deliveries"), values).mappings().all()
    total = connection.execute(
        text("SELECT count(*) FROM delivery WHERE state = :state"), {"state": state}
    ).scalar_one()
    items = [dict(row) for row in rows[:limit]]
    return {"items": items, "next_cursor": str(items[-1]["id"]) if len(rows) > limit else None, "total": total}


def counts(connection: Connection) -> dict[str, int]:
    """How many deliveries stand in each state, and the age of the oldest waiting one in seconds."""
    rows = connection.execute(text("SELECT state, count(*) AS n FROM delivery GROUP BY state"))
    found = dict.fromkeys(STATES, 0) | {row.state: row.n for row in rows}
    oldest = connection.execute(
        text("SELECT extract(epoch FROM now() - min(created_at)) FROM delivery WHERE state = 'waiting'")
    ).scalar()
    return found | {"oldest_s": int(oldest or 0)}


def send_again(connection: Connection, delivery: int | None, now: Any) -> int:
    """Let a dead delivery, or all of them, be tried anew from the start; returns how many."""
    changed = connection.execute(load("send_again"), {"id": delivery, "now": now}).rowcount
    if delivery is not None and not changed:
        raise Problem("not_found")
    return int(changed)


def set_contact(connection: Connection, *, organisation: str, channel: str, address: str | None) -> None:
    """Set or (None) take away where a body's duty desk is reached. Raises Problem not_found."""
    body = connection.execute(text("SELECT id FROM organisation WHERE code = :code"), {"code": organisation}).scalar()
    if body is None:
        raise Problem("not_found", field="organisation", value=organisation)
    connection.execute(
        text("DELETE FROM contact WHERE organisation_id = :body AND channel = :channel"),
        {"body": body, "channel": channel},
    )
    if address is not None:
        connection.execute(
            text("INSERT INTO contact VALUES (:body, :channel, :address)"),
            {"body": body, "channel": channel, "address": address},
        )
