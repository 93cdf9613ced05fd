"""The scan for emerging clusters over all cases: per category and for all, as of a moment, in a thread that says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import structlog
from sqlalchemy import Connection, text

from analysis.scan import Cancelled, Cluster, Happenings, ScanLimits, scan
from data.database import Database
from data.sql import load
from geo.plane import Plane
from rules.access import Act, Viewer, require

log = structlog.get_logger()
#: What is looked for: circles up to this radius over at most these days, within the cases of a year.
RADIUS_M, DAYS, SHARE, YEAR_DAYS = 5000.0, 30, 0.2, 365
REPLICATIONS, ENOUGH = 999, 60
#: Clusters that chance makes more often than this are not kept.
MOST_P = 0.01
#: A category with fewer cases in those days has nothing to tell.
FEWEST_CASES = 3
#: A run that says nothing for so long has died with its process.
SILENT = timedelta(seconds=60)
#: Runs are kept as long as the time machine may ask for them.
KEPT = timedelta(days=800)
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Points:
    """Cases of one prefecture within the year, one entry each."""

    case_no: list[str]
    category: list[str]
    lon: np.ndarray
    lat: np.ndarray
    day: np.ndarray


def request(database: Database, viewer: Viewer, *, now: datetime) -> int:
    """Begin a scan in a thread of this process, or join the one that runs; returns its number. Raises Problem forbidden."""
    require(viewer, Act.scan)
    number, begun = _begin(database, now, viewer.role.value)
    if begun:
        threading.Thread(target=run, args=(database, number, now), name="scan", daemon=True).start()
    return number


def request_nightly(database: Database, *, now: datetime, hour: int) -> bool:
    """The scheduler's: once a local day from this hour on, in a thread; whether one was begun."""
    with database.owning() as connection:
        zone = ZoneInfo(connection.execute(text("SELECT deployment_timezone()")).scalar_one())
        local = now.astimezone(zone)
        since = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        done = connection.execute(
            text("SELECT EXISTS (SELECT 1 FROM scan_run WHERE at >= :since AND state IN ('done', 'running'))"),
            {"since": since},
        ).scalar()
    if local < since or done:
        return False
    number, begun = _begin(database, now, "system")
    if begun:
        threading.Thread(target=run, args=(database, number, now), name="scan", daemon=True).start()
    return begun


def cancel(database: Database, viewer: Viewer, number: int) -> bool:
    """Whether it was running still. Raises Problem forbidden."""
    require(viewer, Act.scan)
    with database.owning() as connection:
        ended = connection.execute(
            text("UPDATE scan_run SET state = 'cancelled' WHERE id = :id AND state = 'running'"), {"id": number}
        )
        return bool(ended.rowcount)


def _begin(database: Database, now: datetime, role: str) -> tuple[int, bool]:
    values = {"at": now, "now": datetime.now(UTC), "dead": datetime.now(UTC) - SILENT, "role": role}
    with database.owning() as connection:
        connection.execute(
            text("UPDATE scan_run SET state = 'failed' WHERE state = 'running' AND beat_at < :dead"), values
        )
        begun = connection.execute(load("begin_scan"), values).scalar()
        if begun is not None:
            return begun, True
        return connection.execute(text("SELECT id FROM scan_run WHERE state = 'running'")).scalar_one(), False


def run(database: Database, number: int, now: datetime) -> None:
    """Scan and store; a run that is cancelled or fails leaves nothing but its state."""
    try:
        found = list(_found(database, number, now))
        with database.owning() as connection:
            _store(connection, number, found, now)
    except Cancelled:
        log.info("scan cancelled", run=number)
    except Exception as error:
        log.warning("scan failed", run=number, error=type(error).__name__)
        with database.owning() as connection:
            connection.execute(text("UPDATE scan_run SET state = 'failed' WHERE id = :id"), {"id": number})


