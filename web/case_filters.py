"""What a list of cases is narrowed to, as an address says it: the same for pages of it, files and paper."""

from __future__ import annotations

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
    reported_from: Moment = None,
    unlocated: Flag = None,
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
        reported_from=reported_from,
        sort=sort,
    )


Listed = Annotated[CaseFilter, Depends(case_filter)]


def columns_of(columns: str | None) -> tuple[str, ...]:
    """The facts that are written of these columns; all of them when none is named."""
    return case_columns.written(columns.split(",")) if columns else case_columns.WRITTEN
