"""What changed in an area since yesterday at 08:00, when the day before is told, and what is usual on such a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from data.queries.areas import AreaKey
from data.queries.summaries import day_start
from data.sql import load

#: Weeks with cases that a usual range needs: of fewer nothing is said.
FEWEST_WEEKS = 4


def since(now: datetime, area: AreaKey) -> datetime:
    """Yesterday at 08:00 on the area's clock."""
    yesterday = day_start(now, area.zone) - timedelta(hours=12)
    return yesterday.replace(hour=8)


def changes(connection: Connection, area: AreaKey, now: datetime, *, locale: str = "zh_CN") -> dict:
    """`since`; `brought`: by how many `open`, `waiting`, `to_file` have grown since then; `new`, `settled`, `overdue` (newly)
    since then; `moved` (code, name, tier then, tier now); `yesterday`, `reported_day` and `usual` (lowest and highest of its
    weekday, None when too few)."""
    start = since(now, area)
    yesterday = start.date()
    values = dict(area.range(), area=area.id, since=start, now=now, yesterday=yesterday, locale=locale)
    row = connection.execute(load("count_changes"), values).mappings().one()
    known = row["known"] >= FEWEST_WEEKS
    return {
        "since": start,
        "brought": {name: row[name] for name in ("open", "waiting", "to_file")},
        **{name: row[name] for name in ("new", "settled", "overdue", "reported_day", "moved")},
        "yesterday": yesterday,
        "usual": (row["usual_lo"], row["usual_hi"]) if known else None,
    }
