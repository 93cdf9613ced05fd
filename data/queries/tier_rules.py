"""The rule's versions for whoever may see them, and a rule that is tried on an area without being set."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from analysis.tier_scores import TIERS
from data.commands.tier_publishing import checked
from data.commands.tier_rules import StoredRule, default_document
from data.database import SYSTEM, Database
from data.queries import areas, summaries
from data.queries.tier_world import TierWorld, read_world
from rules.access import Viewer
from rules.errors import Problem
from rules.tier_rule import TierRule, parse
from rules.tiers import Tier

MOVED_SHOWN = 5000
LETTERS = np.array([b"n", b"w", b"k"])
LETTER_OF = {Tier.normal: "n", Tier.watch: "w", Tier.key: "k", None: ""}
#: Worlds kept for the next position of a slider.
KEPT = 2
#: From so many grids on a world may be a little old: up to so many times what it takes to read, at most so many seconds.
MANY, OLDEST, LONGEST_S = 20_000, 20, 60.0


def versions(database: Database, viewer: Viewer) -> list[dict[str, Any]]:
    """Newest first: version, author (role and post, never a name), at, reason, in_force."""
    with database.reading(viewer) as connection:
        rows = connection.execute(
            text("SELECT version, author_role AS author, at, reason FROM tier_rule ORDER BY version DESC")
        ).mappings()
        return [{**row, "in_force": place == 0} for place, row in enumerate(rows)]


def latest(connection: Connection) -> StoredRule:
    """The version in force; the default, as version 0, where nothing has been evaluated yet."""
    row = connection.execute(text("SELECT version, rule FROM tier_rule ORDER BY version DESC LIMIT 1")).one_or_none()
    return StoredRule(row.version, parse(row.rule)) if row else StoredRule(0, parse(default_document()))


def history(database: Database, viewer: Viewer, *, limit: int) -> list[dict[str, Any]]:
    """The latest versions with their documents (`rule`), newest first."""
    with database.reading(viewer) as connection:
        rows = connection.execute(
            text(
                "SELECT version, author_role AS author, at, reason, rule FROM tier_rule ORDER BY version DESC LIMIT :n"
            ),
            {"n": limit},
        ).mappings()
        return [dict(row) for row in rows]


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


@dataclass(frozen=True)
class _Kept:
    """A world with its stamp, when it was read and until when it may be used although something has happened since."""

    world: TierWorld
    stamp: summaries.WorldStamp
    good_until: float


class TierWorlds:
    """The latest worlds that a rule was tried on. What is kept of an area is the same for everybody who may see the area.

    Something happens every few seconds, and a large world takes seconds to read: while a slider moves, one whose tiers
    and areas have stayed may be as old as `OLDEST` readings take.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()
        self._reading: dict[str, Lock] = {}

    def of(self, area: areas.AreaKey) -> TierWorld:
        with self._lock:
            reading = self._reading.setdefault(area.code, Lock())
        with reading:
            stamp = summaries.world_stamp(self.database)
            kept = self._kept.get(area.code)
            if kept is None or not _fits(kept, stamp):
                kept = self._read(area, stamp)
            with self._lock:
                self._kept[area.code] = kept
                self._kept.move_to_end(area.code)
                while len(self._kept) > KEPT:
                    gone, _ = self._kept.popitem(last=False)
                    self._reading.pop(gone, None)
        return kept.world

    def _read(self, area: areas.AreaKey, stamp: summaries.WorldStamp) -> _Kept:
        begun = monotonic()
        with self.database.reading(SYSTEM) as connection:
            world = read_world(connection, area)
        ended = monotonic()
        return _Kept(
            world, stamp, ended + min((ended - begun) * OLDEST, LONGEST_S) if len(world.codes) >= MANY else 0.0
        )


def _fits(kept: _Kept, stamp: summaries.WorldStamp) -> bool:
    """`figures` rises with a new version of the rule."""
    same_ground = (kept.stamp.areas, kept.stamp.figures) == (stamp.areas, stamp.figures)
    return kept.stamp == stamp or (same_ground and monotonic() < kept.good_until)


@dataclass(frozen=True)
class Tried:
    """A rule that is tried: the rule in force beside it."""

    rule: TierRule
    before: StoredRule


def preview(
    worlds: TierWorlds, viewer: Viewer, said: object, code: str, *, now: datetime, with_codes: bool = True
) -> tuple[dict[str, Any], Tried]:
    """What a rule would make of an area's grids: `counts` by tier now and then, the grids that would `move` (those nearest to
    the top first), the `tiers` of all, in the order of /api/tiers, and those of the areas above them (`upper`). Without
    codes for who has them already. Raises Problem not_found, invalid."""
    with worlds.database.reading(viewer) as connection:
        area = areas.key(connection, code)
        rule = checked(connection, said)
        before = latest(connection)
    world = worlds.of(area)
    answer = {"area": code, "as_of": now, "in_force": before.version, **tried_on(world, rule, now)}
    answer["tiers"]["area"] = code
    return (_with_codes(answer, world) if with_codes else answer), Tried(rule, before)


def tried_on(world: TierWorld, rule: TierRule, now: datetime) -> dict[str, Any]:
    """What a rule makes of a world, without codes."""
    found = world.scores(rule, now)
    then = world.with_holds(found.tier, now)
    moved = np.flatnonzero((world.tier >= 0) & (world.tier != then))
    moved = moved[np.argsort(-found.score[moved], kind="stable")]
    return {
        "counts": _counts(world.tier, then),
        "moved_n": len(moved),
        "moved": _moves(world, then, found.score, moved[:MOVED_SHOWN]),
        "tiers": {"n": len(world.codes), "tier": _letters(then)},
        "upper": {"tier": [LETTER_OF[tier] for tier in world.upper_tiers(then, rule)]},
    }


def _with_codes(answer: dict[str, Any], world: TierWorld) -> dict[str, Any]:
    return answer | {
        "tiers": answer["tiers"] | {"code": orjson.Fragment(world.codes_json)},
        "upper": answer["upper"] | {"code": world.uppers.codes},
    }


def _moves(
    world: TierWorld, then: NDArray[np.int8], score: NDArray[np.float64], moved: NDArray[np.int64]
) -> list[dict[str, Any]]:
    return [
        {
            "code": world.codes[at],
            "from": TIERS[world.tier[at]].value,
            "to": TIERS[then[at]].value,
            "score": float(score[at]),
        }
        for at in moved.tolist()
    ]


def _letters(tier: NDArray[np.int8]) -> Any:
    return orjson.Fragment(b'["' + b'","'.join(LETTERS[tier].tolist()) + b'"]') if len(tier) else []


def _counts(now: NDArray[np.int8], then: NDArray[np.int8]) -> dict[str, dict[str, int]]:
    """`gained`, `lost`: grids that come to a tier from another one, and that leave it."""
    known = now >= 0
    return {
        tier.value: {
            "now": int((now == at).sum()),
            "then": int((then == at).sum()),
            "gained": int((known & (then == at) & (now != at)).sum()),
            "lost": int((known & (now == at) & (then != at)).sum()),
        }
        for at, tier in reversed(list(enumerate(TIERS)))
    }
