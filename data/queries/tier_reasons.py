"""Why a grid has its tier: factors with what is behind each, history, override, and what would lower it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from data.queries.areas import AreaKey
from data.sql import load
from rules.access import Act, Viewer, may
from rules.tier_lowering import Counted, GridState, lowerings
from rules.tier_rule import PER, SMALLEST, FactorRule, Origin, TierRule, parse
from rules.tiers import MILLIONTHS, Tier, in_steps, rate_of

HISTORY_SHOWN = 60


@dataclass(frozen=True)
class _Grid:
    """The stored evaluation of a grid that is asked about, with its rule and what is behind it."""

    row: dict[str, Any]
    rule: TierRule
    items: dict[str, list[dict[str, Any]]]
    places: dict[str, list[dict[str, Any]]]


def why(
    connection: Connection, area: AreaKey, viewer: Viewer, *, now: datetime, as_of: datetime | None = None
) -> dict | None:
    """Why a grid has its tier now or had it at `as_of`; None for one that was not evaluated yet.

    Counts of people are in steps of five; those under five are None (`hidden`). Cases that the viewer may not see are one
    item without a number, so that the shares still add up to the amount. The words of an override may be about a case:
    they are for those who may read one.
    """
    row = _evaluation(connection, area, as_of)
    if row is None:
        return None
    grid = _behind(connection, area, row, viewer)
    before = _before(connection, area, as_of or now)
    return {
        "tier": row["tier"],
        "score": row["score"],
        "since": row["since"],
        "evaluated_at": row["evaluated_at"],
        "rule_version": row["rule_version"],
        "thresholds": {"key": grid.rule.key_from, "watch": grid.rule.watch_from},
        "households": int(row["exposures"].get("households", 0)),
        "exposures": row["exposures"],
        "factors": [_factor(one, grid, area, viewer, before) for one in grid.rule.factors],
        "history": _history(connection, area, grid.rule, viewer, as_of),
        "override": _override(row, viewer, as_of or now),
        "lower": _lower(grid, viewer),
    }


def _evaluation(connection: Connection, area: AreaKey, as_of: datetime | None) -> dict[str, Any] | None:
    name = "read_tier" if as_of is None else "read_tier_as_of"
    row = connection.execute(load(name), {"area": area.id, "as_of": as_of}).mappings().one_or_none()
    return None if row is None else dict(row)


def _behind(connection: Connection, area: AreaKey, row: dict[str, Any], viewer: Viewer) -> _Grid:
    values = {
        "rule": orjson.dumps(row["rule"]).decode(),
        "area": area.id,
        "prefecture": area.prefecture,
        "at": row["evaluated_at"],
        "locale": viewer.locale,
    }
    items: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if may(viewer.role, Act.see_cases):
        for found in connection.execute(load("list_tier_items"), values).mappings():
            items[found["factor"]].append(dict(found))
    places: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for found in connection.execute(load("list_tier_places"), values).mappings():
        places[found["factor"]].append(dict(found))
    return _Grid(row, parse(row["rule"]), items, places)


def _before(connection: Connection, area: AreaKey, at: datetime) -> dict[str, float] | None:
    """The contributions a quarter earlier."""
    return connection.execute(load("read_tier_before"), {"area": area.id, "at": at}).scalar()


def _factor(
    one: FactorRule, grid: _Grid, area: AreaKey, viewer: Viewer, before: dict[str, float] | None
) -> dict[str, Any]:
    amount = float(grid.row["inputs"].get(one.factor) or 0.0)
    exposure = float(grid.row["exposures"].get(one.exposure, 1.0))
    shown = (in_steps(amount) or None) if one.counts_people else amount
    return {
        "factor": one.factor,
        "name": one.name(viewer.locale),
        "amount": shown,
        "hidden": one.counts_people and shown is None,
        "people": one.counts_people,
        "rate": round(rate_of(one, amount, exposure), 4),
        "per": int(PER[one.exposure]),
        "exposure": one.exposure.value,
        "smallest_exposure": SMALLEST[one.exposure],
        "weight": one.weight,
        "half_rate": one.half_rate,
        "half_life_days": one.half_life_days,
        "settled_share": one.settled_share,
        "contribution": grid.row["contributions"].get(one.factor, 0.0),
        "before": None if before is None else before.get(one.factor, 0.0),
        "list": list_of(one, area, viewer),
        "items": _items(one, grid, amount),
    }


def list_of(one: FactorRule, area: AreaKey, viewer: Viewer) -> str | None:
    """The query that lists what counts; None where that is people, or cases that this role reads none of."""
    origins = {source.origin for source in one.sources}
    if origins == {Origin.places}:
        return f"/api/places?area={area.code}&factor={one.factor}"
    if Origin.cases in origins and may(viewer.role, Act.see_cases):
        return f"/api/cases?area={area.code}&factor={one.factor}"
    return None


def _items(one: FactorRule, grid: _Grid, amount: float) -> list[dict[str, Any]]:
    """What is behind an amount, share by share; nothing behind a count of people."""
    if one.counts_people:
        return []
    cases = [
        {"case_no": item["case_no"], "share": item["millionths"] / MILLIONTHS, "open": item["open"]}
        for item in grid.items.get(one.factor, ())
    ]
    places = [
        {"place": place["code"], "name": place["name"], "lon": place["lon"], "lat": place["lat"], "share": 1.0}
        for place in grid.places.get(one.factor, ())
    ]
    told = round(sum(round(item["share"] * MILLIONTHS) for item in (*cases, *places)))
    rest = round(amount * MILLIONTHS) - told
    return [*cases, *places, *([{"case_no": None, "share": rest / MILLIONTHS}] if rest > 0 else [])]


def _history(
    connection: Connection, area: AreaKey, rule: TierRule, viewer: Viewer, as_of: datetime | None
) -> list[dict[str, Any]]:
    """The latest evaluations that changed something, oldest first; `pushed` is the factor that moved the score most since the
    one before."""
    values = {"area": area.id, "as_of": as_of, "limit": HISTORY_SHOWN}
    rows = [dict(row) for row in connection.execute(load("list_tier_history"), values).mappings()][::-1]
    names = {one.factor: one.name(viewer.locale) for one in rule.factors}
    contributions = [row.pop("contributions") for row in rows]
    for at, row in enumerate(rows):
        row["pushed"] = most_pushed(contributions[at], contributions[at - 1], names) if at else None
    return rows


def most_pushed(
    now: dict[str, float], before: dict[str, float], names: dict[str, str], *, way: int = 0
) -> dict[str, Any] | None:
    """The factor whose contribution changed most, and by how much; up or down alone where `way` is 1 or -1. None where none
    changed so."""
    changes = {name: round(now.get(name, 0.0) - before.get(name, 0.0), 2) for name in sorted({*now, *before})}
    fitting = {name: by for name, by in changes.items() if by and by * way >= 0}
    if not fitting:
        return None
    factor = max(fitting, key=lambda name: abs(fitting[name]))
    return {"factor": factor, "name": names.get(factor, factor), "change": fitting[factor]}


def _override(row: dict[str, Any], viewer: Viewer, at: datetime) -> dict[str, Any] | None:
    if row["override_until"] is None or row["override_until"] <= at:
        return None
    return {
        "tier": row["tier"],
        "until": row["override_until"],
        "reason": row["override_reason"] if may(viewer.role, Act.see_case_text) else None,
        "by": row["override_by"],
        "at": row["override_at"],
        "computed": row["computed"],
    }


def _lower(grid: _Grid, viewer: Viewer) -> list[dict[str, Any]]:
    """Only who sees all the grid's cases is told: with a part of them the answer would be another."""
    state, numbers = _state(grid)
    if state is None:
        return []
    return [
        {
            "tier": one.tier.value,
            "score": one.score,
            **({"wait_days": one.wait_days} if one.wait_days is not None else {"settle": dict(one.settle)}),
            "cases": [numbers[at] for at in one.cases],
        }
        for one in lowerings(state, grid.rule)
    ]


def _state(grid: _Grid) -> tuple[GridState | None, list[str]]:
    cases: dict[str, tuple[float, bool, list[str]]] = {}
    seen: dict[str, int] = defaultdict(int)
    for factor, items in grid.items.items():
        for item in items:
            cases.setdefault(item["case_no"], (item["age_days"], not item["open"], []))[2].append(factor)
            seen[factor] += round(item["millionths"])
    standing = {}
    for one in grid.rule.factors:
        rest = round(float(grid.row["inputs"].get(one.factor) or 0.0) * MILLIONTHS) - seen[one.factor]
        only_cases = all(source.origin == Origin.cases for source in one.sources)
        if only_cases and rest != 0:
            return None, []
        standing[one.factor] = rest / MILLIONTHS
    computed = Tier(grid.row["computed"])
    counted = [Counted(age, settled, tuple(factors)) for age, settled, factors in cases.values()]
    return GridState(counted, standing, grid.row["exposures"], computed), list(cases)
