"""Serializers: codes of the lower rooms with their texts, for programs that show them to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboard.words.reasons import reason_words
from dashboard.words.texts import text
from data.queries.recommendations import Advice, Ranked, Unfit
from rules.moves import Move
from rules.ranking import Reason
from rules.sla import STEPS_OF
from web.dependencies import as_list


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
