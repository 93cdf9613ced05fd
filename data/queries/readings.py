"""What the counts of an area were at the hours at which they are written down (data/commands/readings.py)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from data.queries.areas import AreaKey
from data.sql import load

#: Hours of the deployment's clock; 8 is when the day before is told.
HOURS = (8, 14, 20)
WEEKS = 8
#: Weeks that a usual range needs: of fewer nothing is said.
FEWEST_WEEKS = 4
NAMES = ("open", "waiting", "to_file", "overdue")


def moments(now: datetime, zone: ZoneInfo, *, days: int) -> list[datetime]:
    """The moments of the last days until now, ascending, in UTC."""
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    all_days = ((midnight - timedelta(days=back)) for back in range(days, -1, -1))
    found = (day.replace(hour=hour).astimezone(UTC) for day in all_days for hour in HOURS)
    return [at for at in found if at <= now]


def same_weekday(now: datetime, zone: ZoneInfo) -> list[datetime]:
    """The hour that has passed last, one to eight weeks ago."""
    last = moments(now, zone, days=1)[-1].astimezone(zone)
    return [(last - timedelta(weeks=week)).astimezone(UTC) for week in range(1, WEEKS + 1)]


def compared(
    connection: Connection, area: AreaKey, now: datetime, since: datetime
) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """The counts of the area at `since`, as far as they were read, and the usual range of each count."""
    weeks, then = same_weekday(now, area.zone), since.astimezone(UTC)
    values = {"prefecture": area.prefecture, "area": area.id, "moments": [then, *weeks]}
    rows = {row["at"].astimezone(UTC): row for row in connection.execute(load("read_readings"), values).mappings()}
    before = {name: rows[then][name] for name in NAMES if then in rows and rows[then][name] is not None}
    usual = {}
    for name in NAMES:
        known = sorted(rows[week][name] for week in weeks if week in rows and rows[week][name] is not None)
        if len(known) >= FEWEST_WEEKS:
            usual[name] = (known[1], known[-2])
    return before, usual
