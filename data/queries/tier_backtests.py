"""A rule looked back on: where its key and watch grids would have stood before each of the past quarters, and how many of the
quarter's disputes then fell into them.

What is known at a moment is what had been reported, settled, rejected and published by then. Key places, the caseload and
imported columns have no history: they count as they stand today, and `undated` names the factors that take from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from analysis import backtest as looked_back
from analysis.tier_scores import NONE_BEFORE
from data.commands.tier_publishing import checked
from data.commands.tier_rules import StoredRule
from data.queries import areas
from data.queries.tier_rules import TierWorlds, latest
from data.queries.tier_world import TierWorld
from rules.access import Viewer
from rules.cases import Kind
from rules.tier_rule import Origin, TierRule, parse

QUARTERS = 8
#: With fewer disputes in a quarter, or fewer grids, a share is a matter of chance: nothing is computed.
FEWEST_DISPUTES, FEWEST_GRIDS = 20, 20
PREDICTIONS = (
    looked_back.RULE, looked_back.IN_FORCE, looked_back.SAME_AS_LAST, looked_back.LAST_COUNT, looked_back.CHANCE
)  # fmt: skip


@dataclass(frozen=True)
class _Version:
    """`before_first`: it had not been made yet."""

    stored: StoredRule
    before_first: bool


@dataclass(frozen=True)
class _Past:
    """What was, by quarter: `disputes`, `rule`, `in_force` (grids, quarters), `marked` and the versions (quarters,)."""

    disputes: NDArray[np.int64]
    rule: NDArray[np.float64]
    in_force: NDArray[np.float64]
    marked: NDArray[np.int64]
    versions: list[_Version]


def backtest(worlds: TierWorlds, viewer: Viewer, said: object, *, now: datetime) -> tuple[dict[str, Any], TierRule]:
    """`quarters` (oldest first), and `together` of those that have enough; None in both for what too few disputes tell.
    Raises Problem invalid."""
    with worlds.database.reading(viewer) as connection:
        area = areas.key(connection, viewer.area_code)
        rule = checked(connection, said)
        ends = quarter_starts(now, area.zone, QUARTERS + 2)
        versions = [_version_at(connection, at) for at in ends[:-1]]
    world = worlds.of(area)
    past = _past(world, rule, versions, ends)
    enough = past.disputes.sum(axis=0) >= FEWEST_DISPUTES
    told = [_quarter(ends[at], ends[at + 1], past, at) for at in range(1, len(ends) - 1)]
    first = _first_enough(enough, past) if len(world.codes) >= FEWEST_GRIDS else None
    together = None
    if first is not None:
        found = looked_back.backtest(
            past.disputes[:, first - 1 :], rule=past.rule[:, first - 1 :], in_force=past.in_force[:, first - 1 :],
            marked=past.marked[first - 1 :],
        )  # fmt: skip
        for at, quarter in enumerate(found.quarters, first):
            if enough[at]:
                told[at - 1].update(_shares(quarter))
        together = {"disputes": found.together.disputes, "from": told[first - 1]["quarter"], **_shares(found.together)}
    answer = {
        "area": area.code,
        "quarters": told,
        "together": together,
        "grids": len(world.codes),
        "fewest_disputes": FEWEST_DISPUTES,
        "fewest_grids": FEWEST_GRIDS,
        "undated": [one.factor for one in rule.factors if any(part.origin != Origin.cases for part in one.sources)],
    }
    return answer, rule


def quarter_starts(now: datetime, zone: ZoneInfo, many: int) -> list[datetime]:
    """The first moments of so many quarters of the deployment's calendar, the last one that of the present quarter."""
    local = now.astimezone(zone)
    present = local.year * 4 + (local.month - 1) // 3
    return [datetime(at // 4, at % 4 * 3 + 1, 1, tzinfo=zone) for at in range(present - many + 1, present + 1)]


def _version_at(connection: Connection, at: datetime) -> _Version:
    """The rule that was in force then; before the first one, the first."""
    row = connection.execute(
        text("SELECT version, at, rule FROM tier_rule WHERE at <= :at OR version = 1 ORDER BY version DESC LIMIT 1"),
        {"at": at},
    ).one_or_none()
    return (
        _Version(StoredRule(row.version, parse(row.rule)), row.at > at) if row else _Version(latest(connection), True)
    )


def _past(world: TierWorld, rule: TierRule, versions: Sequence[_Version], ends: Sequence[datetime]) -> _Past:
    tried, marked = _scored(world, [rule] * len(versions), ends)
    in_force, _ = _scored(world, [one.stored.rule for one in versions], ends)
    disputes = [_disputes(world, *ends[at : at + 2]) for at in range(len(versions))]
    return _Past(np.stack(disputes, axis=1), tried, in_force, marked, list(versions))


def _scored(
    world: TierWorld, rules: Sequence[TierRule], ends: Sequence[datetime]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Scores at the start of each quarter, and how many grids were key or watch; a tier is left as the rule says."""
    before = np.full(len(world.codes), NONE_BEFORE, dtype=np.int8)
    scores, marked = [], []
    for rule, at in zip(rules, ends, strict=False):
        found = world.scores(rule, at, before)
        before = found.tier
        scores.append(found.score)
        marked.append(int((found.tier > 0).sum()))
    return np.stack(scores, axis=1), np.array(marked, dtype=np.int64)


def _disputes(world: TierWorld, start: datetime, end: datetime) -> NDArray[np.int64]:
    """The disputes of a quarter by grid, as they stood at its end: what was rejected only later was a dispute then."""
    first, last = start.timestamp(), end.timestamp()
    counted = (world.facts["kind"] == Kind.dispute.value) & (world.reported >= first) & (world.reported < last)
    return np.bincount(world.grid[counted & ~(world.dropped < last)], minlength=len(world.codes))


def _first_enough(enough: NDArray[np.bool_], past: _Past) -> int | None:
    """The first quarter that has enough disputes and marked grids, after one that has enough and at whose start something was
    known: without it "same as last quarter" would be no more than lots."""
    known = np.ptp(past.in_force, axis=0) > 0
    found = [at for at in range(1, len(enough)) if enough[at - 1 : at + 1].all() and past.marked[at] and known[at - 1]]
    return found[0] if found else None


def _quarter(start: datetime, end: datetime, past: _Past, at: int) -> dict[str, Any]:
    return {
        "quarter": f"{start.year}-Q{(start.month + 2) // 3}",
        "from": start,
        "to": end,
        "disputes": int(past.disputes[:, at].sum()),
        "rule_version": past.versions[at].stored.version,
        "before_first": past.versions[at].before_first,
        **dict.fromkeys(PREDICTIONS),
    }


def _shares(quarter: looked_back.Quarter) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: {"share": one.share, "lo": one.lo, "hi": one.hi, "grids": one.grids}
        for name, one in quarter.shares.items()
    }
    found["gains"] = {name: {"gain": one.gain, "lo": one.lo, "hi": one.hi} for name, one in quarter.gains.items()}
    return found
