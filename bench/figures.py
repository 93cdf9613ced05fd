"""Percentiles of many runs, and rows of the table of results."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. `goal` is what the project aims for, in the unit of `value`."""

    group: str
    name: str
    value: float
    unit: str
    goal: str = ""
    note: str = ""


def timed(act: Callable[[], object], times: int, *, warm_up: int = 1) -> list[float]:
    """Seconds of each run, after some that do not count."""
    for _ in range(warm_up):
        act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not pass."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]


def median_ms(values: Sequence[float]) -> float:
    return statistics.median(values) * 1000


def p_ms(values: Sequence[float], share: float) -> float:
    return percentile(values, share) * 1000
