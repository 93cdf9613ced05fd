"""All that tiers come from within an area, as arrays: so that a rule can be tried on it without storing anything.

It is read past the row security of whoever asks, holds numbers alone, and leaves this room only as tiers and sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from analysis.tier_scores import NONE_BEFORE, TIERS, Fading, Scores, faded, scores
from data.queries.areas import AreaKey
from data.sql import load
from rules.tier_rule import Exposure, FactorRule, FactorSource, Origin, TierRule
from rules.tiers import Tier

DAY_S = 86400.0
CASELOAD = "caseload"


@dataclass(frozen=True)
class TierWorld:
    """`codes`, `tier` (positions in TIERS) and `score` of each grid as they are stored; cases by their grid's position."""

    codes: list[str]
    exposures: dict[Exposure, NDArray[np.float64]]
    tier: NDArray[np.int8]
    computed: NDArray[np.int8]
    score: NDArray[np.float64]
    grid: NDArray[np.int64]
    facts: dict[str, NDArray[Any]]
    reported: NDArray[np.float64]
    settled: NDArray[np.float64]
    dropped: NDArray[np.float64]
    places: tuple[NDArray[np.int64], NDArray[Any]]
    figures: dict[str, NDArray[np.float64]]

    def amounts(self, rule: TierRule, at: datetime) -> NDArray[np.float64]:
        """(grids, factors), as known at that moment."""
        then = at.timestamp()
        known = (self.reported <= then) & ~(self.dropped <= then)
        found = faded(self._happened(rule, known, then), rule, len(self.codes))
        for position, one in enumerate(rule.factors):
            found[:, position] += self._standing(one)
        return found

    def scores(self, rule: TierRule, at: datetime, before: NDArray[np.int8] | None = None) -> Scores:
        """By default with the tiers that the rule in force has given them until now."""
        return scores(self.amounts(rule, at), self.exposures, rule, self.computed if before is None else before)

    def counted(self, one: FactorRule) -> NDArray[np.bool_]:
        """Which cases count for a factor."""
        found = np.zeros(len(self.grid), dtype=bool)
        for source in one.sources:
            if source.origin == Origin.cases:
                found |= self._matching(source)
        return found

    def _happened(self, rule: TierRule, known: NDArray[np.bool_], then: float) -> Fading:
        rows, factors = [], []
        for position, one in enumerate(rule.factors):
            matching = np.flatnonzero(known & self.counted(one))
            rows.append(matching)
            factors.append(np.full(len(matching), position))
        row = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        factor = np.concatenate(factors) if factors else np.zeros(0, dtype=np.int64)
        return Fading(self.grid[row], factor, (then - self.reported[row]) / DAY_S, self.settled[row] <= then)

    def _matching(self, source: FactorSource) -> NDArray[np.bool_]:
        found = np.ones(len(self.grid), dtype=bool)
        lists = {
            "kind": source.kinds,
            "category": source.categories,
            "source": source.reported_by,
            "severity": source.severities,
        }
        for name, values in lists.items():
            if values:
                found &= np.isin(self.facts[name], values)
        return found & self.facts["three_class"].astype(bool) if source.three_classes else found

    def _standing(self, one: FactorRule) -> NDArray[np.float64]:
        """Key places, the caseload and imported columns: what stands there now, at any moment that is asked about."""
        found = np.zeros(len(self.codes))
        grids, categories = self.places
        of_places = [source for source in one.sources if source.origin == Origin.places]
        if of_places:
            wanted = np.zeros(len(grids), dtype=bool)
            for source in of_places:
                wanted |= np.isin(categories, source.categories) if source.categories else True
            found += np.bincount(grids[wanted], minlength=len(self.codes))
        for name in {CASELOAD if one.origin == Origin.caseload else one.column for one in one.sources} - {""}:
            found += self.figures.get(name, 0.0)
        return found


def read_world(connection: Connection, area: AreaKey) -> TierWorld:
    """What stands within an area, read as the system."""
    values = area.range()
    grids = connection.execute(load("list_world_grids"), values).all()
    position = {row.id: at for at, row in enumerate(grids)}
    cases = connection.execute(load("list_world_cases"), values).all()
    columns = list(zip(*cases, strict=True)) if cases else [()] * 9
    places = connection.execute(load("list_world_places"), values).all()
    return TierWorld(
        codes=[row.code for row in grids],
        exposures={
            Exposure.households: np.array([row.households for row in grids], dtype=float),
            Exposure.residents: np.array([row.residents for row in grids], dtype=float),
            Exposure.area: np.array([row.area_km2 for row in grids], dtype=float),
        },
        tier=_positions([row.tier for row in grids]),
        computed=_positions([row.computed for row in grids]),
        score=np.array([row.score or 0.0 for row in grids]),
        grid=np.array([position[one] for one in columns[0]], dtype=np.int64),
        facts={
            name: np.array(columns[at])
            for at, name in enumerate(("kind", "category", "source", "severity", "three_class"), 1)
        },
        reported=np.array(columns[6], dtype=float),
        settled=_moments(columns[7]),
        dropped=_moments(columns[8]),
        places=(
            np.array([position[row.area_id] for row in places], dtype=np.int64),
            np.array([row.category for row in places]),
        ),
        figures=_figures(connection, values, position),
    )


def _figures(
    connection: Connection, values: dict[str, str], position: dict[int, int]
) -> dict[str, NDArray[np.float64]]:
    found: dict[str, NDArray[np.float64]] = {}
    for row in connection.execute(load("list_world_figures"), values):
        found.setdefault(row.name, np.zeros(len(position)))[position[row.area_id]] = row.value
    return found


def _positions(tiers: list[str | None]) -> NDArray[np.int8]:
    return np.array([TIERS.index(Tier(tier)) if tier else NONE_BEFORE for tier in tiers], dtype=np.int8)


def _moments(seconds: Any) -> NDArray[np.float64]:
    """Never comes, where there is none."""
    return np.array([np.inf if one is None else one for one in seconds], dtype=float)
