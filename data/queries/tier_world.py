"""All that tiers come from within an area, as arrays: so that a rule can be tried on it without storing anything.

It is read past the row security of whoever asks, holds numbers alone, and leaves this room only as tiers and sums.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection

from analysis.tier_scores import NONE_BEFORE, TIERS, Fading, Scores, faded, scores
from data.queries.areas import AreaKey
from data.sql import load
from rules.tier_rule import Exposure, FactorRule, FactorSource, Origin, TierRule
from rules.tiers import Tier, upper_tier

DAY_S = 86400.0
CASELOAD = "caseload"


@dataclass(frozen=True)
class Uppers:
    """The areas above the grids: each holds the grids from `first` to before `last`, in the order of their paths."""

    codes: list[str]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


@dataclass(frozen=True)
class TierWorld:
    """`codes`, `tier` (positions in TIERS) and `score` of each grid as they are stored, in the order of their paths; cases by
    their grid's position."""

    codes: list[str]
    uppers: Uppers
    exposures: dict[Exposure, NDArray[np.float64]]
    tier: NDArray[np.int8]
    computed: NDArray[np.int8]
    score: NDArray[np.float64]
    held: NDArray[np.int8]
    held_until: NDArray[np.float64]
    grid: NDArray[np.int64]
    facts: dict[str, NDArray[Any]]
    reported: NDArray[np.float64]
    settled: NDArray[np.float64]
    dropped: NDArray[np.float64]
    places: tuple[NDArray[np.int64], NDArray[Any]]
    figures: dict[str, NDArray[np.float64]]
    _matched: dict[FactorSource, NDArray[np.bool_]] = field(default_factory=dict)

    @cached_property
    def codes_json(self) -> bytes:
        """The codes as they go into an answer: a hundred thousand of them are not encoded for each position of a slider."""
        return orjson.dumps(self.codes)

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

    def with_holds(self, tier: NDArray[np.int8], at: datetime) -> NDArray[np.int8]:
        """What people see: a grid that a person holds in a tier stays in it, whatever a rule makes of it."""
        return np.where((self.held != NONE_BEFORE) & (self.held_until > at.timestamp()), self.held, tier)

    def upper_tiers(self, tier: NDArray[np.int8], rule: TierRule) -> list[Tier | None]:
        """Of each area of `uppers`, by the tiers of the grids."""
        first, last = self.uppers.first, self.uppers.last
        sums = [np.concatenate([[0], np.cumsum(tier == at)]) for at in range(len(TIERS))]
        normal, watch, key = (one[last] - one[first] for one in sums)
        counts = zip(key.tolist(), watch.tolist(), normal.tolist(), strict=True)
        return [upper_tier(*of_tiers, rule) for of_tiers in counts]

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
        """Kept: a slider asks for the same sources again and again."""
        if source not in self._matched:
            self._matched[source] = self._narrowed(source)
        return self._matched[source]

    def _narrowed(self, source: FactorSource) -> NDArray[np.bool_]:
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
        uppers=_uppers(connection, values, [row.path for row in grids]),
        exposures={
            Exposure.households: np.array([row.households for row in grids], dtype=float),
            Exposure.residents: np.array([row.residents for row in grids], dtype=float),
            Exposure.area: np.array([row.area_km2 for row in grids], dtype=float),
        },
        tier=_positions([row.tier for row in grids]),
        computed=_positions([row.computed for row in grids]),
        score=np.array([row.score or 0.0 for row in grids]),
        held=_positions([row.held for row in grids]),
        held_until=_moments([row.held_until for row in grids]),
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


def _uppers(connection: Connection, values: dict[str, str], paths: list[str]) -> Uppers:
    rows = connection.execute(load("list_world_uppers"), values).all()
    first = [bisect_left(paths, row.path) for row in rows]
    # '0' follows '/': the first path after those below
    last = [bisect_left(paths, row.path[:-1] + "0") for row in rows]
    return Uppers([row.code for row in rows], np.array(first, dtype=np.int64), np.array(last, dtype=np.int64))


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
