"""Codes from the lower rooms in words, for programs that show them to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboard.texts import text
from rules.moves import BodyFacts
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


def reasons(found: Iterable[Reason], category: str, locale: str) -> list[dict[str, str]]:
    return [
        {"code": reason.code, "text": text(f"reason.{reason.code}", locale, **{**reason.values, "category": category})}
        for reason in found
    ]
