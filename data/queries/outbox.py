"""Deliveries as an admin sees them: what waits, what is dead and why. Nothing of a case but its number."""

from __future__ import annotations

from datetime import datetime
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
    total = counts(connection)[state]
    items = [dict(row) for row in rows[:limit]]
    return {"items": items, "next_cursor": str(items[-1]["id"]) if len(rows) > limit else None, "total": total}


def counts(connection: Connection, now: datetime | None = None) -> dict[str, int]:
    """How many messages are in each state, and the age of the oldest waiting one in seconds."""
    row = connection.execute(load("count_messages")).mappings().one()
    age = (now - row["oldest"]).total_seconds() if now and row["oldest"] else 0
    return {state: row[state] for state in STATES} | {"oldest_s": max(0, int(age))}


def paused_routes(connection: Connection) -> dict[str, bool]:
    """Each route that a sender has had in its configuration, and whether it is paused."""
    rows = connection.execute(text("SELECT name, state = 'paused' AS paused FROM message_route ORDER BY name"))
    return {row.name: row.paused for row in rows}


def contacts(connection: Connection) -> list[dict[str, str]]:
    """Which body is reached on which channel; the addresses masked."""
    rows = connection.execute(load("list_contacts"))
    return [dict(row) | {"address": masked(row["address"])} for row in rows.mappings()]


def masked(address: str) -> str:
    """Enough to tell two addresses apart, too little to use one."""
    return f"{address[:2]}***{address[-2:]}" if len(address) > 6 else "***"
