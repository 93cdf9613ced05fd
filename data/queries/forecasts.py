"""How many cases the next days bring to the areas below one, where that can be told (analysis/forecast.py)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from analysis.forecast import AHEAD, Forecast, forecast
from analysis.refusals import TooLittle
from data.queries import areas
from data.queries.areas import CHILD_PLACE, AreaKey
from data.queries.summaries import day_start
from data.sql import load
from rules.access import Viewer

#: Days that are looked back on: a season needs more than one year.
HISTORY = 730


def ahead(connection: Connection, code: str, viewer: Viewer, *, now: datetime, days: int = AHEAD) -> dict[str, Any]:
    """Per child area and day from today `mean`, `lo`, `hi`; `skill` against last week's mean. Nothing is told where the skill is
    not above 0 (`shown` false), or where too little is known (`too_little`: what, how much is there, how much it needs)."""
    area = areas.key(connection, code)
    below = areas.children(connection, area, locale=viewer.locale)
    today = day_start(now, area.zone)
    answer = {"area": area.code, "as_of": now, "skill": None, "shown": False, "weeks": 0, "too_little": None, "items": []}
    table, first = _table(connection, area, [one["code"] for one in below], today)
    try:
        found = forecast(table, first_weekday=first.weekday())
    except TooLittle as error:
        return answer | {"too_little": {"what": error.code, "there": error.there, "needs": error.needed}}
    answer |= {"skill": round(found.skill, 4), "shown": found.shown, "weeks": found.weeks}
    return answer | {"items": _items(found, below, today, days)} if found.shown else answer


def _table(
    connection: Connection, area: AreaKey, codes: list[str], today: datetime
) -> tuple[np.ndarray, datetime]:
    """(children, days) up to yesterday, from the first day of which anything is known; and that day. Cases that no child holds
    are a last row, so that the whole stays whole."""
    begin = today - timedelta(days=HISTORY)
    values = area.range() | {"place": area.depth + CHILD_PLACE, "first": begin, "today": today}
    rows = connection.execute(load("count_local_days"), values).all()
    first = min((row.day for row in rows), default=today.date())
    place = {code: number for number, code in enumerate(codes)}
    table = np.zeros((len(codes) + 1, (today.date() - first).days))
    for row in rows:
        table[place.get(row.child, len(codes)), (row.day - first).days] += row.n
    return table, datetime.combine(first, datetime.min.time())


def _items(found: Forecast, below: list[dict], today: datetime, days: int) -> list[dict[str, Any]]:
    return [
        {
            "code": area["code"],
            "name": area["name"],
            "days": [
                {
                    "day": (today + timedelta(days=day)).date(),
                    **{name: round(float(getattr(found, name)[row, day]), 3) for name in ("mean", "lo", "hi")},
                }
                for day in range(min(days, AHEAD))
            ],
        }
        for row, area in enumerate(below)
    ]
