"""A point told by names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.words.texts import text

#: Nearer than this no distance is told; further off it is rounded to it.
STEP_M = 10


def point_words(point: Mapping[str, Any], locale: str) -> str:
    """The area, and what it is near; `point` as data.queries.points describes it."""
    if point["area"] is None:
        return text("report.point.outside", locale)
    near = point["near"]
    if near is None:
        return str(point["name"])
    far = round(near["distance_m"] / STEP_M) * STEP_M
    key = "report.point.near" if far else "report.point.at"
    return text(key, locale, area=point["name"], place=near["name"], n=far)
