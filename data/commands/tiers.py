"""Evaluate the tier of every grid from its cases and key places; every change is told to the open pages."""

from __future__ import annotations

from collections.abc import Iterable
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


def recompute_tiers(connection: Connection, *, now: datetime, calibrate: bool = False) -> int:
    """Evaluate every leaf area within the owner's transaction; returns how many tiers changed.

    `calibrate` first sets the two thresholds so that about 4 % of the grids are key and 16 % watch, for a deployment
    whose figures nobody has set yet, and stores them.
    """
    rule = stored_rule(connection)
    grids = _amounts(connection, rule, now)
    if calibrate:
        rule = _calibrated(connection, rule, [_evaluate(grid, rule, None).score for grid in grids])
    changed = 0
    for grid in grids:
        previous = Tier(grid["tier"]) if grid["tier"] else None
        changed += _store(connection, grid, _evaluate(grid, rule, previous), rule, now, previous)
    connection.execute(text("ANALYZE tier"))
    return changed


def _amounts(connection: Connection, rule: TierRule, now: datetime) -> list[dict[str, Any]]:
    """Each leaf with its decayed amounts, its households, its present tier and whether a person overrides it."""
    half_lives = {f"{factor.value}_days": one.half_life_days or 1e9 for factor, one in rule.factors.items()}
    rows = connection.execute(load("sum_tier_inputs"), dict(half_lives, now=now)).mappings()
    return [dict(row) for row in rows]


def _evaluate(grid: dict[str, Any], rule: TierRule, previous: Tier | None) -> TierResult:
    amounts = {factor: round(float(grid[factor.value] or 0), 4) for factor in rule.factors}
    return from_amounts(amounts, grid["households"], rule, previous)


def _calibrated(connection: Connection, rule: TierRule, scores: Iterable[float]) -> TierRule:
    ordered = sorted(scores, reverse=True)
    if not ordered or ordered[0] <= 0:
        return rule
    key_from = max(ordered[int(len(ordered) * KEY_SHARE)], 0.01)
    watch_from = max(ordered[int(len(ordered) * (KEY_SHARE + WATCH_SHARE))], 0.01)
    hysteresis = round((key_from - watch_from) / 5, 2)
    changes: dict[str, Any] = {"key_from": round(key_from, 2), "watch_from": round(watch_from, 2), "hysteresis": hysteresis}
    connection.execute(
        text(
            "INSERT INTO deployment (key, value) VALUES ('tier_rule', CAST(:value AS json))"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        ),
        {"value": orjson.dumps(changes).decode()},
    )
    return replace(rule, **changes)


def _store(
    connection: Connection,
    grid: dict[str, Any],
    result: TierResult,
    rule: TierRule,
    now: datetime,
    previous: Tier | None,
) -> bool:
    """Write the tier with its reasons. While a person overrides it, the tier stays; the reasons are kept up to date."""
    tier = Tier(grid["tier"]) if grid["overridden"] else result.tier
    values = {
        "area": grid["id"],
        "path": grid["path"],
        "tier": tier.value,
        "score": result.score,
        "version": rule.version,
        "inputs": orjson.dumps(
            {"households": grid["households"], **{k.value: v for k, v in result.amounts.items()}}
        ).decode(),
        "contributions": orjson.dumps({factor.value: part for factor, part in result.contributions.items()}).decode(),
        "now": now,
        "changed": tier != previous,
        "code": grid["code"],
    }
    connection.execute(load("store_tier"), values)
    if tier == previous:
        return False
    connection.execute(load("append_tier_history"), values)
    if previous is not None:
        connection.execute(
            text(
                "INSERT INTO tier_change (seq, area_id, path, code, tier, score, at)"
                " VALUES (0, :area, :path, :code, :tier, :score, :now)"
            ),
            values,
        )
    return True
