"""Past outcomes of an organisation with a category, shrunk so that small numbers do not win. Never about persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

DAYS = 365
# What a mean is worth in cases: at least, at most, and where there are too few organisations to tell.
WEAKEST, STRONGEST, USUAL = 10.0, 200.0, 20.0
FEWEST_ORGANISATIONS = 3
#: Standard deviations on either side of a 95 % interval.
INTERVAL = 1.96


@dataclass(frozen=True)
class Tally:
    """Counts of one organisation and category within a period.

    `mediated`: cases whose first mediation it recorded, `at_first` of them with success. `settled`, of which it saw
    `reopened` come back. `judged`: settled with a deadline, `on_time` of them before it.
    """

    mediated: int = 0
    at_first: int = 0
    settled: int = 0
    reopened: int = 0
    judged: int = 0
    on_time: int = 0


@dataclass(frozen=True)
class Share:
    """`good` of `n`, beside the `mean` of all organisations, which counts as much as `strength` cases."""

    good: int
    n: int
    mean: float
    strength: float

    @property
    def shrunk(self) -> float:
        """(good + strength * mean) / (n + strength): the mean of the posterior of a beta prior about the mean."""
        return (self.good + self.strength * self.mean) / (self.n + self.strength)

    @property
    def differs(self) -> bool:
        """Whether the mean lies outside the 95 % interval of the shrunk share: the normal approximation of the posterior
        beta distribution, whose variance is share (1 - share) / (n + strength + 1)."""
        deviation = sqrt(self.shrunk * (1 - self.shrunk) / (self.n + self.strength + 1))
        return abs(self.shrunk - self.mean) > INTERVAL * deviation


@dataclass(frozen=True)
class Record:
    """An organisation's past with a category. `outcome`: settled at the first mediation, or once and for all where a kind has
    none (`mediated` tells which)."""

    outcome: Share
    on_time: Share
    mediated: bool


def records(tallies: Mapping[int, Tally], organisations: Iterable[int], *, mediated: bool) -> dict[int, Record]:
    """The record of each organisation, also of one that has had no such case; none at all where nobody has had one."""
    outcomes = {organisation: _outcome(one, mediated=mediated) for organisation, one in tallies.items()}
    in_time = {organisation: (one.on_time, one.judged) for organisation, one in tallies.items()}
    if not any(n for _, n in outcomes.values()):
        return {}
    return {
        organisation: Record(_share(outcomes, organisation), _share(in_time, organisation, otherwise=1.0), mediated)
        for organisation in set(organisations)
    }


def _outcome(tally: Tally, *, mediated: bool) -> tuple[int, int]:
    if mediated:
        return tally.at_first, tally.mediated
    # what is reopened within the period may have been settled before it
    return max(tally.settled - tally.reopened, 0), tally.settled


def _share(counts: Mapping[int, tuple[int, int]], organisation: int, *, otherwise: float = 0.0) -> Share:
    good, n = counts.get(organisation, (0, 0))
    cases = sum(count for _, count in counts.values())
    mean = sum(count for count, _ in counts.values()) / cases if cases else otherwise
    return Share(good, n, mean, strength([count for count in counts.values() if count[1]], mean))


def strength(counts: list[tuple[int, int]], mean: float) -> float:
    """How many cases the mean is worth: alpha + beta of the beta prior, by the method of moments.

    With p_i = good_i / n_i, N = sum of n_i, k organisations: S = sum of n_i (p_i - mean)^2,
    g = (S - mean (1 - mean) (k - 1)) / (mean (1 - mean) (N - sum of n_i^2 / N - (k - 1))), strength = 1 / g - 1:
    organisations that differ by no more than chance (g <= 0) are shrunk as much as allowed.
    J. C. Kleinman, Proportions with extraneous variance: single and independent samples, JASA 68 (1973) 46-54;
    G. Casella, An introduction to empirical Bayes data analysis, The American Statistician 39 (1985) 83-87.
    """
    variance, organisations = mean * (1 - mean), len(counts)
    if organisations < FEWEST_ORGANISATIONS or variance == 0:
        return USUAL
    cases = sum(n for _, n in counts)
    room = variance * (cases - sum(n * n for _, n in counts) / cases - (organisations - 1))
    spread = sum(n * (good / n - mean) ** 2 for good, n in counts) - variance * (organisations - 1)
    if room <= 0 or spread <= 0:
        return STRONGEST if spread <= 0 else USUAL
    return min(max(room / spread - 1, WEAKEST), STRONGEST)
