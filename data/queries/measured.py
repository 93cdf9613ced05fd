"""The value of a metric with what it is made of: for an area, and per child area, body or month.

Units with fewer cases than the metric's minimum are told with their interval and are not ranked; nothing here is in an order
of merit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
from sqlalchemy import Connection

from analysis.durations import Length, mean_of, quantile_of
from analysis.rates import funnel_of_shares, shrunk_shares, wilson
from data.queries import areas, cases, measures
from data.queries.areas import AreaKey
from data.queries.cases import CaseFilter
from data.queries.measures import Period, Tally
from data.queries.summaries import day_start, month_start
from rules.access import Viewer
from rules.errors import Problem
from rules.metrics import COUNTS, METRICS, Form, Metric, Part
from rules.sla import SlaPolicy

BY = ("area", "body", "month")


@dataclass(frozen=True)
class Asked:
    """Which metric of which area in which period, and how finely."""

    name: str
    area: str
    since: datetime | None = None
    until: datetime | None = None
    by: str | None = None


@dataclass(frozen=True)
class _Unit:
    """A unit with the area of its lists and the query that narrows them to it."""

    code: str
    name: str
    tally: Tally
    period: Period
    area: str
    narrowed: dict[str, str] = field(default_factory=dict)


def answer(connection: Connection, asked: Asked, viewer: Viewer, *, now: datetime, sla: SlaPolicy) -> dict[str, Any]:
    """Raises Problem not_found (metric, area) and invalid (period, by)."""
    if asked.name not in METRICS:
        raise Problem("not_found")
    if asked.by is not None and asked.by not in BY:
        raise Problem("invalid", field="by", value=asked.by)
    area = areas.key(connection, asked.area)
    if asked.name in COUNTS:
        return _count(connection, asked, area, viewer, now)
    metric, period = METRICS[asked.name], measures.period(area, asked.since, asked.until, now)
    whole = measures.tallies(connection, metric, area, period, sla).get("", Tally())
    found = {"metric": metric.name, "form": metric.form, "area": area.code, "from": period.since, "to": period.until}
    found |= {"minimum_n": metric.minimum_n, **told(metric, whole), "list": _lists(metric, area.code, period, {})}
    if asked.by is None:
        return found
    units = _units(connection, metric, area, period, sla, asked.by, viewer.locale)
    return found | {"by": by_unit(metric, units, compared=asked.by != "month")}


def _count(connection: Connection, asked: Asked, area: AreaKey, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """A count as of now, by the list that it opens. It has no period of its own choice."""
    for name, value in (("from", asked.since), ("to", asked.until), ("by", asked.by)):
        if value is not None:
            raise Problem("invalid", field=name, value=value)
    wanted = count_query(METRICS[asked.name], area, now)
    number = cases.page(connection, replace(_filter(wanted, area.code), limit=1), now, viewer)["total"]
    query = "/api/cases?" + urlencode({"area": area.code, **_written(wanted)})
    lists = {"numerator": query, "denominator": None}
    values = {"value": number, "numerator": number, "denominator": None, "n": number, "lo": None, "hi": None}
    return {"metric": asked.name, "form": Form.cases, "area": area.code, "as_of": now, "minimum_n": 0, **values, "list": lists}


def count_query(metric: Metric, area: AreaKey, now: datetime) -> dict[str, Any]:
    """The query of a count, with its moments in place."""
    day = day_start(now, area.zone)
    yesterday = day_start(day - timedelta(hours=12), area.zone)
    moments = {"$month": month_start(now, area.zone), "$day": day, "$since": yesterday.replace(hour=8)}
    return {name: moments.get(value, value) for name, value in metric.list_filter.items()}


def _filter(query: dict[str, Any], area: str) -> CaseFilter:
    return CaseFilter(area=area, **{name: value == "1" if name == "unlocated" else value for name, value in query.items()})


def _written(query: dict[str, Any]) -> dict[str, str]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in query.items()}


def told(metric: Metric, tally: Tally) -> dict[str, Any]:
    """Value with interval (90 %); null of nothing."""
    sizes = {"denominator": tally.n, "n": tally.n, "ranked": tally.n >= metric.minimum_n}
    if metric.form == Form.days:
        length = _length(metric, tally)
        total = round(sum(tally.days), 6) if metric.quantile is None else None
        values = (None, None, None) if length is None else (length.value, length.lo, length.hi)
        return {**_rounded(*values), "numerator": total, **sizes}
    share = tally.good / tally.n if tally.n else None
    span = wilson(tally.good, tally.n)
    lo, hi = (float(span.lo), float(span.hi)) if tally.n else (None, None)
    return {**_rounded(share, lo, hi), "numerator": tally.good, **sizes}


def _length(metric: Metric, tally: Tally) -> Length | None:
    return mean_of(tally.days) if metric.quantile is None else quantile_of(tally.days, metric.quantile)


def _rounded(value: float | None, lo: float | None, hi: float | None) -> dict[str, float | None]:
    return {name: None if one is None else round(one, 6) for name, one in (("value", value), ("lo", lo), ("hi", hi))}


def _lists(metric: Metric, code: str, period: Period, narrowed: dict[str, str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for part in Part:
        query = metric.list_of(part, period.since, period.until)
        found[part.value] = "/api/cases?" + urlencode({"area": code, **query, **narrowed}) if query else None
    return found


def _units(
    connection: Connection, metric: Metric, area: AreaKey, period: Period, sla: SlaPolicy, by: str, locale: str
) -> list[_Unit]:
    if by == "month":
        return _months(connection, metric, area, period, sla)
    tallies = measures.tallies(connection, metric, area, period, sla, by=by)
    if by == "area":
        return _children(connection, area, tallies, period, locale)
    names = measures.bodies(connection, [int(unit) for unit in tallies], locale)
    found = [
        _Unit(unit, names[int(unit)], tally, period, area.code, {"metric_body": unit})
        for unit, tally in tallies.items()
        if int(unit) in names
    ]
    return sorted(found, key=lambda one: (one.name, one.code))


def _months(connection: Connection, metric: Metric, area: AreaKey, period: Period, sla: SlaPolicy) -> list[_Unit]:
    tallies = measures.tallies(connection, metric, area, period, sla, by="month")
    return [_Unit(name, name, tallies.get(name, Tally()), cut, area.code) for name, cut in measures.months_of(period, area)]


def _children(
    connection: Connection, area: AreaKey, tallies: dict[str, Tally], period: Period, locale: str
) -> list[_Unit]:
    """Every child area, also one without a case; last the cases that are known by the area alone."""
    below = areas.children(connection, area, locale=locale)
    found = [_Unit(one["code"], one["name"], tallies.get(one["code"], Tally()), period, one["code"]) for one in below]
    rest = tallies.get("")
    if rest is not None and not area.leaf:
        found.append(_Unit("", "", rest, period, area.code, {"unlocated": "1"}))
    return found


def by_unit(metric: Metric, units: Sequence[_Unit], *, compared: bool) -> list[dict[str, Any]]:
    """Each unit; shares of units beside each other also shrunk, with where they stand in the funnel."""
    items = [_item(metric, one) for one in units]
    if compared and metric.form == Form.share and units:
        _compare(items, [one.tally for one in units])
    return items


def _item(metric: Metric, one: _Unit) -> dict[str, Any]:
    lists = _lists(metric, one.area, one.period, one.narrowed)
    return {"code": one.code, "name": one.name, **told(metric, one.tally), "list": lists}


def _compare(items: list[dict[str, Any]], tallies: Sequence[Tally]) -> None:
    good, n = (np.array([getattr(one, name) for one in tallies], dtype=float) for name in ("good", "n"))
    shrunk, funnel = shrunk_shares(good, n), funnel_of_shares(good, n)
    for place, item in enumerate(items):
        item["shrunk"] = _rounded(float(shrunk.value[place]), float(shrunk.lo[place]), float(shrunk.hi[place]))
        limits = {
            name: [round(float(limit.lo[place]), 6), round(float(limit.hi[place]), 6)]
            for name, limit in (("warning", funnel.warning), ("alarm", funnel.alarm))
        }
        item |= {"target": round(funnel.target, 6), **limits, "outside": int(funnel.outside[place]) if item["ranked"] else 0}
