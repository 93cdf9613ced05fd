"""The rule's versions for whoever may see them, and a rule that is tried on an area without being set."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, text

from analysis.tier_scores import TIERS
from data.commands.tier_publishing import checked
from data.database import SYSTEM, Database
from data.queries import areas, summaries
from data.queries.tier_world import TierWorld, read_world
from rules.access import Viewer
from rules.errors import Problem
from rules.tier_rule import TierRule, parse

MOVED_SHOWN = 5000
LETTERS = ("n", "w", "k")
#: Worlds kept for the next position of a slider, by area and state of the world.
KEPT = 2


def versions(database: Database, viewer: Viewer) -> list[dict[str, Any]]:
    """Newest first: version, author (role and post, never a name), at, reason, in_force."""
    with database.reading(viewer) as connection:
        rows = connection.execute(
            text("SELECT version, author_role AS author, at, reason FROM tier_rule ORDER BY version DESC")
        ).mappings()
        return [{**row, "in_force": place == 0} for place, row in enumerate(rows)]


def version(database: Database, viewer: Viewer, number: int) -> dict[str, Any]:
    """One version with its document. Raises Problem not_found."""
    with database.reading(viewer) as connection:
        row = (
            connection.execute(
                text("SELECT version, author_role AS author, at, reason, rule FROM tier_rule WHERE version = :version"),
                {"version": number},
            )
            .mappings()
            .one_or_none()
        )
    if row is None:
        raise Problem("not_found")
    return dict(row)


def factor_names(connection: Connection, locale: str) -> dict[str, str]:
    """What the factors of the rule in force are called, by code."""
    rule = rule_in_force(connection)
    return {one.factor: one.name(locale) for one in rule.factors} if rule else {}


def rule_in_force(connection: Connection) -> TierRule | None:
    """The latest version; None before there is one."""
    said = connection.execute(text("SELECT rule FROM tier_rule ORDER BY version DESC LIMIT 1")).scalar()
    return parse(said) if said else None


class TierWorlds:
    """The latest worlds that a rule was tried on. What is kept of an area is the same for everybody who may see the area."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._kept: OrderedDict[tuple[Any, ...], TierWorld] = OrderedDict()
        self._lock = Lock()

    def of(self, area: areas.AreaKey) -> TierWorld:
        key = (area.code, summaries.world_stamp(self.database))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self.database.reading(SYSTEM) as connection:
            world = read_world(connection, area)
        with self._lock:
            self._kept[key] = world
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return world


def preview(worlds: TierWorlds, viewer: Viewer, said: object, code: str, *, now: datetime) -> dict[str, Any]:
    """What a rule would make of an area's grids: `counts` by tier now and then, the grids that would `move` (those nearest to
    the top first), and the `tiers` of all, in the order of /api/tiers. Raises Problem not_found, invalid."""
    with worlds.database.reading(viewer) as connection:
        area = areas.key(connection, code)
        rule = checked(connection, said)
    world = worlds.of(area)
    found = world.scores(rule, now)
    order = sorted(range(len(world.codes)), key=lambda at: world.codes[at])
    moved = [at for at in order if world.tier[at] >= 0 and world.tier[at] != found.tier[at]]
    moved.sort(key=lambda at: -found.score[at])
    return {
        "area": code,
        "as_of": now,
        "counts": {
            tier.value: {"now": int((world.tier == at).sum()), "then": int((found.tier == at).sum())}
            for at, tier in reversed(list(enumerate(TIERS)))
        },
        "moved_n": len(moved),
        "moved": [
            {
                "code": world.codes[at],
                "from": TIERS[world.tier[at]].value,
                "to": TIERS[found.tier[at]].value,
                "score": float(found.score[at]),
            }
            for at in moved[:MOVED_SHOWN]
        ],
        "tiers": {
            "area": code,
            "code": [world.codes[at] for at in order],
            "tier": [LETTERS[found.tier[at]] for at in order],
        },
    }
