"""Viewers of cases: who has one open now. Shown to dispatchers alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC

from sqlalchemy import Connection

from data.queries import areas
from data.sql import load
from rules.access import Viewer

#: A page reports itself every 10 s; after three missing reports it is gone.
FRESH_SECONDS = 35


def watchers(connection: Connection, area: str, viewer: Viewer) -> dict[str, list[dict]]:
    """Case number -> who has it open or claimed: organisation, role, name (account), you, claimed, until."""
    values = dict(areas.key(connection, area).range(), fresh=FRESH_SECONDS, locale=viewer.locale or "zh_CN")
    by_case: dict[str, list[dict]] = defaultdict(list)
    for row in connection.execute(load("read_watchers"), values).mappings():
        by_case[row["case_no"]].append(
            {
                "organisation": row["organisation"],
                "role": row["role"],
                "name": row["username"],
                "you": row["user_id"] == viewer.user_id,
                "claimed": row["claimed"],
                "until": row["until"] and row["until"].astimezone(UTC),
            }
        )
    return dict(by_case)


def watchers_of(connection: Connection, case_no: str, viewer: Viewer) -> list[dict]:
    return watchers(connection, viewer.area_code, viewer).get(case_no, [])
