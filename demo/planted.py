"""What the demonstration hides to be found: two emerging clusters. README.md says where and what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import shapely

from demo.areas import AreaSeed


@dataclass(frozen=True)
class PlantedCluster:
    """`number` cases of a category in the last `days` days, in one grid: that of the county with most households by area."""

    category: str
    county: str
    number: int
    days: float


CLUSTERS = (
    PlantedCluster("labour", "532801", 16, 8.0),
    PlantedCluster("fraud", "532822", 12, 11.0),
)
#: The newest of them: later ones stand in the queue's own hour.
NEWEST = timedelta(hours=3)


def planted_rows(grids: Sequence[AreaSeed], *, seed: int, now: datetime) -> list[tuple[datetime, str, int]]:
    """When, which category, and the position of the grid."""
    rng = np.random.default_rng(seed + 61)
    rows = []
    for cluster in CLUSTERS:
        inside = [at for at, grid in enumerate(grids) if grid.code.startswith(cluster.county)]
        if not inside:
            continue
        place = max(inside, key=lambda at: (grids[at].households / max(shapely.area(grids[at].geom), 1e-9), grids[at].code))
        ages = rng.uniform(NEWEST / timedelta(days=1), cluster.days, cluster.number)
        rows += [(now - timedelta(days=float(age)), cluster.category, place) for age in ages]
    return rows
