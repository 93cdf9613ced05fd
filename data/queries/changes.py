"""What changed in an area since yesterday at 08:00, when the day before is told, and what is usual on such a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from data.queries.areas import AreaKey
from data.queries.readings import FEWEST_WEEKS, compared
from data.queries.summaries import day_start, month_start
from data.sql import load


def since(now: datetime, area: AreaKey) -> datetime:
    """Yesterday at 08:00 on the area's clock."""
    yesterday = day_start(now, area.zone) - timedelta(hours=12)
    return yesterday.replace(hour=8)


def changes(connection: Connection, area: AreaKey, now: datetime, *, locale: str = "zh_CN") -> dict:
    """`since`; `brought`: by how many `open`, `waiting`, `to_file`, `settled_month` have grown since then; `before`: what was
    read then; `ranges`: what is usual of a count; `new`, `settled`, `overdue` (newly) since then; `moved` (code, name, tier
    then, tier now); `yesterday`, `reported_day` and `usual` (lowest and highest of its weekday, None when too few)."""
    start = since(now, area)
    yesterday = start.date()
    periods = {"since": start, "now": now, "month_at": month_start(now, area.zone), "yesterday": yesterday}
    values = dict(area.range(), area=area.id, locale=locale, **periods)
    row = connection.execute(load("count_changes"), values).mappings().one()
    known = row["known"] >= FEWEST_WEEKS
    before, ranges = compared(connection, area, now, start)
    return {
        "since": start,
        "brought": {name: row[name] for name in ("open", "waiting", "to_file", "settled_month")},
        "before": before,
        "ranges": ranges,
        **{name: row[name] for name in ("new", "settled", "overdue", "reported_day", "moved")},
        "yesterday": yesterday,
        "usual": (row["usual_lo"], row["usual_hi"]) if known else None,
    }
