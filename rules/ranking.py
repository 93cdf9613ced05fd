"""Ranking of organisations for a case: hard conditions first, then a score in parts, each with a reason.

Organisations are scored, never persons. The weights are in `Weights`; docs/recommendation.md explains them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.checks import failed_conditions
from rules.facts import CaseFacts, OrganisationFacts
from rules.track_record import DAYS, Record, Share

FAR_M = 30_000.0
UNKNOWN_DISTANCE_SHARE = 0.5
BUSY_SHARE = 0.8
# One level higher than need be costs half of the level's weight: the nearer level comes first unless it is busier.
LEVEL_STEP = 0.5
# Better than the mean by so much: all of the part; worse by so much: nothing of it.
OUTCOME_SPAN, ON_TIME_SPAN = 0.10, 0.10
# Why another organisation than the first was chosen; the key of each is its place, from 1.
CHOICES = ("knows_matter", "nearer", "language", "asked_for", "load", "order", "other")
PARTS = ("load", "distance", "level", "outcome", "on_time", "skill")


@dataclass(frozen=True)
class Weights:
    """Points of each part; together 100. A case that asks for a language or speciality gives `skill` of them to that,
    and every other part shrinks alike."""

    load: float = 45.0
    distance: float = 15.0
    level: float = 10.0
    outcome: float = 20.0
    on_time: float = 10.0
    skill: float = 25.0


WEIGHTS = Weights()


@dataclass(frozen=True)
class Reason:
    """A reason by its code; its sentence is the text `reason.CODE` (or `below.CODE`), filled with `values`."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recommendation:
    """`parts` add up to `score` (hundredths of a point). `below`: what most puts it behind the one above it."""

    organisation_id: int
    rank: int
    score: float
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    parts: dict[str, float] = field(default_factory=dict)
    below: Reason | None = None


def rank(
    case: CaseFacts, organisations: Sequence[OrganisationFacts], weights: Weights = WEIGHTS
) -> list[Recommendation]:
    """Suitable organisations, best first; of equal ones the one with the lower id, so that the order is stable."""
    suitable = [organisation for organisation in organisations if not failed_conditions(case, organisation)]
    lowest = max((_depth(organisation) for organisation in suitable), default=0)
    parts = {organisation.id: score_parts(case, organisation, lowest, weights) for organisation in suitable}
    ordered = sorted(suitable, key=lambda organisation: (-total(parts[organisation.id]), organisation.id))
    above = [None, *ordered]
    return [
        Recommendation(
            organisation.id,
            place,
            total(parts[organisation.id]),
            *_reasons(case, organisation, lowest),
            parts[organisation.id],
            _below(case, before, organisation, parts) if before else None,
        )
        for place, (before, organisation) in enumerate(zip(above, ordered, strict=False), 1)
    ]


def failures(
    case: CaseFacts, organisations: Sequence[OrganisationFacts]
) -> list[tuple[OrganisationFacts, tuple[str, ...]]]:
    """Organisations that may not take the case, each with every condition that it fails, the nearest to suitable first.

    Of those that fail alike many, the ones with the duty and then the deepest come first: they are whom one expects.
    """
    failed = [(organisation, failed_conditions(case, organisation)) for organisation in organisations]
    return sorted(
        ((organisation, conditions) for organisation, conditions in failed if conditions),
        key=lambda one: (len(one[1]), "duty" in one[1], -_depth(one[0]), one[0].id),
    )


def _depth(organisation: OrganisationFacts) -> int:
    return organisation.path.count("/")


def total(parts: dict[str, float]) -> float:
    return round(math.fsum(parts.values()), 2)


def score_parts(
    case: CaseFacts, organisation: OrganisationFacts, lowest: int, weights: Weights = WEIGHTS
) -> dict[str, float]:
    """The points of each part, from 0 to its weight; `lowest` is the deepest level that could take the case."""
    shares = {
        "load": 1 - min(load_share(organisation), 1.0),
        "distance": UNKNOWN_DISTANCE_SHARE
        if organisation.distance_m is None
        else 1 - min(organisation.distance_m / FAR_M, 1.0),
        "level": max(0.0, 1 - LEVEL_STEP * (lowest - _depth(organisation))),
        "outcome": _beside_mean(organisation.record.outcome if organisation.record else None, OUTCOME_SPAN),
        "on_time": _beside_mean(organisation.record.on_time if organisation.record else None, ON_TIME_SPAN),
    }
    left = 1.0
    if case.needs:
        shares["skill"] = len(organisation.skills.intersection(case.needs)) / len(set(case.needs))
        left = 1 - weights.skill / 100
    return {
        name: round(share * getattr(weights, name) * (1.0 if name == "skill" else left), 2)
        for name, share in shares.items()
    }


def _beside_mean(share: Share | None, span: float) -> float:
    """Half at the mean of the category, and for an organisation without a past."""
    return 0.5 if share is None else min(max(0.5 + (share.shrunk - share.mean) / (2 * span), 0.0), 1.0)


