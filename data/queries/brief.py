"""The morning brief: what the last 24 hours before a moment brought to an area, what is unusual first.

Sentences are keys with numbers; each number has the query that lists it. dashboard/words/brief.py puts them into words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
from sqlalchemy import Connection

from analysis.rates import UsualRange, usual_range
from data.queries import areas, categories, measures
from data.queries.areas import AreaKey
from data.queries.cases import CaseFilter, page
from data.queries.measures import Period, Tally
from data.sql import load
from rules.access import Viewer
from rules.errors import Fault, unfit
from rules.metrics import METRICS, Part
from rules.sla import SlaPolicy

DAY = timedelta(days=1)
WEEKS, FEWEST_DAYS, MOST = 12, 28, 8
#: A category or a part of the area is named where chance alone brings as many once in a hundred days.
RARE, FEWEST_NAMED = 0.01, 3
#: A brief of so long ago at most is one of now, whose counts of the present are told too.
PRESENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Sentence:
    """`key` of its words, `numbers`: value and list by name, `values`: what else it says. The less likely come first."""

    key: str
    numbers: dict[str, dict[str, Any]]
    values: dict[str, Any] = field(default_factory=dict)
    unusual: bool = False
    chance: float = 1.0


@dataclass(frozen=True)
class Brief:
    area: str
    name: str
    since: datetime
    until: datetime
    sentences: list[Sentence]


@dataclass(frozen=True)
class _Asked:
    connection: Connection
    viewer: Viewer
    key: AreaKey
    period: Period
    now: datetime
    sla: SlaPolicy

    def number(self, value: int, **query: str) -> dict[str, Any]:
        return {"value": value, "list": "/api/cases?" + urlencode({"area": self.key.code, **query})}


def brief(
    connection: Connection, area: str, at: datetime | None, viewer: Viewer, *, now: datetime, sla: SlaPolicy
) -> Brief:
    """Raises Problem not_found (area) and invalid (a moment in the future)."""
    key, name = _area(connection, area, viewer)
    present = now.astimezone(UTC).replace(microsecond=0)
    until = (at or present).astimezone(UTC).replace(microsecond=0)
    if until > present:
        raise unfit([Fault("at", "moment_ahead")])
    asked = _Asked(connection, viewer, key, Period(until - DAY, until), present, sla)
    said = [*_inflow(asked), *_work(asked)]
    if present - until <= PRESENT:
        said.append(_present(asked))
    said.sort(key=lambda one: (not one.unusual, one.chance if one.unusual else 0))
    return Brief(key.code, name, until - DAY, until, said[:MOST])


def _area(connection: Connection, code: str, viewer: Viewer) -> tuple[AreaKey, str]:
    key, shape = areas.find_with_key(connection, code, locale=viewer.locale)
    return key, shape["name"]


@dataclass(frozen=True)
class _Days:
    """Counts of the days before the one that is told (`before`, oldest first), and of that day."""

    before: np.ndarray
    day: int
    known: int

    @property
    def usual(self) -> UsualRange | None:
        """None where less than four weeks are known."""
        weeks = min(self.known // 7, WEEKS)
        return usual_range(self.before[len(self.before) - weeks * 7 :]) if weeks * 7 >= FEWEST_DAYS else None


class _Counts:
    """Days of the area, by what happened, category and child."""

    def __init__(self, asked: _Asked) -> None:
        days = WEEKS * 7
        values: dict[str, Any] = {"at": asked.period.until, "first": asked.period.until - (days + 1) * DAY}
        values |= asked.key.range() | {"place": asked.key.depth + areas.CHILD_PLACE}
        self.rows = asked.connection.execute(load("count_days"), values).all()
        self.known = max((row.back for row in self.rows), default=0)

    def of(self, what: str, **only: str) -> _Days:
        table = np.zeros(WEEKS * 7 + 1)
        for row in self.rows:
            if row.what == what and all(getattr(row, name) == value for name, value in only.items()):
                table[row.back] += row.n
        return _Days(table[:0:-1], int(table[0]), self.known)

    def found(self, name: str) -> list[str]:
        """The categories, or children, of the day."""
        return sorted({getattr(row, name) for row in self.rows if row.what == "reported" and row.back == 0} - {""})


def _inflow(asked: _Asked) -> list[Sentence]:
    counts = _Counts(asked)
    found = [
        _counted(asked, what, counts.of(what), {f"{what}_from": _at(asked.period.since), f"{what}_to": _at(asked.period.until)})
        for what in ("reported", "settled")
    ]
    return [*found, *_named(asked, counts), *_grave(asked)]


def _at(moment: datetime) -> str:
    return moment.isoformat()


def _counted(asked: _Asked, what: str, days: _Days, query: dict[str, str]) -> Sentence:
    """A count of the day beside the usual range of its weekday."""
    numbers = {"n": asked.number(days.day, **query)}
    usual = days.usual
    if usual is None:
        return Sentence(f"{what}.unknown", numbers)
    lo, hi = int(usual.lo[0]), int(usual.hi[0])
    way = int(usual.unusual([days.day])[0])
    above = float(usual.chance_of_as_many([days.day])[0])
    chance = above if way > 0 else 1 - float(usual.chance_of_as_many([days.day + 1])[0])
    key = f"{what}.{('below', 'usual', 'above')[way + 1]}"
    return Sentence(key, numbers, {"lo": lo, "hi": hi, "weekday": asked.period.since}, way != 0, chance)


def _named(asked: _Asked, counts: _Counts) -> list[Sentence]:
    """The category and the part of the area that stand out most, if any does."""
    names = {one["code"]: one["name"] for one in categories.case_categories(asked.connection, locale=asked.viewer.locale)}
    children = {one["code"]: one["name"] for one in areas.children(asked.connection, asked.key, locale=asked.viewer.locale)}
    found = []
    for kind, known in (("category", names), ("child", children)):
        best = min(filter(None, (_rare(asked, counts, kind, code, known) for code in counts.found(kind))), default=None,
                   key=lambda one: one.chance)  # fmt: skip
        found += [best] if best is not None else []
    return found


def _rare(asked: _Asked, counts: _Counts, kind: str, code: str, known: dict[str, str]) -> Sentence | None:
    days = counts.of("reported", **{kind: code})
    usual = days.usual
    if usual is None or days.day < FEWEST_NAMED or code not in known:
        return None
    chance = float(usual.chance_of_as_many([days.day])[0])
    if chance >= RARE:
        return None
    query = {"category": code} if kind == "category" else {"area": code}
    period = {"reported_from": _at(asked.period.since), "reported_to": _at(asked.period.until)}
    number = asked.number(days.day, **period, **query)
    return Sentence(f"{kind}.above", {"n": number}, {"name": known[code], "hi": int(usual.hi[0])}, True, chance)


def _grave(asked: _Asked) -> list[Sentence]:
    since, until = asked.period.since, asked.period.until
    wanted = CaseFilter(area=asked.key.code, severity="grave", reported_from=since, reported_to=until, limit=1)
    number = page(asked.connection, wanted, asked.now, asked.viewer)["total"]
    query = {"severity": "grave", "reported_from": _at(since), "reported_to": _at(until)}
    # a grave case is never in the usual course of things
    return [Sentence("grave", {"n": asked.number(number, **query)}, unusual=True, chance=0.005)] if number else []


def _work(asked: _Asked) -> list[Sentence]:
    """How the work of the day went: signed, mediated, settled at once, returned, come back. Nothing of what there was not."""
    found = []
    for name in ("on_time_signing", "first_mediation_success", "one_time_settlement", "return_rate", "repeat_rate"):
        metric = METRICS[name]
        tally = measures.tallies(asked.connection, metric, asked.key, asked.period, asked.sla).get("", Tally())
        if not tally.n or (metric.name in ("return_rate", "repeat_rate") and not tally.good):
            continue
        parts = {
            part: asked.number(value, **metric.list_of(part, asked.period.since, asked.period.until))
            for part, value in ((Part.denominator, tally.n), (Part.numerator, tally.good))
        }
        found.append(Sentence(name, {"n": parts[Part.denominator], "good": parts[Part.numerator]}))
    return found


def _present(asked: _Asked) -> Sentence:
    numbers = {}
    for name in ("open", "waiting", "overdue"):
        wanted = CaseFilter(area=asked.key.code, status=name, limit=1)
        total = page(asked.connection, wanted, asked.now, asked.viewer)["total"]
        numbers[name] = asked.number(total, status=name)
    return Sentence("present", numbers)
