"""The queue of the desk: waiting cases in the order of urgency, with their viewers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.queries import areas, cases, viewers
from data.queries.cases import CaseFilter
from data.sql import load
from rules.access import Viewer
from rules.cases import Status

DUPLICATE_METRES, DUPLICATE_DAYS = 200.0, 14


def page(connection: Connection, wanted: CaseFilter, now: datetime, viewer: Viewer) -> dict:
    """One page of the waiting cases of an area: least time left first, then the graver, then the older.

    Items are cases with `watching` (who has it open), `duplicates` (how many others may be the same matter) and `below`
    (the area under the present one that it lies in). `last_waited` tells when the queue was last not empty.
    """
    result = cases.page(connection, replace(wanted, status=Status.waiting.value, sort="queue"), now, viewer)
    numbers = [item["case_no"] for item in result["items"]]
    area = areas.key(connection, wanted.area)
    seen = viewers.watchers(connection, wanted.area, viewer)
    alike = Counter(row.case_no for row in _near(connection, area.prefecture, numbers))
    below = _areas_below(connection, area, numbers, viewer.locale)
    for item in result["items"]:
        number = item["case_no"]
        item |= {"watching": seen.get(number, []), "duplicates": alike[number], "below": below.get(number)}
    if not result["items"] and not wanted.cursor:
        result["last_waited"] = _last_waited(connection, area)
    return result


def duplicates(connection: Connection, case_no: str, now: datetime, viewer: Viewer) -> list[dict[str, Any]]:
    """Open cases that may be the same matter, the likeliest first: `case`, `distance_m`, `alike` (0 to 1, of the titles).

    The same kind within 200 m and 14 days, of the same category or with a similar title; without a place in the same
    grid. Raises Problem not_found.
    """
    row = cases.row(connection, case_no)
    near = _near(connection, row["prefecture"], [case_no])[:10]
    return [
        {
            "case": cases.find(connection, one.other_no, now, viewer),
            "distance_m": one.distance_m and round(one.distance_m),
            "alike": round(one.alike, 2),
        }
        for one in near
    ]


def _near(connection: Connection, prefecture: str, numbers: list[str]) -> list[Any]:
    values = {"prefecture": prefecture, "numbers": numbers, "metres": DUPLICATE_METRES, "days": DUPLICATE_DAYS}
    return list(connection.execute(load("list_duplicates"), values)) if numbers else []


def _areas_below(connection: Connection, area: areas.AreaKey, numbers: list[str], locale: str) -> dict[str, dict[str, str]]:
    """Case number -> the child area of `area` that it lies in; nothing for a case on `area` itself."""
    values = {"prefecture": area.prefecture, "numbers": numbers, "steps": area.path.count("/") + 1, "locale": locale}
    rows = connection.execute(load("list_areas_below"), values).mappings()
    return {row["case_no"]: {"code": row["code"], "name": row["name"]} for row in rows}


def _last_waited(connection: Connection, area: areas.AreaKey) -> datetime | None:
    moment: datetime | None = connection.execute(
        load("last_waited"),
        area.range(),
    ).scalar()
    return moment
