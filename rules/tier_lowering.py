"""The smallest changes that would lower a grid's tier, each tried by evaluating the grid as it would then be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from rules.tier_rule import TierRule
from rules.tiers import MILLIONTHS, Tier, TierResult, evaluate, share_left

#: Longest wait that is looked at; what does not fade by then is no answer.
LONGEST_WAIT_DAYS = 730
#: Sets of cases that are all tried; beyond, case after case, the one that lowers the score most.
MOST_TRIED = 4000
ORDER = (Tier.normal, Tier.watch, Tier.key)


@dataclass(frozen=True)
class Counted:
    """One case of a grid: its age, whether it is settled, and the factors that it counts for."""

    age_days: float
    settled: bool
    factors: tuple[str, ...]


@dataclass(frozen=True)
class GridState:
    """What a grid's tier comes from: its cases, what does not fade (`standing`, by factor) and its exposures."""

    cases: Sequence[Counted]
    standing: Mapping[str, float]
    exposures: Mapping[str, float]
    tier: Tier

    def amounts(self, rule: TierRule, *, later_days: float = 0.0, settled: Sequence[int] = ()) -> dict[str, float]:
        """The amounts some days later without a new case, or with these cases settled."""
        lefts: dict[str, int] = dict.fromkeys((one.factor for one in rule.factors), 0)
        now_settled = set(settled)
        for at, case in enumerate(self.cases):
            for name in case.factors:
                factor = rule.factor(name)
                kept = factor.settled_share if case.settled or at in now_settled else 1.0
                lefts[name] += share_left(case.age_days + later_days, factor.half_life_days, kept)
        return {name: left / MILLIONTHS + self.standing.get(name, 0.0) for name, left in lefts.items()}

    def then(self, rule: TierRule, *, later_days: float = 0.0, settled: Sequence[int] = ()) -> TierResult:
        return evaluate(self.amounts(rule, later_days=later_days, settled=settled), self.exposures, rule, self.tier)


@dataclass(frozen=True)
class Lowering:
    """A change and what comes of it. `settle`: how many cases of each factor; `cases`: which; or `wait_days`."""

    tier: Tier
    score: float
    settle: Mapping[str, int]
    cases: tuple[int, ...] = ()
    wait_days: int | None = None


def lowerings(state: GridState, rule: TierRule) -> list[Lowering]:
    """For each lower tier the fewest settled cases, then the shortest wait; nothing for what cannot be reached."""
    found = []
    for target in reversed(ORDER[: ORDER.index(state.tier)]):
        found += [one for one in (_settling(state, rule, target), _waiting(state, rule, target)) if one is not None]
    return found


def _reaches(result: TierResult, target: Tier) -> bool:
    return ORDER.index(result.tier) <= ORDER.index(target)


def _settling(state: GridState, rule: TierRule, target: Tier) -> Lowering | None:
    open_cases = [at for at, case in enumerate(state.cases) if not case.settled and case.factors]
    if not _reaches(state.then(rule, settled=open_cases), target):
        return None
    chosen = _few(state, rule, target, open_cases) or _one_by_one(state, rule, target, open_cases)
    result = state.then(rule, settled=chosen)
    counts = Counter(name for at in chosen for name in state.cases[at].factors)
    return Lowering(result.tier, result.score, dict(counts), tuple(chosen))


def _few(state: GridState, rule: TierRule, target: Tier, open_cases: Sequence[int]) -> tuple[int, ...] | None:
    for size in range(1, len(open_cases) + 1):
        if comb(len(open_cases), size) > MOST_TRIED:
            return None
        reaching = [
            (result.score, chosen)
            for chosen in combinations(open_cases, size)
            if _reaches(result := state.then(rule, settled=chosen), target)
        ]
        if reaching:
            return min(reaching)[1]
    return None


def _one_by_one(state: GridState, rule: TierRule, target: Tier, open_cases: Sequence[int]) -> tuple[int, ...]:
    """Each time the case that lowers the score most, then without those that were not needed."""
    chosen: list[int] = []
    rest = list(open_cases)
    while not _reaches(state.then(rule, settled=chosen), target):
        best = min(rest, key=lambda at: (state.then(rule, settled=[*chosen, at]).score, at))
        rest.remove(best)
        chosen.append(best)
    for at in list(chosen):
        fewer = [one for one in chosen if one != at]
        if _reaches(state.then(rule, settled=fewer), target):
            chosen = fewer
    return tuple(chosen)


def _waiting(state: GridState, rule: TierRule, target: Tier) -> Lowering | None:
    """Scores never rise while nothing happens, so the first day is found by halving."""
    if not _reaches(state.then(rule, later_days=LONGEST_WAIT_DAYS), target):
        return None
    low, high = 0, LONGEST_WAIT_DAYS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _reaches(state.then(rule, later_days=middle), target) else (middle + 1, high)
    result = state.then(rule, later_days=low)
    return Lowering(result.tier, result.score, {}, (), low)
