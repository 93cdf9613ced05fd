"""Areas: one, its children, its ancestors."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, text

from data.sql import load
from rules.errors import Problem

# ancestor_ids counts from 1 at the root, depth from 0: an area's own place is depth + 1, its children's depth + 2.
OWN_PLACE, CHILD_PLACE = 1, 2


@dataclass(frozen=True)
class AreaKey:
    """What other queries need of an area: its id, its range of paths, and the time zone of the deployment's days."""

    id: int
    code: str
    level: str
    path: str
    prefecture: str
    leaf: bool
    depth: int
    timezone: str

    @property
    def lo(self) -> str:
        return self.path

    @property
    def hi(self) -> str:
        """The first path after the subtree: '0' follows '/' in the "C" collation."""
        return self.path[:-1] + "0"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def range(self) -> dict[str, str]:
        return {"lo": self.lo, "hi": self.hi, "prefecture": self.prefecture}


def key(connection: Connection, code: str) -> AreaKey:
    """The area's key. Raises Problem not_found for an unknown code and for one outside the viewer's scope alike."""
    row = connection.execute(load("find_area_key"), {"code": code}).one_or_none()
    if row is None:
        raise Problem("not_found")
    return AreaKey(*row)


def roots(connection: Connection) -> list[str]:
    """The codes of the areas with none above them, that the viewer may see."""
    return list(connection.execute(text("SELECT code FROM area WHERE parent_id IS NULL ORDER BY code")).scalars())


def find(connection: Connection, code: str, *, locale: str = "zh_CN") -> dict:
    """One area in the shape of the interface, with `short_name`, `leaf`, `area_km2` and `households` besides."""
    return find_with_key(connection, code, locale=locale)[1]


def find_with_key(connection: Connection, code: str, *, locale: str = "zh_CN") -> tuple[AreaKey, dict]:
    """The same with what other queries need of it. Raises Problem not_found."""
    row = connection.execute(load("find_area"), {"code": code, "locale": locale}).mappings().one_or_none()
    if row is None:
        raise Problem("not_found")
    return AreaKey(**{field.name: row[field.name] for field in fields(AreaKey)}), shape(row)


def shape(row: RowMapping) -> dict:
    tiers = {"key": row["key_n"], "watch": row["watch_n"], "normal": row["normal_n"]}
    return {
        "code": row["code"],
        "name": row["name"],
        "level": row["level"],
        "parent": row["parent"],
        "tier": row["tier"],
        "score": row["score"],
        "centre": {
            "name": row["centre_name"],
            "lon": row["centre_lon"],
            "lat": row["centre_lat"],
            "post": row["centre_post"],
        }
        if row["centre_name"]
        else None,
        "bbox": list(row["bbox"]),
        "short_name": row["short_name"],
        "leaf": row["leaf"],
        "tiers": tiers,
        "lon": row["lon"],
        "lat": row["lat"],
        "area_km2": row["area_km2"],
        "households": row["households"],
        "synthetic": row["synthetic"],
    }


def children(connection: Connection, parent: AreaKey, *, locale: str = "zh_CN") -> list[dict]:
    """The areas directly below, by code."""
    values = dict(parent.range(), parent=parent.id, rung=parent.depth + CHILD_PLACE, locale=locale)
    rows = connection.execute(load("list_children"), values).mappings()
    return [shape(row) for row in rows]


def ancestors(connection: Connection, code: str, *, locale: str = "zh_CN") -> list[dict]:
    """From the top of what the viewer may see down to the area itself: code, name, level. Raises Problem not_found."""
    rows = connection.execute(load("list_ancestors"), {"code": code, "locale": locale}).mappings().all()
    if not rows:
        raise Problem("not_found")
    return [dict(row) for row in rows]


def outline(connection: Connection, code: str, *, levels: int, limit: int, locale: str) -> list[tuple[str, str, int]]:
    """An area and those of the levels next below it, each after its parent: code, name, how many levels below."""
    top = key(connection, code)
    rows = connection.execute(
        load("list_outline"),
        {"lo": top.lo, "hi": top.hi, "depth": top.depth, "levels": levels, "limit": limit, "locale": locale},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def levels(connection: Connection, *, locale: str = "zh_CN") -> list[dict]:
    """The levels, root first: code, name, depth, has_centre, boundary_version."""
    rows = connection.execute(
        load("list_levels"),
        {"locale": locale},
    ).mappings()
    return [dict(row) for row in rows]


def boundaries(connection: Connection) -> dict[str, Any]:
    """What open pages compare with what they drew: `revision`, raised by every change of areas, and `levels`, the
    boundary version of each."""
    row = connection.execute(load("read_boundaries")).one()
    return {"revision": row.revision, "levels": row.levels}
