"""Emerging clusters of the latest scan, and how far a scan is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from data.queries.areas import AreaKey
from data.sql import load
from rules.access import Act, Viewer, may
from rules.errors import Problem


def listed(
    connection: Connection, area: AreaKey, viewer: Viewer, *, category: str | None = None, as_of: datetime | None = None
) -> dict[str, Any]:
    """Clusters whose centre lies in an area, the least likely by chance first: those of the latest scan until `as_of`, with when it
    was. `category` null is all cases together; `category` of the question: `all`, or a code."""
    values = {**area.range(), "as_of": as_of, "category": category, "all": category == "all", "locale": viewer.locale}
    run = connection.execute(load("latest_scan"), values).mappings().one_or_none()
    if run is None:
        return {"items": [], "scanned_at": None}
    rows = connection.execute(load("list_clusters"), {**values, "run": run["id"]}).mappings()
    code = area.code if may(viewer.role, Act.see_cases) else None
    return {"items": [_shape(dict(row), code) for row in rows], "scanned_at": run["at"]}


def _shape(row: dict[str, Any], code: str | None) -> dict[str, Any]:
    expected, p = row.pop("expected"), row.pop("p")
    return {
        **row,
        "from": row.pop("first_day"),
        "to": row.pop("last_day"),
        "expected": round(expected, 4),
        "ratio": round(row["observed"] / expected, 3) if expected else None,
        "p": p,
        "recurrence_days": round(1 / p, 1),
        "list": None if code is None else f"/api/cases?area={code}&cluster={row['id']}",
    }


def run(connection: Connection, number: int) -> dict[str, Any]:
    """How far a scan is: state, share. Raises Problem not_found."""
    row = connection.execute(
        text("SELECT id, at, state, share FROM scan_run WHERE id = :id"), {"id": number}
    ).mappings().one_or_none()  # fmt: skip
    if row is None:
        raise Problem("not_found")
    return dict(row)
