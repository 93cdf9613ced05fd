"""Serializers: codes of the lower rooms with their texts, for programs that show them to people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.words.reasons import reason_words
from dashboard.words.texts import text
from data.commands.batches import BulkResult, DispatchPreview, RemarkPreview
from data.queries.recommendations import Advice, Ranked, Unfit
from rules.moves import Move
from rules.ranking import Reason
from rules.sla import STEPS_OF
from web.dependencies import as_list
from web.problems import problem_document


def advice_shape(advice: Advice, category: str, locale: str) -> dict[str, Any]:
    """Ranked bodies as a list; where there is none, which condition failed for whom, and whom to refer the case to."""
    above = advice.above
    return {
        **as_list([recommendation_shape(one, category, locale) for one in advice.ranked]),
        "unfit": [_unfit_shape(one, locale) for one in advice.unfit],
        "refer_up": above and {"organisation": above.organisation, "name": above.name, "allowed": above.allowed},
    }


def _unfit_shape(unfit: Unfit, locale: str) -> dict[str, Any]:
    failed = [{"code": code, "text": text(f"condition.{code}", locale)} for code in unfit.failed]
    return {"organisation": unfit.organisation.id, "name": unfit.name, "failed": failed}


def recommendation_shape(ranked: Ranked, category: str, locale: str) -> dict[str, Any]:
    """A ranked body in the shape of the interface; `category` is the name of the case's."""
    ranking, organisation = ranked.found, ranked.organisation
    below = ranking.below
    return {
        "organisation": organisation.id,
        "name": ranked.name,
        "rank": ranking.rank,
        "score": ranking.score,
        "parts": [
            {"code": code, "text": text(f"part.{code}", locale), "points": points}
            for code, points in ranking.parts.items()
        ],
        "for": reasons(ranking.reasons_for, category, locale),
        "against": reasons(ranking.reasons_against, category, locale),
        "below": below and {"code": below.code, "text": reason_words(below.code, below.values, locale, family="below")},
        "distance_m": organisation.distance_m,
        "open_load": organisation.open_load,
        "capacity": organisation.capacity,
    }


def move_shape(row: Move, locale: str) -> dict[str, Any]:
    """A row of the table of moves; `clocks` run afterwards where the status changes."""
    return {
        "move": row.name,
        "name": text(row.text_key, locale),
        "from": sorted(row.sources),
        "to": row.target,
        "actor": row.actor,
        "needs": sorted(row.needs),
        "takes": sorted(row.takes | {"reason"} - row.needs),
        "asks": sorted(row.asks),
        "holder": row.holder,
        "effects": sorted(row.effects),
        "unless": sorted(row.guards),
        "tells": sorted(row.tells),
        "clocks": list(STEPS_OF.get(row.target, ())) if row.target else [],
    }


def reasons(given: Iterable[Reason], category: str, locale: str) -> list[dict[str, str]]:
    return [
        {"code": one.code, "text": reason_words(one.code, {**one.values, "category": category}, locale)}
        for one in given
    ]


def plan_shape(preview: DispatchPreview | RemarkPreview, locale: str) -> dict[str, Any]:
    """What would become of one case of several, or why nothing."""
    shape = {name: value for name, value in vars(preview).items() if name != "problem"}
    return {**shape, "problem": preview.problem and problem_document(preview.problem, locale)}


def bulk_shape(results: Sequence[BulkResult], locale: str) -> dict[str, Any]:
    """What became of several cases, each by itself."""
    items = [
        {"case_no": one.case_no, "case": one.case, "problem": one.problem and problem_document(one.problem, locale)}
        for one in results
    ]
    done = sum(one.problem is None for one in results)
    return {"done": done, "failed": len(items) - done, "items": items}
