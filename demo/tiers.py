"""Tiers of the demonstration's grids: evaluated week by week as a real deployment would have done, by a rule that was changed
once on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from data import bulk
from data.commands.tier_rules import default_document, store
from data.commands.tiers import Cause, calibrated, recompute_tiers
from demo.areas import AreaSeed
from demo.stories import ZONE
from rules.tier_rule import TierRule, document, parse

# The first quarters of the two years have too few cases behind them to say anything.
QUARTERS = 5
# Week by week of late, every fourth week before.
WEEKS, FOURTH_WEEKS = 26, 26
# A little under 4 % and 16 %, because hysteresis keeps some grids in a tier that they would not reach anew.
KEY_SHARE, WATCH_SHARE = 0.034, 0.137
HOUSEHOLDS_A_PERSON = 130
#: How long the rule in force has been so; until then disputes counted less, settled ones as much as open ones.
RULE_AGE = timedelta(days=150)
FIRST_REASON = "平台上线，按《网格分级分类管理办法（试行）》设定"
SECOND_REASON = "研判会议定：提高矛盾纠纷权重，已办结的减半计入"


def evaluate_history(connection: Connection, *, now: datetime, step: Callable[[int, int], None]) -> None:
    """Thresholds by the scores of today, then every quarter's and week's evaluation in turn, so that history and hysteresis
    are real. `step` is called with evaluations done and evaluations in all."""
    moments = _moments(now)
    _store_rules(connection, moments[0][0], now)
    for done, (moment, cause) in enumerate(moments, 1):
        recompute_tiers(connection, now=moment, cause=cause, announce=False)
        step(done, len(moments))


def _store_rules(connection: Connection, first: datetime, now: datetime) -> None:
    rule = parse(default_document())
    rule = calibrated(connection, rule, now=now, key_share=KEY_SHARE, watch_share=WATCH_SHARE) or rule
    store(connection, document(_before(rule)), now=first - timedelta(days=1), reason=FIRST_REASON, author_role="admin")
    store(connection, document(rule), now=now - RULE_AGE, reason=SECOND_REASON, author_role="admin")


def _before(rule: TierRule) -> TierRule:
    """The rule before it was changed."""
    factors = tuple(
        replace(one, weight=round(one.weight * 0.8, 1), settled_share=1.0) if one.factor == "disputes" else one
        for one in rule.factors
    )
    return replace(rule, factors=factors)


def _moments(now: datetime) -> list[tuple[datetime, Cause]]:
    """Oldest first, the last is now."""
    quarters = quarter_starts(now)
    back = [*range(WEEKS + FOURTH_WEEKS, WEEKS, -4), *range(WEEKS, 0, -1)]
    weeks = [now - timedelta(days=7 * week) for week in back]
    change = now - RULE_AGE
    moments = [(at, Cause.quarter) for at in quarters]
    moments += [(at, Cause.day) for at in weeks if at > quarters[0]]
    return sorted([*moments, (change, Cause.rule), (now, Cause.day)])


def quarter_starts(now: datetime, count: int = QUARTERS) -> list[datetime]:
    """The first moments of the latest quarters in local time, oldest first."""
    local = now.astimezone(ZONE)
    year, quarter = local.year, (local.month - 1) // 3
    starts = []
    for _ in range(count):
        starts.append(datetime(year, quarter * 3 + 1, 1, tzinfo=ZONE))
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return starts[::-1]


def enter_caseload(
    connection: Connection, grids: list[AreaSeed], *, ids: dict[str, int], paths: dict[str, str], seed: int
) -> None:
    """How many persons in assistance a grid has: a count, never who."""
    rng = np.random.default_rng(seed + 53)
    counts = rng.poisson([max(grid.households, 10) / HOUSEHOLDS_A_PERSON for grid in grids])
    rows: Iterator[tuple] = (
        (ids[grid.code], "caseload", int(count), paths[grid.code]) for grid, count in zip(grids, counts, strict=True)
    )
    bulk.copy_rows(connection, "area_figure", ("area_id", "name", "value", "path"), rows)
