"""Tiers: all of a level in one compact answer, and what an area above the grids has its tier from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from data.queries import areas, tier_rules
from data.queries.areas import AreaKey
from data.queries.tier_reasons import list_of, most_pushed
from data.sql import load
from rules.access import Viewer
from rules.errors import Problem

ORDER = ("normal", "watch", "key")
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


WORST_SHOWN, TURNED_SHOWN = 10, 50


def below(connection: Connection, area: AreaKey, viewer: Viewer, *, now: datetime) -> dict:
    """Why an area above the grids has its tier: `distribution` (number of its grids by tier), the `worst` of them (code,
    name, tier, score, open, waiting), which `turned` within a quarter, and what `pushed` their scores."""
    rows = connection.execute(
        text("SELECT tier, count(*) AS n FROM tier WHERE path >= :lo AND path < :hi GROUP BY tier"),
        {"lo": area.lo, "hi": area.hi},
    )
    found: dict[str, int] = {row.tier: row.n for row in rows}
    worst = connection.execute(load("list_worst"), dict(area.range(), locale=viewer.locale, limit=WORST_SHOWN)).mappings()
    return {
        "distribution": {tier: found.get(tier, 0) for tier in ("key", "watch", "normal")},
        "worst": [dict(row) for row in worst],
        "turned": _turned(connection, area, viewer, now=now),
        "pushed": _pushed(connection, area, viewer, now=now),
    }


def _turned(connection: Connection, area: AreaKey, viewer: Viewer, *, now: datetime) -> dict:
    """`raised` and `lowered` say how many there are, `items` the first of them: those that rose before those that fell."""
    values = {"lo": area.lo, "hi": area.hi, "at": now, "locale": viewer.locale, "limit": TURNED_SHOWN}
    names = tier_rules.factor_names(connection, viewer.locale)
    rows = [dict(row) for row in connection.execute(load("list_turned"), values).mappings()]
    counts = [(row.pop("raised"), row.pop("total")) for row in rows]
    raised, total = counts[0] if counts else (0, 0)
    for row in rows:
        way = ORDER.index(row["to"]) - ORDER.index(row["from"])
        row["pushed"] = most_pushed(row.pop("contributions"), row.pop("before"), names, way=way)
    return {"raised": raised, "lowered": total - raised, "items": rows}


def _pushed(connection: Connection, area: AreaKey, viewer: Viewer, *, now: datetime) -> list[dict]:
    """What each factor adds to all scores together and by how much that changed, the largest change first; `list` is the query of
    what counts, None for a factor that the rule has no more."""
    rows = connection.execute(load("sum_pushed"), {"lo": area.lo, "hi": area.hi, "at": now}).mappings()
    rule = tier_rules.rule_in_force(connection)
    known = {one.factor: one for one in rule.factors} if rule else {}
    found = [
        {
            **row,
            "name": known[row["factor"]].name(viewer.locale) if row["factor"] in known else row["factor"],
            "change": round(row["contribution"] - row["before"], 2),
            "list": list_of(known[row["factor"]], area, viewer) if row["factor"] in known else None,
        }
        for row in rows
    ]
    return sorted(found, key=lambda one: (-abs(one["change"]), one["factor"]))


def _above(path: str) -> str:
    """The code before the last one of a path (`a/b/c`), empty at the top."""
    return path.rstrip("/").rpartition("/")[0].rpartition("/")[2]
