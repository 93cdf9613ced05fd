"""Units like those that were treated, by what was known before: nearest in level, trend, last periods, exposure and setting."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.refusals import at_least

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FEWEST_PERIODS = 4
FEWEST_UNTREATED = 10
#: A unit of another setting is taken only when no unit of the same one is left.
OTHER_SETTING = 1000.0
#: Further untreated units are left out before anything is estimated: those least like the treated.
MOST_UNTREATED = 2000


@dataclass(frozen=True)
class Panel:
    """`counts` (units, periods); the periods from `start` on are after the measure. `treated` (units,), `exposure` (units,)
    above 0, as households or 1, `setting` (units,): the number of a kind of area, `covariates` (units, any): what else
    matched units should share. Raises TooLittle, or ValueError for arrays that do not belong together."""

    counts: Floats
    start: int
    treated: NDArray[np.bool_]
    exposure: Floats
    setting: Whole
    covariates: Floats

    def __post_init__(self) -> None:
        units, periods = self.counts.shape
        if not units == len(self.treated) == len(self.exposure) == len(self.setting) == len(self.covariates):
            raise ValueError("counts, treated, exposure, setting and covariates are of the same units")
        if not (np.isfinite(self.counts).all() and (self.counts >= 0).all() and (self.exposure > 0).all()):
            raise ValueError("counts are 0 or more, exposure is above 0")
        if not np.isfinite(self.covariates).all():
            raise ValueError("covariates are numbers")
        at_least("periods", min(self.start, periods), FEWEST_PERIODS)
        at_least("periods", periods - self.start, 1)
        at_least("treated", int(self.treated.sum()), 1)
        at_least("units", int((~self.treated).sum()), FEWEST_UNTREATED)

    @classmethod
    def of(
        cls,
        counts: ArrayLike,
        start: int,
        treated: ArrayLike,
        *,
        exposure: ArrayLike | None = None,
        setting: ArrayLike | None = None,
        covariates: ArrayLike | None = None,
    ) -> Panel:
        """From anything that numpy takes; every unit counts alike, and is of one setting, unless told."""
        table = np.atleast_2d(np.asarray(counts, dtype=float))
        ones = np.ones(len(table)) if exposure is None else np.asarray(exposure, dtype=float)
        kinds = np.zeros(len(table), dtype=np.int64)
        if setting is not None:
            kinds = np.unique(np.asarray(setting), return_inverse=True)[1].astype(np.int64)
        others = np.zeros((len(table), 0)) if covariates is None else np.asarray(covariates, dtype=float)
        return cls(table, start, np.asarray(treated, dtype=bool), ones, kinds, others.reshape(len(others), -1))

    @property
    def rates(self) -> Floats:
        return self.counts / self.exposure[:, None]

    @property
    def after(self) -> Floats:
        """Cases of each unit after the start, (units,)."""
        return self.counts[:, self.start :].sum(axis=1)

    def of_rows(self, rows: Whole, treated: NDArray[np.bool_]) -> Panel:
        return replace(
            self, counts=self.counts[rows], treated=treated, exposure=self.exposure[rows],
            setting=self.setting[rows], covariates=self.covariates[rows],
        )  # fmt: skip

    def as_if(self, start: int, end: int) -> Panel:
        """The same units, had the measure begun at `start` and nothing been known from `end` on."""
        return replace(self, counts=self.counts[:, :end], start=start)


def history(panel: Panel) -> Floats:
    """(units, 3): rate of all periods before the start, its slope per period, and the rate of their last quarter."""
    before = panel.rates[:, : panel.start]
    time = np.arange(panel.start) - (panel.start - 1) / 2
    last = before[:, -max(1, round(panel.start / 4)) :].mean(axis=1)
    return np.stack([before.mean(axis=1), before @ time / (time @ time), last], axis=1)


def standardised(columns: Floats) -> Floats:
    """Each column in its own standard deviations; one that never changes says nothing."""
    spread = columns.std(axis=0)
    return np.where(spread > 0, (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1), 0.0)


def distances(panel: Panel) -> Floats:
    """(treated, untreated): Euclidean over standardised history, log exposure and covariates; OTHER_SETTING between settings."""
    columns = standardised(np.column_stack([history(panel), np.log(panel.exposure), panel.covariates]))
    treated, others = columns[panel.treated], columns[~panel.treated]
    apart = np.stack([np.sqrt(((others - one) ** 2).sum(axis=1)) for one in treated])
    foreign = panel.setting[panel.treated][:, None] != panel.setting[~panel.treated][None, :]
    return apart + OTHER_SETTING * foreign


@dataclass(frozen=True)
class Matches:
    """`rows`, `distance` (treated, k): rows of the panel, in standard deviations. `replacement`: whether one unit may
    stand beside several treated ones."""

    rows: Whole
    distance: Floats
    replacement: bool


def match(panel: Panel, k: int, *, replacement: bool) -> Matches:
    """The `k` nearest untreated units of each treated one, fewer where there are not enough to take each once.

    Without replacement the treated unit that is furthest from every other chooses first, and each takes one in turn.
    """
    apart, others = distances(panel), np.flatnonzero(~panel.treated)
    if replacement or apart.shape[0] > apart.shape[1]:
        nearest = np.argsort(apart, axis=1, kind="stable")[:, :k]
        return Matches(others[nearest], _told(np.take_along_axis(apart, nearest, axis=1)), True)
    nearest = _in_turn(apart, min(k, apart.shape[1] // apart.shape[0]))
    return Matches(others[nearest], _told(np.take_along_axis(apart, nearest, axis=1)), False)


def _told(distance: Floats) -> Floats:
    return np.where(distance >= OTHER_SETTING, np.inf, distance)


def _in_turn(apart: Floats, k: int) -> Whole:
    left, chosen = apart.copy(), np.zeros((len(apart), k), dtype=np.int64)
    order = np.argsort(-apart.min(axis=1), kind="stable")
    for turn in range(k):
        for row in order:
            best = int(left[row].argmin())
            chosen[row, turn] = best
            left[:, best] = np.inf
    return chosen


def nearest_of_many(panel: Panel) -> tuple[Panel, Whole]:
    """The panel with at most MOST_UNTREATED untreated units, and the rows it kept."""
    others = np.flatnonzero(~panel.treated)
    if len(others) > MOST_UNTREATED:
        closest = distances(panel).min(axis=0)
        others = others[np.argsort(closest, kind="stable")[:MOST_UNTREATED]]
    rows = np.sort(np.concatenate([np.flatnonzero(panel.treated), others]))
    return panel.of_rows(rows, panel.treated[rows]), rows
