"""What a list of cases is narrowed to, as an address says it: the same for pages of it, its markers, files
and paper."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator

from data.queries.cases import CaseFilter
from rules import case_columns
from rules.errors import Problem
from rules.numbers import MAX_INT
from web.dependencies import (
    AreaQuery,
    Choice,
    EmptyIsNone,
    Flag,
    KindChoice,
    Moment,
    SeverityChoice,
    ViewerDep,
    Whole,
    Words,
)

Holder = Annotated[int | None, Query(ge=1, le=MAX_INT), Whole]
Box = Annotated[
    str | None, Query(max_length=120, pattern=r"^[0-9.,\-]*$", description="west,south,east,north"), EmptyIsNone
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
) -> CaseFilter:
    return CaseFilter(
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
    )


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
