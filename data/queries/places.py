"""Key places of an area."""

from __future__ import annotations

from sqlalchemy import Connection, text

from data.queries import areas
from data.sql import load


def in_area(connection: Connection, code: str, *, locale: str = "zh_CN", factor: str | None = None) -> list[dict]:
    """Key places in an area: code, name, category, lon, lat; those that count for a factor of the tiers."""
    area = areas.key(connection, code)
    rows = connection.execute(load("list_places"), {"lo": area.lo, "hi": area.hi, "locale": locale, "factor": factor}).mappings()
    return [dict(row) for row in rows]


def categories(connection: Connection, *, locale: str = "zh_CN") -> list[dict]:
    """The categories of key places: code, name, icon."""
    rows = connection.execute(
        text("SELECT code, coalesce(names ->> :locale, code) AS name, icon FROM place_category ORDER BY code"),
        {"locale": locale},
    ).mappings()
    return [dict(row) for row in rows]
