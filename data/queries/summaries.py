"""Counts of an area and of those below it, at one moment. Every count is the length of a list in data/queries/cases.py."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from data.database import Database
from data.queries import areas
from data.queries.areas import AreaKey
from data.sql import load, prepared
from rules.access import Viewer, own_organisation


def timezone(connection: Connection) -> ZoneInfo:
    return ZoneInfo(connection.execute(text("SELECT deployment_timezone()")).scalar_one())


def month_start(now: datetime, zone: ZoneInfo) -> datetime:
    return now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def world_seq(connection: Connection) -> int:
    """The seq up to which this snapshot is complete: nothing at or below it can still appear."""
    return connection.execute(prepared("read_world_seq")).scalar_one()


@dataclass(frozen=True)
class WorldStamp:
    """What an answer about areas and cases depends on: the number of the world, the links of the chains of facts, the
    revision of the areas, and that of figures and names that change without a number (migration 0021)."""

    seq: int
    seals: int
    areas: int
    figures: int


def world_stamp(database: Database) -> WorldStamp:
    """The stamp of this moment, in one message."""
    row = database.ask(prepared("read_world_stamp"), {})
    if row is None:
        raise AssertionError("the function answers with one row")
    return WorldStamp(**row)


def read_stamp(connection: Connection) -> WorldStamp:
    """The stamp of a snapshot."""
    return WorldStamp(**connection.execute(prepared("read_world_stamp")).mappings().one())


def summary(connection: Connection, area: AreaKey, now: datetime, viewer: Viewer, *, past: bool = False) -> dict:
    """The summary of the interface (`past`: of a transaction that reads the past, at `now`), with
    `next_due_at` (when `overdue` changes by itself) and the period bounds."""
    month, day = month_start(now, area.zone), day_start(now, area.zone)
    periods = {"month": month.date(), "day": day.date(), "next_month": _next_month(month).date()}
    values = dict(area.range(), area=area.id, now=now, month_at=month, day_at=day, **periods)
    values |= {"next_month_at": _next_month(month), "next_day_at": day_start(day + timedelta(hours=36), area.zone)}
    name = _counting("count_area", viewer)
    row = connection.execute(load("count_area_as_of" if past and name == "count_area" else name), values).mappings().one()
    return {
        "area": area.code,
        **{name: row[name] for name in ("open", "waiting", "overdue", "to_file", "unlocated", "settled_month", "new_today")},
        "tiers": {"key": row["key_n"], "watch": row["watch_n"], "normal": row["normal_n"]},
        "as_of": now,
        "seq": row["seq"],
        "next_due_at": row["next_due_at"],
        "month_from": month,
        "day_from": day,
    }


def unchanged_until(counts: dict, area: AreaKey) -> datetime:
    """When a summary becomes another by time alone: with the next deadline, or the next day of the area."""
    next_day = day_start(counts["day_from"] + timedelta(hours=36), area.zone)
    return min(next_day, counts["next_due_at"] or next_day)


def _next_month(month: datetime) -> datetime:
    """By the clock on the wall: the offset is that of the day."""
    return (month + timedelta(days=32)).replace(day=1)


def _counting(name: str, viewer: Viewer) -> str:
    """A handler's counts are of its own cases, as its lists are; everybody else's come from the roll-ups."""
    return name if own_organisation(viewer) is None else f"{name}_own"


def children(
    connection: Connection, area: AreaKey, now: datetime, viewer: Viewer, *, locale: str = "zh_CN"
) -> list[dict]:
    """The areas directly below with `open`, `waiting`, `overdue`, `to_file`: key grids first, then by open cases."""
    counts = children_counts(connection, area, now, viewer)
    items = [dict(item, **counts[item["code"]]) for item in areas.children(connection, area, locale=locale)]
    rank = {"key": 0, "watch": 1, "normal": 2, None: 3}
    return sorted(items, key=lambda item: (rank[item["tier"]], -item["open"], item["code"]))


def children_counts(
    connection: Connection, area: AreaKey, now: datetime, viewer: Viewer
) -> dict[str, dict[str, int]]:
    """For each area directly below: open, waiting, overdue, to_file, unlocated."""
    values = dict(area.range(), parent=area.id, rung=area.depth + areas.CHILD_PLACE, now=now)
    rows = connection.execute(load(_counting("count_children", viewer)), values).mappings()
    return {row["code"]: {name: row[name] for name in ("open", "waiting", "overdue", "to_file", "unlocated")} for row in rows}


def counts_upwards(connection: Connection, paths: Collection[str], now: datetime) -> dict[str, dict[str, dict[str, int]]]:
    """For each path the counts of its area and of every area above it, by code: the counts of a live event."""
    rows = connection.execute(prepared("count_upwards"), {"paths": sorted(paths), "now": now}).mappings().all()
    names = ("open", "waiting", "overdue", "to_file", "unlocated", "settled_month", "new_today")
    counts = {row["path"]: (row["code"], {name: row[name] for name in names}) for row in rows}
    return {path: dict(counts[above] for above in _upwards(path) if above in counts) for path in paths}


def _upwards(path: str) -> Iterator[str]:
    """The path of every area that covers `path`, from the root."""
    codes = path.rstrip("/").split("/")
    return ("/".join(codes[:count]) + "/" for count in range(1, len(codes) + 1))
