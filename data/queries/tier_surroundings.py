"""What stands around a grid's tier: its open cases and who holds them, whose duty it is, and grids like it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection

from analysis.comparable import comparable
from data.queries.areas import AreaKey
from data.sql import load
from rules.access import Act, Viewer, may, scope_range
from rules.cases import STAGE_OF, Status

MOST_OPEN, MOST_POSTS = 200, 40


def surroundings(connection: Connection, area: AreaKey, viewer: Viewer) -> dict[str, Any]:
    """`open_cases`: the longest in their place first, None for who reads none; `duties`: posts, the nearest first;
    `comparable`: grids within the viewer's area, the likest first."""
    return {
        "open_cases": _dwelling(connection, area, viewer) if may(viewer.role, Act.see_cases) else None,
        "duties": _duties(connection, area, viewer),
        "comparable": _comparable(connection, area, viewer),
    }


def _dwelling(connection: Connection, area: AreaKey, viewer: Viewer) -> list[dict[str, Any]]:
    values = {**area.range(), "locale": viewer.locale, "limit": MOST_OPEN}
    return [_standing(dict(row)) for row in connection.execute(load("list_dwelling"), values).mappings()]


def _standing(row: dict[str, Any]) -> dict[str, Any]:
    holder = {"id": row.pop("holder_id"), "name": row.pop("holder_name")}
    since: datetime = row.pop("since")
    return {**row, "stage": int(STAGE_OF[Status(row["status"])]), "holder": holder, "since": since}


def _duties(connection: Connection, area: AreaKey, viewer: Viewer) -> list[dict[str, Any]]:
    values = {"area": area.id, "locale": viewer.locale, "limit": MOST_POSTS}
    return [dict(row) for row in connection.execute(load("list_duties"), values).mappings()]


def _comparable(connection: Connection, area: AreaKey, viewer: Viewer) -> list[dict[str, Any]]:
    lo, hi = scope_range(viewer)
    rows = connection.execute(load("list_leaf_sizes"), {"lo": lo, "hi": hi}).all()
    ids = np.array([row.id for row in rows], dtype=np.int64)
    here = np.flatnonzero(ids == area.id)
    if not len(here):
        return []
    found = comparable(int(here[0]), [row.households for row in rows], [row.area_km2 for row in rows])
    values = {"ids": ids[found.rows].tolist(), "locale": viewer.locale}
    return [dict(row) for row in connection.execute(load("list_comparable"), values).mappings()]
