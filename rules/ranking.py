"""Which body should take a case: hard conditions first, then load, distance and closeness, each told as a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.checks import failed_conditions
from rules.facts import BodyFacts, CaseFacts

# One level higher than need be costs half of the level's weight: the nearer level comes first unless it is busier.
LOAD_WEIGHT, DISTANCE_WEIGHT, LEVEL_WEIGHT, LEVEL_STEP = 45.0, 25.0, 30.0, 0.5
FAR_M = 30_000.0
UNKNOWN_DISTANCE_SHARE = 0.5
BUSY_SHARE = 0.8
# Why another body than the first was chosen.
CHOICES = ("knows_matter", "nearer", "language", "asked_for", "load", "order", "other")


@dataclass(frozen=True)
class Reason:
    """A reason by its code; its sentence is the text `reason.CODE`, filled with `values`."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recommendation:
    organisation_id: int
    rank: int
    score: float
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]


def rank(case: CaseFacts, bodies: Sequence[BodyFacts]) -> list[Recommendation]:
    """Suitable bodies, best first; of equal ones the one with the lower id, so that the order never wavers."""
    suitable = [body for body in bodies if not failed_conditions(case, body)]
    lowest = max((_depth(body) for body in suitable), default=0)
    scored = sorted(((-score(body, lowest), body.id, body) for body in suitable), key=lambda row: row[:2])
    return [
        Recommendation(body.id, place, -minus, *_reasons(case, body, lowest))
        for place, (minus, _, body) in enumerate(scored, 1)
    ]


def _depth(body: BodyFacts) -> int:
    return body.path.count("/")


def score(body: BodyFacts, lowest: int) -> float:
    """0 to 100: room for more work, nearness, and how close the body is to the lowest level that could take the case."""
    room = 1 - min(load_share(body), 1.0)
    near = 1 - min(body.distance_m / FAR_M, 1.0) if body.distance_m is not None else UNKNOWN_DISTANCE_SHARE
    local = max(0.0, 1 - LEVEL_STEP * (lowest - _depth(body)))
    return round(LOAD_WEIGHT * room + DISTANCE_WEIGHT * near + LEVEL_WEIGHT * local, 2)


def load_share(body: BodyFacts) -> float:
    """Open cases against capacity; a body without capacity counts as full."""
    return body.open_load / body.capacity if body.capacity > 0 else 1.0


def _reasons(case: CaseFacts, body: BodyFacts, lowest: int) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    good = [Reason("duty", {"category": case.category}), Reason("area")]
    bad = []
    load = {"load": body.open_load, "capacity": body.capacity}
    share = load_share(body)
    if share >= 1:
        bad.append(Reason("full", load))
    elif share >= BUSY_SHARE:
        bad.append(Reason("busy", load))
    else:
        good.append(Reason("room", load))
    if body.distance_m is None:
        bad.append(Reason("distance_unknown"))
    else:
        kilometres = {"km": round(body.distance_m / 1000, 1)}
        (good if body.distance_m <= FAR_M / 3 else bad).append(
            Reason("near" if body.distance_m <= FAR_M / 3 else "far", kilometres)
        )
    if _depth(body) < lowest:
        bad.append(Reason("higher_level"))
    return tuple(good), tuple(bad)
