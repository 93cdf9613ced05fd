"""Evaluation of the grids' tiers by the rule in force; changes are stored with their reasons and announced to open pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection, text

from analysis.tier_scores import NONE_BEFORE, TIERS, scores
from data.commands.tier_rules import Reason, StoredRule, in_force, store
from data.sql import load
from rules.tier_rule import Exposure, TierRule, document
from rules.tiers import MILLIONTHS, Tier

KEY_SHARE, WATCH_SHARE = 0.04, 0.16
ROWS_AT_ONCE = 20_000
#: The one who evaluates; a second waits, so that no change is told twice.
LOCK = 7414


class Cause(StrEnum):
    """Why a grid was evaluated."""

    quarter = "quarter"
    day = "day"
    event = "event"
    rule = "rule"
    override = "override"
    data = "data"


#: A quarter's evaluation is kept, and so is what a person decided, also where both change nothing.
WHOLE = (Cause.quarter, Cause.override)


def recompute_tiers(
    connection: Connection,
    *,
    now: datetime,
    areas: Sequence[int] | None = None,
    cause: Cause = Cause.data,
    calibrate: bool = False,
    announce: bool = True,
) -> int:
    """Evaluate every leaf area, or those with these ids, within the owner's transaction; returns how many tiers changed.

    What an evaluation does not change is not written, but for a quarter's and an override's. `calibrate` first sets
    the two thresholds by the scores of `now`, see `calibrated`. `announce` sends the changes to the open pages; a
    loader that evaluates the past does not.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    stored = in_force(connection, now=now)
    if calibrate and (rule := calibrated(connection, stored.rule, now=now)):
        stored = store(connection, document(rule), now=now, reason=Reason.calibrated)
    grids = read_amounts(connection, stored.rule, now=now, areas=areas)
    rows = _evaluated(grids, stored, now)
    changed = rows if cause in WHOLE else [row for row in rows if row["changed"]]
    turned = [row for row in changed if row["tier"] != row["previous"]]
    for start in range(0, len(changed), ROWS_AT_ONCE):
        values = {"rows": _encoded(changed[start : start + ROWS_AT_ONCE]), "version": stored.version, "now": now}
        connection.execute(load("store_tiers"), values)
        connection.execute(load("append_tier_history"), dict(values, cause=cause))
    if announce and turned:
        connection.execute(load("announce_tiers"), {"rows": _encoded(turned), "now": now})
    if areas is None and changed:
        connection.execute(text("ANALYZE tier"))
    return len(turned)


def calibrated(
    connection: Connection,
    rule: TierRule,
    *,
    now: datetime,
    key_share: float = KEY_SHARE,
    watch_share: float = WATCH_SHARE,
) -> TierRule | None:
    """The rule with thresholds so that these shares of the grids are key and watch by the scores of `now`, for a deployment
    whose figures nobody has set yet; None where the scores do not tell grids apart. Hysteresis is not in it: it keeps a
    few more where they were."""
    grids = read_amounts(connection, rule, now=now)
    found = sorted(_scores(grids, rule).score.tolist(), reverse=True)
    if not found or found[0] <= 0:
        return None
    key_from = round(max(found[int(len(found) * key_share)], 0.02), 2)
    watch_from = round(max(found[int(len(found) * (key_share + watch_share))], 0.01), 2)
    if key_from <= watch_from:
        return None
    hysteresis = math.floor(min((key_from - watch_from) / 5, watch_from / 2) * 100) / 100
    return replace(rule, key_from=key_from, watch_from=watch_from, hysteresis=hysteresis)


def read_amounts(
    connection: Connection, rule: TierRule, *, now: datetime, areas: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """Each leaf with `amounts` and `exposures`, and what it had before."""
    values = {"rule": _encoded(document(rule)), "now": now, "areas": None if areas is None else list(areas)}
    exposures = _exposures(rule)
    return [_grid(dict(row), rule, exposures) for row in connection.execute(load("sum_tier_amounts"), values).mappings()]


def _grid(row: dict[str, Any], rule: TierRule, exposures: Sequence[Exposure]) -> dict[str, Any]:
    millionths = row.pop("millionths") or {}
    exposed = {
        Exposure.households: float(row["households"]),
        Exposure.residents: float(row["residents"]),
        Exposure.area: float(row["area_km2"]),
    }
    return {
        **row,
        "amounts": {one.factor: float(millionths.get(one.factor, 0)) / MILLIONTHS for one in rule.factors},
        "exposures": {one.value: exposed[one] for one in exposures},
    }


def _exposures(rule: TierRule) -> list[Exposure]:
    return [one for one in Exposure if one != Exposure.none and any(factor.exposure == one for factor in rule.factors)]


def _scores(grids: Sequence[dict[str, Any]], rule: TierRule) -> Any:
    amounts = np.array([[grid["amounts"][one.factor] for one in rule.factors] for grid in grids], dtype=float)
    exposures = {one: np.array([grid["exposures"][one.value] for grid in grids]) for one in _exposures(rule)}
    before = np.array(
        [TIERS.index(Tier(grid["computed"])) if grid["computed"] else NONE_BEFORE for grid in grids], dtype=np.int8
    )
    return scores(amounts.reshape(len(grids), len(rule.factors)), exposures, rule, before)


def _evaluated(grids: Sequence[dict[str, Any]], stored: StoredRule, now: datetime) -> list[dict[str, Any]]:
    found = _scores(grids, stored.rule)
    names = [one.factor for one in stored.rule.factors]
    parts, totals, tiers = found.contributions.tolist(), found.score.tolist(), found.tier.tolist()
    return [
        _row(grid, stored, now, dict(zip(names, parts[at], strict=True)), totals[at], TIERS[tiers[at]])
        for at, grid in enumerate(grids)
    ]


def _row(
    grid: dict[str, Any],
    stored: StoredRule,
    now: datetime,
    contributions: dict[str, float],
    score: float,
    computed: Tier,
) -> dict[str, Any]:
    """While a person overrides it the tier is the person's; what the rule makes of it is kept beside it."""
    overridden = grid["override_tier"] is not None and grid["override_until"] > now
    tier = Tier(grid["override_tier"]) if overridden else computed
    before = (grid["tier"], grid["computed"], grid["score"], grid["contributions"], grid["rule_version"])
    return {
        "area": grid["id"],
        "code": grid["code"],
        "path": grid["path"],
        "tier": tier,
        "computed": computed,
        "previous": grid["tier"],
        "score": score,
        "inputs": grid["amounts"],
        "exposures": grid["exposures"],
        "contributions": contributions,
        "changed": before != (tier, computed, score, contributions, stored.version),
    }


def _encoded(said: object) -> str:
    return orjson.dumps(said).decode()
