"""The categories that a case may have, in their own order."""

from __future__ import annotations

from sqlalchemy import Connection, text


def case_categories(connection: Connection, *, locale: str = "zh_CN") -> list[dict]:
    """Kind, code and name of each category."""
    rows = connection.execute(
        text(
            "SELECT kind, code, coalesce(names ->> :locale, names ->> 'zh_CN', code) AS name FROM category ORDER BY kind, ord, code"
        ),
        {"locale": locale},
    ).mappings()
    return [dict(row) for row in rows]
