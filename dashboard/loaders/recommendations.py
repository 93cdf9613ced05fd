"""Candidates for a case in their order, with reasons, or why no organisation qualifies."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.view_models import Candidate, NobodyFits, Why
from data.queries.recommendations import Advice, Ranked
from rules.ranking import Reason


def candidates(advice: Advice, category: str) -> tuple[Candidate, ...]:
    """Ranked organisations; `category` is the name of the case's."""
    return tuple(_candidate(one, category) for one in advice.ranked)


def nobody(advice: Advice) -> NobodyFits | None:
    """Which condition failed for whom, and the centre that the reader may refer the case up to."""
    if advice.ranked:
        return None
    above = advice.above.name if advice.above and advice.above.allowed else ""
    return NobodyFits(tuple((one.name, one.failed) for one in advice.unfit), above)


def _candidate(ranked: Ranked, category: str) -> Candidate:
    ranking, organisation = ranked.found, ranked.organisation
    return Candidate(
        organisation=organisation.id,
        name=ranked.name,
        rank=ranking.rank,
        pro=_whys(ranking.reasons_for, category),
        con=_whys(ranking.reasons_against, category),
        load=organisation.open_load,
        capacity=organisation.capacity,
        distance_m=organisation.distance_m,
        score=ranking.score,
        parts=ranking.parts,
        below=Why(ranking.below.code, ranking.below.values) if ranking.below else None,
    )


def _whys(reasons: Iterable[Reason], category: str) -> tuple[Why, ...]:
    """The rules name a category by its code, a person reads its name."""
    return tuple(
        Why(reason.code, {**reason.values, **({"category": category} if "category" in reason.values else {})})
        for reason in reasons
    )
