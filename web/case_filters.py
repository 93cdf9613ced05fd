"""What a list of cases is narrowed to, as an address says it: the same for pages of it, its markers, files
and paper."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import AfterValidator

from data.queries import areas, measures
from data.queries.cases import CaseFilter
from data.services import Services
from rules import case_columns
from rules.access import Act, Viewer, may
from rules.errors import Problem
from rules.metrics import MEASURES
from rules.numbers import MAX_INT
from web.dependencies import (
    AreaQuery,
    Choice,
    EmptyIsNone,
    Flag,
    KindChoice,
    Moment,
    ServicesDep,
    SeverityChoice,
    ViewerDep,
    Whole,
    Words,
)

Holder = Annotated[int | None, Query(ge=1, le=MAX_INT), Whole]
Box = Annotated[
    str | None, Query(max_length=120, pattern=r"^[0-9.,\-]*$", description="west,south,east,north"), EmptyIsNone
]

PartChoice = Annotated[Literal["numerator", "denominator"] | None, Query(), EmptyIsNone]


#: Numbers of cases that one address may name.
MOST_CASES = 200


def _numbers(value: str | None) -> str | None:
    if value is None:
        return None
    numbers = value.split(",")
    if len(numbers) > MOST_CASES or not all(0 < len(one) <= 64 and one.isprintable() for one in numbers):
        raise ValueError("is not a list of up to 200 numbers of cases")
    return value


Numbers = Annotated[
    str | None, Query(max_length=8000, description="numbers of cases, parted by commas"), AfterValidator(_numbers), EmptyIsNone
]


def _columns(value: str | None) -> str | None:
    try:
        return value and ",".join(case_columns.checked(value.split(",")))
    except Problem as problem:
        raise ValueError("holds an unknown column, or one twice") from problem


#: Names of rules/case_columns.py, parted by commas, in the order wanted.
Columns = Annotated[str | None, Query(max_length=300), AfterValidator(_columns), EmptyIsNone]


def case_filter(
    viewer: ViewerDep,
    services: ServicesDep,
    area: AreaQuery = None,
    status: Choice = None,
    kind: KindChoice = None,
    overdue: Flag = None,
    q: Words = None,
    sort: Choice = None,
    category: Choice = None,
    severity: SeverityChoice = None,
    holder: Holder = None,
    settled_from: Moment = None,
    settled_to: Moment = None,
    reported_from: Moment = None,
    reported_to: Moment = None,
    due_from: Moment = None,
    box: Box = None,
    unlocated: Flag = None,
    factor: Choice = None,
    cluster: Holder = None,
    metric: Choice = None,
    part: PartChoice = None,
    metric_from: Moment = None,
    metric_to: Moment = None,
    metric_body: Holder = None,
    cases: Numbers = None,
) -> CaseFilter:
    wanted = CaseFilter(
        area=area or viewer.area_code,
        status=status,
        kind=kind,
        category=category,
        severity=severity,
        overdue=bool(overdue),
        unlocated=bool(unlocated),
        holder=holder,
        q=q,
        settled_from=settled_from,
        settled_to=settled_to,
        reported_from=reported_from,
        reported_to=reported_to,
        due_from=due_from,
        box=None if box is None else _corners(box),
        sort=sort,
        factor=factor,
        cluster=cluster,
        metric=metric,
        part=part,
        metric_from=metric_from,
        metric_to=metric_to,
        metric_body=metric_body,
        cases=None if cases is None else tuple(cases.split(",")),
    )
    return _judged(services, viewer, wanted)


def _judged(services: Services, viewer: Viewer, wanted: CaseFilter) -> CaseFilter:
    """With the late signatures of the period, where they decide what is listed. Raises Problem invalid for an unknown measure."""
    if wanted.metric is not None and wanted.metric not in MEASURES:
        raise Problem("invalid", field="metric", value=wanted.metric)
    if wanted.metric is None or MEASURES[wanted.metric].rows != "measure_signings" or not may(viewer.role, Act.see_cases):
        return wanted
    if wanted.metric_from is None or wanted.metric_to is None:
        return wanted
    with services.database.reading(viewer) as connection:
        key = areas.key(connection, wanted.area)
        asked = measures.Period(wanted.metric_from, wanted.metric_to)
        return replace(wanted, late=measures.late_signings(connection, key, asked, services.sla))


def _corners(words: str) -> tuple[float, float, float, float]:
    """Raises Problem invalid for what is not four numbers."""
    try:
        west, south, east, north = map(float, words.split(","))
    except ValueError as error:
        raise Problem("invalid", field="box", value="") from error
    if not all(map(math.isfinite, (west, south, east, north))):
        raise Problem("invalid", field="box", value="")
    return west, south, east, north


Listed = Annotated[CaseFilter, Depends(case_filter)]


def columns_of(columns: str | None) -> tuple[str, ...]:
    """The facts that are written of these columns; all of them when none is named."""
    return case_columns.written(columns.split(",")) if columns else case_columns.WRITTEN
