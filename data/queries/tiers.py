"""Tiers: all of a level in one compact answer, and what an area above the grids has its tier from."""

from __future__ import annotations

from sqlalchemy import Connection, text

from data.queries import areas
from data.queries.areas import AreaKey
from data.sql import load
from rules.errors import Problem

LETTERS = {"key": "k", "watch": "w", "normal": "n", None: ""}


def compact(connection: Connection, area: AreaKey, level: str, *, locale: str = "zh_CN") -> dict:
    """Column by column, the areas of a level within an area: id, code, name, tier letter, open, waiting, label point, and whose
    they are: `parent` is the code of the area directly above, `child` that of the area directly below `area` that holds it.

    Raises Problem not_found for the level too.
    """
    level_row = connection.execute(
        text("SELECT depth, boundary_version FROM area_level WHERE code = :level"), {"level": level}
    ).one_or_none()
    if level_row is None:
        raise Problem("not_found")
    values = {"lo": area.lo, "hi": area.hi, "level": level, "locale": locale, "rung": level_row.depth + areas.OWN_PLACE}
    rows = connection.execute(load("list_level"), values).mappings().all()
    cut = len(area.path)
    return {
        "area": area.code,
        "level": level,
        "boundary_version": level_row.boundary_version,
        **{name: [row[name] for row in rows] for name in ("id", "code", "name", "open", "waiting", "lon", "lat")},
        "tier": [LETTERS[row["tier"]] for row in rows],
        "parent": [_above(row["path"]) for row in rows],
        "child": [row["path"][cut:].split("/", 1)[0] or row["code"] for row in rows],
    }


WORST_SHOWN = 10


def below(connection: Connection, area: AreaKey, *, locale: str = "zh_CN") -> dict:
    """Why an area above the grids has its tier: `distribution` (number of its grids by tier) and the `worst` of them (code,
    name, tier, score, open, waiting)."""
    rows = connection.execute(
        text("SELECT tier, count(*) AS n FROM tier WHERE path >= :lo AND path < :hi GROUP BY tier"),
        {"lo": area.lo, "hi": area.hi},
    )
    found: dict[str, int] = {row.tier: row.n for row in rows}
    worst = connection.execute(load("list_worst"), dict(area.range(), locale=locale, limit=WORST_SHOWN)).mappings()
    return {
        "distribution": {tier: found.get(tier, 0) for tier in ("key", "watch", "normal")},
        "worst": [dict(row) for row in worst],
    }


def _above(path: str) -> str:
    """The code before the last one of a path (`a/b/c`), empty at the top."""
    return path.rstrip("/").rpartition("/")[0].rpartition("/")[2]
