"""One area at one moment: counts, children, tier, charts; all from one snapshot."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from dashboard.view_models import (
    AreaRow,
    AreaStep,
    CategoryCount,
    Changes,
    MonthCounts,
    Scene,
    TierMove,
)
from data.queries import areas, changes, past, summaries, trends
from data.services import Services
from rules.access import Act, Viewer, may, own_organisation, require


def read_scene(services: Services, viewer: Viewer, code: str | None, *, as_of: datetime | None = None) -> Scene:
    """The scene of an area, the viewer's own when none is named; at a past moment without what came since yesterday.

    Raises Problem not_found, forbidden, invalid, unavailable.
    """
    require(viewer, Act.see_map)
    present, locale = services.clock.now(), viewer.locale
    now = as_of or present
    code = code or viewer.area_code
    with past.reading(services.database, viewer, as_of=as_of, now=present) as connection:
        key, area = areas.find_with_key(connection, code, locale=locale)
        steps = areas.ancestors(connection, code, locale=locale)
        levels = areas.levels(connection, locale=locale)
        counts = summaries.summary(connection, key, now, viewer, past=as_of is not None)
        children = [] if key.leaf else summaries.children(connection, key, now, viewer, locale=locale)
        told = as_of is None and may(viewer.role, Act.see_cases) and own_organisation(viewer) is None
        came = changes.changes(connection, key, now, locale=locale) if told else None
        months = trends.monthly(connection, key, now)
        categories = trends.categories(connection, key, now, locale=locale)
    names = {level["code"]: level["name"] for level in levels}
    centre = area["centre"] or {}
    return Scene(
        steps=tuple(AreaStep(code=step["code"], name=step["name"], level=step["level"]) for step in steps),
        level_name=names.get(area["level"], ""),
        child_level_name=_level_below(levels, area["level"]),
        centre=centre.get("name") or "",
        post=centre.get("post") or "",
        tier=area["tier"],
        counts=_numbers(counts),
        children=tuple(_child(child) for child in children),
        unlocated=0 if area["leaf"] else counts["unlocated"],
        leaf=key.leaf,
        told_why=may(viewer.role, Act.see_why),
        months=tuple(_month(row, key.zone) for row in months),
        categories=tuple(CategoryCount(name=row["name"], number=row["reported"], code=row["category"]) for row in categories),
        as_of=now,
        seq=counts["seq"],
        next_due_at=counts["next_due_at"],
        tiers=counts["tiers"],
        month_from=counts["month_from"],
        day_from=counts["day_from"],
        changes=None if came is None else _changes(came, counts),
    )


def _numbers(counts: dict) -> dict[str, int]:
    return {name: value for name, value in counts.items() if isinstance(value, int)}


def _level_below(levels: list[dict], level: str) -> str:
    """The name of the next level; nothing below the last one."""
    codes = [row["code"] for row in levels]
    place = codes.index(level) + 1
    return str(levels[place]["name"]) if place < len(levels) else ""


def _child(child: dict) -> AreaRow:
    return AreaRow(
        **{name: child[name] for name in ("code", "name", "tier", "open", "waiting", "to_file")},
    )


def _changes(came: dict, counts: dict) -> Changes:
    """Deadlines pass without an act, so how many were overdue is known only where it was written down."""
    moved = tuple(TierMove(*one) for one in came["moved"])
    before = came.pop("before")
    late = {"overdue": counts["overdue"] - before["overdue"]} if "overdue" in before else {}
    return Changes(**{**came, "moved": moved, "brought": came["brought"] | late})


def _month(row: dict, zone: ZoneInfo) -> MonthCounts:
    first = datetime.combine(row["month"], time(), tzinfo=zone)
    return MonthCounts(month=first, reported=row["reported"], settled=row["settled"])
