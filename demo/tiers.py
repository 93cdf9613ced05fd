"""Tiers of the demonstration's grids: evaluated each quarter as a real deployment would have done, then now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from data import bulk
from data.commands.tiers import calibrate_rule, recompute_tiers
from demo.areas import AreaSeed
from demo.stories import ZONE

# The first quarters of the two years have too few cases behind them to say anything.
QUARTERS = 5
# A little under 4 % and 16 %, because hysteresis keeps some grids in a tier that they would not reach anew.
KEY_SHARE, WATCH_SHARE = 0.034, 0.137
HOUSEHOLDS_A_PERSON = 130


def evaluate_quarters(connection: Connection, *, now: datetime, step: Callable[[int, int], None]) -> None:
    """Thresholds by the scores of today, then every quarter's evaluation in turn, so that history and hysteresis are real.

    `step` is called with evaluations done and evaluations in all.
    """
    calibrate_rule(connection, now=now, key_share=KEY_SHARE, watch_share=WATCH_SHARE)
    moments = [*quarter_starts(now), now]
    for done, moment in enumerate(moments, 1):
        recompute_tiers(connection, now=moment, announce=False)
        step(done, len(moments))


def quarter_starts(now: datetime, count: int = QUARTERS) -> list[datetime]:
    """The first moments of the latest quarters in local time, oldest first."""
    local = now.astimezone(ZONE)
    year, quarter = local.year, (local.month - 1) // 3
    starts = []
    for _ in range(count):
        starts.append(datetime(year, quarter * 3 + 1, 1, tzinfo=ZONE))
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return starts[::-1]


def enter_assisted_persons(
    connection: Connection,
    grids: list[AreaSeed],
    *,
    ids: dict[str, int],
    paths: dict[str, str],
    seed: int,
    now: datetime,
) -> None:
    """How many persons in assistance a grid has: a count, never who. Stands in the inputs before the first evaluation."""
    rng = np.random.default_rng(seed + 53)
    counts = rng.poisson([max(grid.households, 10) / HOUSEHOLDS_A_PERSON for grid in grids])
    columns = ("area_id", "path", "tier", "score", "rule_version", "inputs", "contributions", "since", "evaluated_at")
    rows: Iterator[tuple] = (
        (ids[grid.code], paths[grid.code], "normal", 0.0, "", {"assisted_persons": int(count)}, {}, now, now)
        for grid, count in zip(grids, counts, strict=True)
    )
    bulk.copy_rows(connection, "tier", columns, rows)
