"""Measures of a period: shares and lengths of time, in all, per child area, body or month.

What is counted and what a list of /api/cases shows come from the same statement (`rows` of rules/metrics.py), so that every
number is as long as its list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from data.queries.areas import CHILD_PLACE, AreaKey
from data.sql import load
from rules.cases import Kind, Severity
from rules.errors import Fault, Problem, unfit
from rules.metrics import MEASURES, SELF_DISCOVERED, Metric, Part
from rules.sla import SlaPolicy, Step, deadline

#: Years that one period may have.
LONGEST_YEARS = 10


@dataclass(frozen=True)
class Period:
    """From its first moment up to before its last."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Tally:
    """Of one unit: `n` cases, `good` of them in the numerator, and how long they took."""

    n: int = 0
    good: int = 0
    days: tuple[float, ...] = ()


def period(area: AreaKey, since: datetime | None, until: datetime | None, now: datetime) -> Period:
    """The period asked for, up to now; three months (the present one included) when nothing is said.

    Raises Problem invalid for one that begins in the future, ends before it begins, ends after today, or is too long.
    """
    present = now.astimezone(UTC).replace(microsecond=0)
    local = present.astimezone(area.zone).replace(hour=0, minute=0, second=0)
    first = since or _months_before(min(until or present, present).astimezone(area.zone), 2)
    last = until or present
    faults = []
    if first >= present:
        faults.append(Fault("from", "period_ahead"))
    elif last <= first:
        faults.append(Fault("to", "period_reversed"))
    elif last > local + timedelta(days=1):
        faults.append(Fault("to", "period_ahead"))
    elif last - first > timedelta(days=366 * LONGEST_YEARS):
        faults.append(Fault("from", "period_long", {"years": LONGEST_YEARS}))
    if faults:
        raise unfit(faults)
    return Period(first.astimezone(UTC).replace(microsecond=0), min(last, present).astimezone(UTC))


def _months_before(at: datetime, months: int) -> datetime:
    index = at.year * 12 + at.month - 1 - months
    return at.replace(year=index // 12, month=index % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def measure(name: str) -> Metric:
    """Raises Problem not_found."""
    if name not in MEASURES:
        raise Problem("not_found")
    return MEASURES[name]


def clause(metric: Metric, part: Part) -> str:
    """The condition of a list on `cases c`; its parameters are those of `values`, and `metric_body`."""
    fold = "bool_or" if metric.any_act else "bool_and"
    having = f" HAVING {fold}(m.good)" if part == Part.numerator else ""
    body = "(CAST(:metric_body AS int) IS NULL OR m.body = CAST(:metric_body AS int))"
    numbers = f"SELECT m.case_no FROM ({load(metric.rows).text}) m WHERE {body} GROUP BY m.case_no{having}"
    # an array is made once; a join could count anew for each case of the area
    return f"c.case_no IN (SELECT unnest(ARRAY({numbers})))"


def values(since: datetime, until: datetime, late: Sequence[int] = ()) -> dict[str, Any]:
    """The parameters of the statements, beside those of the area."""
    return {"metric_from": since, "metric_to": until, "late": list(late), "found_by": list(SELF_DISCOVERED)}


def late_signings(connection: Connection, area: AreaKey, asked: Period, sla: SlaPolicy) -> tuple[int, ...]:
    """The signatures of a period that came after their clock, by their number in the trace: deadlines are projections of the
    trace by the limits and the calendar of now, which SQL does not know."""
    found = connection.execute(load("list_signings"), area.range() | values(asked.since, asked.until))
    return tuple(
        row.seq
        for row in found
        if row.handed is not None and row.at > deadline(Step.sign, Kind(row.kind), Severity(row.severity), row.handed, sla)
    )


def tallies(
    connection: Connection, metric: Metric, area: AreaKey, asked: Period, sla: SlaPolicy, *, by: str = "all"
) -> dict[str, Tally]:
    """By unit: code of the child area ('' for cases that hang on the area itself), number of the body, or month (YYYY-MM)."""
    late = late_signings(connection, area, asked, sla) if metric.rows == "measure_signings" else ()
    statement = f"WITH acts AS ({load(metric.rows).text}) {load('sum_measure').text}"
    named = area.range() | values(asked.since, asked.until, late)
    named |= {"by": by, "any_act": metric.any_act, "place": area.depth + CHILD_PLACE}
    return {row.unit: Tally(row.n, row.good, tuple(row.days or ())) for row in connection.execute(text(statement), named)}


def months_of(asked: Period, area: AreaKey) -> list[tuple[str, Period]]:
    """The local months of a period, the first and the last cut to it."""
    found, at = [], _months_before(asked.since.astimezone(area.zone), 0)
    while at < asked.until:
        after = _months_before(at, -1)
        cut = Period(max(at, asked.since).astimezone(UTC), min(after, asked.until).astimezone(UTC))
        found.append((f"{at:%Y-%m}", cut))
        at = after
    return found


def bodies(connection: Connection, numbers: Sequence[int], locale: str) -> dict[int, str]:
    """The names of bodies."""
    question = text("SELECT id, coalesce(names ->> :locale, name) AS name FROM organisation WHERE id = ANY (:numbers)")
    rows = connection.execute(question, {"numbers": list(numbers), "locale": locale})
    return {row.id: row.name for row in rows}
