"""Grids like a grid, to see how others of its kind do: as many households, as densely built, of the same setting.

distance = sqrt(a^2 + b^2), where a and b are how many times the number of households, and their density, double from one to
the other: 1 is twice as many. Where no households are known at all, the area takes their place. Grids of another setting
come after all of the same one. Nothing of how a grid does goes into the choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.distributions import Floats

FIVE = 5


@dataclass(frozen=True)
class Comparable:
    """Arrays of one length, nearest first: `rows`, their `distance`, and whether the setting is the same."""

    rows: NDArray[np.int64]
    distance: Floats
    same_setting: NDArray[np.bool_]


def comparable(
    row: int,
    households: ArrayLike,
    area_km2: ArrayLike,
    setting: ArrayLike | None = None,
    *,
    count: int = FIVE,
) -> Comparable:
    """Arrays (grids,): households, 0 or NaN where unknown; square kilometres above 0; anything that tells settings apart.

    A grid without known households is compared by its area, and only with others without; the rows come in the order of the
    arrays where distances are equal.
    """
    homes, area = np.nan_to_num(np.asarray(households, dtype=float)), np.asarray(area_km2, dtype=float)
    kinds = np.zeros(len(homes)) if setting is None else np.asarray(setting)
    if not len(homes) == len(area) == len(kinds):
        raise ValueError("households, area and setting are of the same grids")
    if not ((area > 0) & (homes >= 0)).all():
        raise ValueError("areas are above 0, households 0 or more")
    known = homes > 0
    others = np.flatnonzero((known == known[row]) & (np.arange(len(homes)) != row))
    columns = np.stack([homes, homes / area] if known[row] else [area], axis=1)
    apart = np.sqrt((np.log2(columns[others] / columns[row]) ** 2).sum(axis=1))
    foreign = kinds[others] != kinds[row]
    chosen = np.lexsort((others, apart, foreign))[:count]
    return Comparable(others[chosen], apart[chosen], ~foreign[chosen])
