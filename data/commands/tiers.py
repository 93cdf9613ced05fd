"""Evaluation of the tier of every grid from its cases and key places; changes are announced to open pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, text

from data.sql import load
from rules.tiers import Tier, TierResult, TierRule, from_amounts

KEY_SHARE, WATCH_SHARE = 0.04, 0.16


def stored_rule(connection: Connection) -> TierRule:
    """The rule of this deployment: the defaults with the numbers that the deployment has set."""
    changes = connection.execute(text("SELECT value FROM deployment WHERE key = 'tier_rule'")).scalar()
    return replace(TierRule(), **changes) if changes else TierRule()


def recompute_tiers(connection: Connection, *, now: datetime, calibrate: bool = False, announce: bool = True) -> int:
    """Evaluate every leaf area within the owner's transaction; returns how many tiers changed.

    `calibrate` first sets the two thresholds by the scores of `now`, see calibrate_rule. `announce` sends the changes
    to the open pages; a loader that evaluates the past does not.
    """
    rule = calibrate_rule(connection, now=now) if calibrate else stored_rule(connection)
    rows = [_row(grid, rule) for grid in _amounts(connection, rule, now)]
    values = {"rows": orjson.dumps(rows).decode(), "version": rule.version, "now": now}
    connection.execute(load("store_tiers"), values)
    changed = [row for row in rows if row["tier"] != row["previous"]]
    values["rows"] = orjson.dumps(changed).decode()
    connection.execute(load("append_tier_history"), values)
    if announce:
        connection.execute(load("announce_tiers"), values)
    connection.execute(text("ANALYZE tier"))
    return len(changed)


def calibrate_rule(
    connection: Connection, *, now: datetime, key_share: float = KEY_SHARE, watch_share: float = WATCH_SHARE
) -> TierRule:
    """Set and store the thresholds so that these shares of the grids are key and watch by the scores of `now`, for a
    deployment whose figures nobody has set yet. Hysteresis is not in it: it keeps a few more where they were."""
    rule = stored_rule(connection)
    scores = sorted((_evaluate(grid, rule, None).score for grid in _amounts(connection, rule, now)), reverse=True)
    if not scores or scores[0] <= 0:
        return rule
    key_from = max(scores[int(len(scores) * key_share)], 0.01)
    watch_from = max(scores[int(len(scores) * (key_share + watch_share))], 0.01)
    changes: dict[str, Any] = {
        "key_from": round(key_from, 2),
        "watch_from": round(watch_from, 2),
        "hysteresis": round((key_from - watch_from) / 5, 2),
    }
    connection.execute(
        load("store_deployment_value"),
        {"key": "tier_rule", "value": orjson.dumps(changes).decode()},
    )
    return replace(rule, **changes)


def _amounts(connection: Connection, rule: TierRule, now: datetime) -> list[dict[str, Any]]:
    """Each leaf with its decayed amounts, its households, its present tier and whether a person overrides it."""
    half_lives = {f"{factor.value}_days": one.half_life_days or 1e9 for factor, one in rule.factors.items()}
    rows = connection.execute(load("sum_tier_inputs"), dict(half_lives, now=now)).mappings()
    return [dict(row) for row in rows]


def _evaluate(grid: dict[str, Any], rule: TierRule, previous: Tier | None) -> TierResult:
    amounts = {factor: round(float(grid[factor.value] or 0), 4) for factor in rule.factors}
    return from_amounts(amounts, grid["households"], rule, previous)


def _row(grid: dict[str, Any], rule: TierRule) -> dict[str, Any]:
    """The tier with its reasons. While a person overrides it, the tier stays; the reasons are kept up to date."""
    previous = Tier(grid["tier"]) if grid["tier"] else None
    result = _evaluate(grid, rule, previous)
    return {
        "area": grid["id"],
        "code": grid["code"],
        "path": grid["path"],
        "tier": previous if grid["overridden"] else result.tier,
        "previous": previous,
        "score": result.score,
        "inputs": {"households": grid["households"], **{factor.value: one for factor, one in result.amounts.items()}},
        "contributions": {factor.value: part for factor, part in result.contributions.items()},
    }