def _found(database: Database, number: int, now: datetime) -> Iterator[dict[str, Any]]:
    with database.owning() as connection:
        zone = connection.execute(text("SELECT deployment_timezone()")).scalar_one()
        prefectures = connection.execute(text("SELECT DISTINCT prefecture FROM area ORDER BY 1")).scalars().all()
        worlds = [(one, _points(connection, one, now, zone)) for one in prefectures]
    today = now.astimezone(ZoneInfo(zone)).date().toordinal() - EPOCH
    tasks = [
        (prefecture, points, category) for prefecture, points in worlds for category in (None, *_told(points, today))
    ]
    for done, (prefecture, points, category) in enumerate(tasks):
        progress = _teller(database, number, done, len(tasks))
        for cluster in _scan(points, category, today, progress):
            yield _row(prefecture, category, cluster, points)


def _points(connection: Connection, prefecture: str, now: datetime, zone: str) -> Points:
    values = {"prefecture": prefecture, "now": now, "zone": zone, "since": now - timedelta(days=YEAR_DAYS)}
    rows = connection.execute(load("list_scan_cases"), values).all()
    columns: Sequence[Any] = list(zip(*rows, strict=True)) if rows else [()] * 5
    lon, lat = np.array(columns[2], dtype=float), np.array(columns[3], dtype=float)
    return Points(list(columns[0]), list(columns[1]), lon, lat, np.array(columns[4], dtype=np.int64))


def _told(points: Points, today: int) -> list[str]:
    """The categories with enough recent cases."""
    recent: dict[str, int] = {}
    for category, day in zip(points.category, points.day.tolist(), strict=True):
        recent[category] = recent.get(category, 0) + (day > today - DAYS)
    return sorted(category for category, n in recent.items() if n >= FEWEST_CASES)


def _teller(database: Database, number: int, done: int, tasks: int) -> Callable[[float], bool]:
    """Notes how far the run is; False once somebody cancelled it."""

    def tell(share: float) -> bool:
        with database.owning() as connection:
            beat = connection.execute(
                text("UPDATE scan_run SET share = :share, beat_at = :now WHERE id = :id AND state = 'running'"),
                {"share": (done + share) / tasks, "now": datetime.now(UTC), "id": number},
            )
            return bool(beat.rowcount)

    return tell


def _scan(
    points: Points, category: str | None, today: int, progress: Callable[[float], bool]
) -> list[tuple[Cluster, np.ndarray]]:
    """Clusters with the rows of all points that each holds."""
    chosen = np.arange(len(points.day)) if category is None else np.flatnonzero(np.array(points.category) == category)
    plane = Plane.of(points.lon, points.lat)
    x, y = plane.metres(points.lon[chosen], points.lat[chosen])
    data = Happenings(x, y, points.day[chosen], np.ones(len(chosen), dtype=np.int64))
    limits = ScanLimits(RADIUS_M, DAYS, SHARE, REPLICATIONS, ENOUGH)
    if progress(0.0) is False:
        raise Cancelled
    return [
        (one, chosen[one.members]) for one in scan(data, limits, last_day=today, progress=progress) if one.p <= MOST_P
    ]


def _row(prefecture: str, category: str | None, found: tuple[Cluster, np.ndarray], points: Points) -> dict[str, Any]:
    one, members = found
    lon, lat = Plane.of(points.lon, points.lat).degrees(one.x, one.y)
    return {
        "prefecture": prefecture,
        "category": category,
        "lon": float(lon),
        "lat": float(lat),
        "radius_m": one.radius,
        "first_day": date.fromordinal(one.first_day + EPOCH).isoformat(),
        "last_day": date.fromordinal(one.last_day + EPOCH).isoformat(),
        "observed": one.observed,
        "expected": one.expected,
        "llr": one.llr,
        "p": one.p,
        "cases": [points.case_no[row] for row in members.tolist()],
    }


def _store(connection: Connection, number: int, found: list[dict[str, Any]], now: datetime) -> None:
    for row in found:
        values = {**row, "run": number, "cases": orjson.dumps(row["cases"]).decode()}
        connection.execute(load("insert_cluster"), values)
    connection.execute(
        text("UPDATE scan_run SET state = 'done', share = 1, beat_at = :now WHERE id = :id AND state = 'running'"),
        {"now": datetime.now(UTC), "id": number},
    )
    connection.execute(text("DELETE FROM scan_run WHERE at < :old"), {"old": now - KEPT})
