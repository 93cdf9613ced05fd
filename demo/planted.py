"""What the demonstration hides to be found: two emerging clusters, a remediation that worked and one that did nothing.
README.md says where and what."""

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


@dataclass(frozen=True)
class PlantedRemediation:
    """Over the grids of a county with most households; `left`: the share of cases that still came after it began."""

    county: str
    goal: str
    measures: tuple[str, ...]
    left: float


REMEDIATIONS = (
    PlantedRemediation("532823", "压降集镇夜间纠纷", ("夜间联合巡查", "经营场所约谈", "矛盾逐户排查"), 0.35),
    PlantedRemediation("532801", "压降老旧小区物业纠纷", ("张贴告知书", "召开座谈会"), 1.0),
)
REMEDIED_GRIDS = 14
BEGAN, ENDED = timedelta(days=160), timedelta(days=70)
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
        place = max(
            inside, key=lambda at: (grids[at].households / max(shapely.area(grids[at].geom), 1e-9), grids[at].code)
        )
        ages = rng.uniform(NEWEST / timedelta(days=1), cluster.days, cluster.number)
        rows += [(now - timedelta(days=float(age)), cluster.category, place) for age in ages]
    return rows


def remedied_grids(grids: Sequence[AreaSeed], one: PlantedRemediation) -> list[int]:
    """Positions of the grids with most households of its county."""
    inside = [at for at, grid in enumerate(grids) if grid.code.startswith(one.county)]
    return sorted(inside, key=lambda at: (-grids[at].households, grids[at].code))[:REMEDIED_GRIDS]


def without_prevented(rows: list[tuple], grids: Sequence[AreaSeed], *, seed: int, now: datetime) -> list[tuple]:
    """The rows (moment, category, position of the grid) without those that a remediation prevented."""
    rng = np.random.default_rng(seed + 67)
    left = {at: one.left for one in REMEDIATIONS for at in remedied_grids(grids, one)}
    begun = now - BEGAN
    return [row for row in rows if row[0] < begun or rng.random() < left.get(row[2], 1.0)]
