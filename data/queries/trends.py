"""Twelve months of an area and its cases by category, from the roll-ups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from data.queries.areas import AreaKey
from data.queries.summaries import month_start
from data.sql import load


def monthly(connection: Connection, area: AreaKey, now: datetime, *, months: int = 12) -> list[dict]:
    """Oldest first, each month of the deployment's time zone with `reported` and `settled`; months without cases are 0."""
    wanted = _months(month_start(now, area.zone).date(), months)
    values = {"prefecture": area.prefecture, "area": area.id, "first": wanted[0], "last": wanted[-1]}
    found = {month: counts for month, *counts in connection.execute(load("count_months"), values)}
    none = (0, 0)
    return [
        {"month": month, "reported": found.get(month, none)[0], "settled": found.get(month, none)[1]} for month in wanted
    ]


def _months(last: date, count: int) -> list[date]:
    index = last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(index - count + 1, index + 1)]


def categories(
    connection: Connection, area: AreaKey, now: datetime, *, months: int = 12, locale: str = "zh_CN"
) -> list[dict]:
    """Cases reported in these months by category, most first: category, kind, name, reported, settled."""
    wanted = _months(month_start(now, area.zone).date(), months)
    values = {"prefecture": area.prefecture, "area": area.id, "first": wanted[0], "last": wanted[-1]}
    rows = connection.execute(load("count_categories"), {**values, "locale": locale}).mappings()
    return [dict(row) for row in rows]
