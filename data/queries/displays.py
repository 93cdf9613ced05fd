"""Wall displays as an admin sees them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from data.sql import load
from rules.errors import Problem


def listed(connection: Connection, *, locale: str) -> list[dict[str, Any]]:
    """Those in use by name, then those that were revoked."""
    rows = connection.execute(load("list_displays"), {"id": None, "locale": locale or "zh_CN"}).mappings()
    return [dict(row) for row in rows]


def find(connection: Connection, display_id: int, *, locale: str) -> dict[str, Any]:
    """Raises Problem not_found, also for one beside the viewer's area."""
    values = {"id": display_id, "locale": locale or "zh_CN"}
    row = connection.execute(load("list_displays"), values).mappings().one_or_none()
    if row is None:
        raise Problem("not_found")
    return dict(row)