def load_share(organisation: OrganisationFacts) -> float:
    """Open cases against capacity; an organisation without capacity counts as full."""
    return organisation.open_load / organisation.capacity if organisation.capacity > 0 else 1.0


def _reasons(
    case: CaseFacts, organisation: OrganisationFacts, lowest: int
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    good, bad = [Reason("duty", {"category": case.category}), Reason("area")], list[Reason]()
    for reason, speaks_for in (
        *_skill_reasons(case, organisation),
        _load_reason(organisation),
        _distance_reason(organisation),
        *_record_reasons(organisation.record),
    ):
        (good if speaks_for else bad).append(reason)
    if _depth(organisation) < lowest:
        bad.append(Reason("higher_level"))
    return tuple(good), tuple(bad)


def _skill_reasons(case: CaseFacts, organisation: OrganisationFacts) -> list[tuple[Reason, bool]]:
    has = [need for need in dict.fromkeys(case.needs) if need in organisation.skills]
    lacks = [need for need in dict.fromkeys(case.needs) if need not in organisation.skills]
    reasons = [(Reason("skilled", {"skills": has}), True)] if has else []
    return reasons + ([(Reason("unskilled", {"skills": lacks}), False)] if lacks else [])


def _load_reason(organisation: OrganisationFacts) -> tuple[Reason, bool]:
    load, share = {"load": organisation.open_load, "capacity": organisation.capacity}, load_share(organisation)
    if share >= 1:
        return Reason("full", load), False
    return (Reason("busy", load), False) if share >= BUSY_SHARE else (Reason("room", load), True)


def _distance_reason(organisation: OrganisationFacts) -> tuple[Reason, bool]:
    if organisation.distance_m is None:
        return Reason("distance_unknown"), False
    near = organisation.distance_m <= FAR_M / 3
    return Reason("near" if near else "far", {"km": _kilometres(organisation)}), near


def _record_reasons(record: Record | None) -> list[tuple[Reason, bool]]:
    """The past in figures. A share is named where it differs from the mean by more than chance; else the past is usual."""
    if record is None:
        return []
    if record.outcome.n == 0:
        return [(Reason("untried", {"months": DAYS // 30}), False)]
    shares = (("first_mediation" if record.mediated else "settled_once", record.outcome), ("on_time", record.on_time))
    reasons = [_against_mean(code, share) for code, share in shares if share.n and share.differs]
    return reasons or [(Reason("usual", {"months": DAYS // 30, "n": record.outcome.n}), True)]


def _against_mean(code: str, share: Share) -> tuple[Reason, bool]:
    good = share.shrunk > share.mean
    values = {"months": DAYS // 30, "n": share.n, "rate": _percent(share.shrunk), "mean": _percent(share.mean)}
    return Reason(code if good else f"{code}_low", values), good


def _below(
    case: CaseFacts, above: OrganisationFacts, organisation: OrganisationFacts, parts: dict[int, dict[str, float]]
) -> Reason:
    """The part in which an organisation loses most to the one above it."""
    behind = {name: round(parts[above.id][name] - points, 2) for name, points in parts[organisation.id].items()}
    worst = max(behind, key=lambda name: (behind[name], -PARTS.index(name)))
    if behind[worst] <= 0:
        return Reason("equal")
    code, figures = _figures(worst, case, above, organisation)
    return Reason(code, {"points": behind[worst], **figures})


# What puts an organisation behind another: the codes of `below.CODE`.
BELOW = (
    "load", "distance", "distance_unknown", "far", "level", "first_mediation", "settled_once", "on_time", "skill", "equal",
)  # fmt: skip


def _figures(
    part: str, case: CaseFacts, above: OrganisationFacts, organisation: OrganisationFacts
) -> tuple[str, dict[str, Any]]:
    if part == "load":
        return "load", {"load": organisation.open_load, "capacity": organisation.capacity,
                        "above_load": above.open_load, "above_capacity": above.capacity}  # fmt: skip
    if part == "distance":
        if organisation.distance_m is None:
            return "distance_unknown", {}
        if above.distance_m is None:
            return "far", {"km": _kilometres(organisation)}
        return "distance", {"km": _kilometres(organisation), "above_km": _kilometres(above)}
    if part in ("outcome", "on_time"):
        code = part
        if part == "outcome":
            code = "first_mediation" if organisation.record is None or organisation.record.mediated else "settled_once"
        return code, {"rate": _rate(organisation, part), "above_rate": _rate(above, part)}
    return part, {"skills": sorted(set(case.needs) - organisation.skills)} if part == "skill" else {}


def _rate(organisation: OrganisationFacts, part: str) -> float | None:
    return _percent(getattr(organisation.record, part).shrunk) if organisation.record else None


def _kilometres(organisation: OrganisationFacts) -> float | None:
    return None if organisation.distance_m is None else round(organisation.distance_m / 1000, 1)


def _percent(share: float) -> float:
    return round(100 * share, 1)
