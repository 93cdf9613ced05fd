"""The cases of one organisation: in hand, co-handled, reported, done."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from data.queries import cases
from data.sql import load
from rules.access import Viewer

#: What a tab shows. Each is a query of its own index; the paths of row level security hold beside it.
TABS = {
    "work": "c.holder_id = :own AND c.status IN ('dispatched', 'signed', 'handling', 'paused')",
    "together": "c.co_handlers && ARRAY[:own]::int[] AND is_open(c.status)",
    "reported": "c.reporter_id = :own AND c.reported_at >= :since",
    "done": "c.responsible_id = :own AND c.settled_at >= :since",
}
ORDER = {
    "work": "c.due_at NULLS LAST, c.case_no",
    "together": "c.due_at NULLS LAST, c.case_no",
    "reported": "c.reported_at DESC, c.case_no",
    "done": "c.settled_at DESC, c.case_no",
}
SINCE, MOST = timedelta(days=30), 1000


def counts(connection: Connection, viewer: Viewer, now: datetime) -> dict[str, int]:
    """How many cases each tab holds."""
    values = {"own": viewer.organisation_id, "prefecture": viewer.prefecture, "since": now - SINCE}
    return {
        tab: connection.execute(
            text(f"SELECT count(*) FROM cases c WHERE c.prefecture = :prefecture AND {where}"), values
        ).scalar_one()
        for tab, where in TABS.items()
    }


def listed(connection: Connection, viewer: Viewer, tab: str, now: datetime) -> list[dict]:
    """The cases of a tab in the shape of the interface: those at work by the time left, the others the newest first."""
    values = {
        "own": viewer.organisation_id,
        "prefecture": viewer.prefecture,
        "since": now - SINCE,
        "locale": viewer.locale or "zh_CN",
        "most": MOST,
    }
    statement = (
        f"{load('select_case').text} FROM (SELECT c.* FROM cases c WHERE c.prefecture = :prefecture AND {TABS[tab]}"
        f" ORDER BY {ORDER[tab]} LIMIT :most) c {load('join_case').text} ORDER BY {ORDER[tab]}"
    )
    rows = connection.execute(text(statement), values).mappings().all()
    return [cases.shape(row, now, viewer) for row in rows]
