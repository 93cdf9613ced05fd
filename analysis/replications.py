"""What chance makes of a scan: the days shuffled among the cases, again and again, for the highest ratio of each shuffle."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analysis.cylinders import SMALLEST_CLUSTER, Circles, Floats, ScanLimits, Whole, Windows, log_likelihood_ratio

PILOT_REPLICATIONS = 16
#: Numbers that a batch of replications holds at once: so many fit into a processor's cache.
BATCH_NUMBERS = 500_000


class Cancelled(Exception):
    """The one who asked no longer wants the answer."""


class Replications:
    """The highest ratio of each shuffle of the days, told only where it reaches `least`."""

    def __init__(self, circles: Circles, windows: Windows, least: float) -> None:
        self.circles, self.windows = circles, windows
        self.place_of_any = np.repeat(np.arange(circles.places), circles.cases)
        self.kind = np.int16 if windows.total < np.iinfo(np.int16).max else np.int32
        self.needed = self._needed(least)
        self.at_once = max(1, BATCH_NUMBERS // max(1, len(circles.centres) * len(windows.days)))

    def _needed(self, least: float) -> list[NDArray]:
        """For each circle and stretch the smallest count whose ratio reaches `least`: expected counts never change."""
        sizes = np.unique(np.concatenate(self.circles.totals))
        expected = sizes[:, None] * (self.windows.totals / self.circles.all_cases)[None, :]
        count = np.maximum(np.floor(expected).astype(np.int64) + 1, SMALLEST_CLUSTER)
        most = np.minimum(sizes[:, None], self.windows.totals[None, :])
        low, high = count, np.maximum(most, count) + 1
        while (low < high).any():
            middle = (low + high) // 2
            reached = log_likelihood_ratio(middle, expected, self.circles.all_cases) >= least
            low, high = np.where(reached, low, np.minimum(middle + 1, high)), np.where(reached, middle, high)
        table = np.minimum(low, np.iinfo(self.kind).max).astype(self.kind)
        return [table[np.searchsorted(sizes, totals)][:, :, None] for totals in self.circles.totals]

    def batch(self, generator: np.random.Generator, size: int) -> Floats:
        inside = np.zeros((len(self.circles.centres), len(self.windows.days), size), dtype=self.kind)
        taken = np.empty_like(inside)
        counts = self._shuffled(generator, size)
        best = np.zeros(size)
        for k, step in enumerate(self.circles.neighbours):
            here = inside[: len(step)]
            # every index is in bounds; "clip" alone fills `out` without a copy between
            np.take(counts, step, axis=0, out=taken[: len(step)], mode="clip")
            here += taken[: len(step)]
            hits = np.flatnonzero(here >= self.needed[k])
            if len(hits):
                self._raise(best, k, here, hits)
        return best

    def _shuffled(self, generator: np.random.Generator, size: int) -> NDArray:
        """Counts (places, windows, replications) of recent cases, each stretch holding those of the shorter ones."""
        days = len(self.windows.days)
        counts = np.empty((self.circles.places, days, size), dtype=self.kind)
        for replication in range(size):
            cases = generator.choice(len(self.place_of_any), size=self.windows.total, replace=False)
            flat = self.place_of_any[cases] * days + self.windows.of_case
            found = np.bincount(flat, minlength=self.circles.places * days).reshape(-1, days)
            counts[:, :, replication] = np.cumsum(found, axis=1)
        return counts

    def _raise(self, best: Floats, k: int, inside: NDArray, hits: Whole) -> None:
        centre, window, replication = np.unravel_index(hits, inside.shape)
        expected = self.circles.totals[k][centre] * (self.windows.totals[window] / self.circles.all_cases)
        ratio = log_likelihood_ratio(inside.reshape(-1)[hits], expected, self.circles.all_cases)
        np.maximum.at(best, replication, ratio)


def replicate(
    circles: Circles, windows: Windows, limits: ScanLimits, found: list[float], seed: int, progress: Callable
) -> list[float]:
    """The p of each ratio found, by its rank among the highest ratios of the shuffles."""
    seeds = np.random.SeedSequence(seed)
    pilot = Replications(circles, windows, 0.0).batch(np.random.default_rng(seeds.spawn(1)[0]), PILOT_REPLICATIONS)
    least = min(max(min(found), 0.9 * float(pilot.min())), found[0])
    highest = _highest(Replications(circles, windows, least), limits, found[0], seeds, progress)
    # below `least` nothing was counted: nearly every shuffle reaches that much
    return [
        (1 + (np.count_nonzero(highest >= one - 1e-9) if one >= least else len(highest))) / (1 + len(highest))
        for one in found
    ]


def _highest(
    replications: Replications, limits: ScanLimits, top: float, seeds: np.random.SeedSequence, progress: Callable
) -> Floats:
    sizes = _batches(limits.replications, replications.at_once)
    highest: list[Floats] = []
    done = 0
    with ThreadPoolExecutor(max_workers=max(1, min(2, os.cpu_count() or 1))) as pool:
        jobs = ((np.random.default_rng(one), size) for one, size in zip(seeds.spawn(len(sizes)), sizes, strict=True))
        while ahead := [pool.submit(replications.batch, *job) for job in islice(jobs, 8)]:
            for job in ahead:
                highest.append(job.result())
                done += len(highest[-1])
            if progress(done / limits.replications) is False:
                raise Cancelled
            reached = int(np.count_nonzero(np.concatenate(highest) >= top - 1e-9))
            if limits.enough is not None and reached >= limits.enough:
                break
    return np.concatenate(highest)


def _batches(replications: int, at_once: int) -> list[int]:
    whole, rest = divmod(replications, at_once)
    return [at_once] * whole + [rest] * (rest > 0)
