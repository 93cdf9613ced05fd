"""Codes from the lower rooms in words, for programs that show them to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboard.texts import text
from rules.clock import STEPS_OF
from rules.facts import BodyFacts
from rules.moves import Move
from rules.ranking import Reason, Recommendation


def recommendation_shape(
    found: Recommendation, body: BodyFacts, name: str, category: str, locale: str
) -> dict[str, Any]:
    """A ranked body in the shape of the interface; `category` is the name of the case's."""
    return {
        "organisation": found.organisation_id,
        "name": name,
        "rank": found.rank,
        "score": found.score,
        "for": reasons(found.reasons_for, category, locale),
        "against": reasons(found.reasons_against, category, locale),
        "distance_m": body.distance_m,
        "open_load": body.open_load,
        "capacity": body.capacity,
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
        "holder": row.holder,
        "effects": sorted(row.effects),
        "unless": sorted(row.guards),
        "tells": sorted(row.tells),
        "clocks": list(STEPS_OF.get(row.target, ())) if row.target else [],
    }


def reasons(found: Iterable[Reason], category: str, locale: str) -> list[dict[str, str]]:
    return [
        {"code": reason.code, "text": text(f"reason.{reason.code}", locale, **{**reason.values, "category": category})}
        for reason in found
    ]
