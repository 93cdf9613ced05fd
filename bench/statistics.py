"""Statistics on invented numbers: no database takes part, times are those of the computation alone, once warm."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import numpy as np

from analysis.backtest import backtest
from analysis.effects import effect_of
from analysis.forecast import forecast
from analysis.matching import Panel
from analysis.repeats import repeats
from analysis.scan import Happenings, ScanLimits, scan
from bench.figures import Row
from bench.world import World

GROUP = "statistics"
REPLICATIONS = 999
YEAR = 365


def measure(world: World) -> Iterator[Row]:
    random = np.random.default_rng(20050301)
    yield from _scans(random)
    counts = random.poisson(random.gamma(1, 2, (60, 1)), (60, 2 * YEAR))
    yield _row("forecast: 60 townships, two years", lambda: forecast(counts, first_weekday=0), "1")
    columns = disputes(random, 100_000)
    yield _row("repeats: 100,000 cases of two years", lambda: repeats(*columns), "5")
    panel = Panel.of(random.poisson(5, (2200, 10)), 8, np.arange(2200) < 10)
    yield _row("effect: 10 of 2,200 grids, 199 placebo runs", lambda: effect_of(panel), "5")
    scores = random.gamma(0.5, 2, (2200, 9))
    marked = np.full(9, 200)
    came = random.poisson(scores)
    yield _row(
        "back-test: 2,200 grids, 8 quarters", lambda: backtest(came, rule=scores, in_force=came, marked=marked), "1"
    )


def _scans(random: np.random.Generator) -> Iterator[Row]:
    """In a prefecture, and in a city, where far more cylinders hold something."""
    wide, dense = ScanLimits(3000, 30, replications=REPLICATIONS), ScanLimits(5000, 90, replications=REPLICATIONS)
    for cases, goal in ((20_000, "10"), (100_000, "60")):
        for extent, limits in ((150_000.0, wide), (40_000.0, dense)):
            data = happenings(random, cases, extent)
            size = f"{limits.radius / 1000:.0f} km and {limits.days} days"
            name = f"scan of {cases:,} cases of a year within {extent / 1000:.0f} km, {size}"
            yield _row(name, lambda data=data, limits=limits: scan(data, limits, last_day=YEAR - 1), goal, times=1)


def _row(name: str, act: Callable[[], object], goal: str, *, times: int = 3) -> Row:
    """The best of some runs: what else the machine does only ever adds."""
    taken = []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - began, time.process_time() - worked))
    best, processor = min(taken)
    note = f"processor {processor:.1f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    return Row(GROUP, name, best, "s", goal, note)


def happenings(random: np.random.Generator, cases: int, extent: float) -> Happenings:
    """Towns of different size within so many metres, each case a place of its own."""
    towns = random.uniform(0, extent, (40, 2))
    of = random.choice(40, cases, p=random.dirichlet(np.full(40, 0.7)))
    at = towns[of] + random.normal(0, extent / 60, (cases, 2))
    return Happenings(at[:, 0], at[:, 1], random.integers(0, YEAR, cases), np.ones(cases, dtype=np.int64))


def disputes(random: np.random.Generator, cases: int) -> tuple[np.ndarray, ...]:
    reported = random.uniform(0, 2 * YEAR, cases)
    lon, lat = 101 + random.normal(0, 0.1, cases), 22 + random.normal(0, 0.1, cases)
    return lon, lat, random.integers(0, 20, cases), reported, reported + random.exponential(10, cases)
