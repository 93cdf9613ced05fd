"""The categories that a case may have, in their own order."""

from __future__ import annotations

from sqlalchemy import Connection

from data.sql import load


def case_categories(connection: Connection, *, locale: str = "zh_CN") -> list[dict]:
    """Kind, code and name of each category, and what residents call it."""
    return [dict(row) for row in connection.execute(load("list_categories"), {"locale": locale}).mappings()]


def result_phrases(connection: Connection, category: str, *, locale: str = "zh_CN") -> tuple[str, ...]:
    """Quick phrases for the result of a settlement, in the reader's language; () where the deployment has none."""
    found = connection.execute(load("list_result_phrases"), {"category": category, "locale": locale}).scalar()
    return tuple(found or ())
