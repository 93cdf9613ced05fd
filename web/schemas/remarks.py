"""Schemas of remarks on several cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StrictInt

from rules.mediation import Supervision
from rules.moves import REMARKS
from rules.numbers import MAX_INT
from web.schemas.base import Incoming, Outgoing, Page, Word, clean_text
from web.schemas.cases import one_of
from web.schemas.desk import Number
from web.schemas.problems import ProblemDocument

Remark = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z_]+$", json_schema_extra=one_of(REMARKS))]


class RemarkPreviewForm(Incoming):
    move: Remark
    cases: Annotated[list[Number], Field(min_length=1, max_length=200)]


class RemarkedCase(Incoming):
    """`version`: the one that was seen."""

    case_no: Number
    version: Annotated[StrictInt, Field(ge=1, le=MAX_INT)]


class RemarkForm(Incoming):
    """`form`: of a supervision."""

    move: Remark
    items: Annotated[list[RemarkedCase], Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(max_length=500), AfterValidator(clean_text)] | None = None
    form: Annotated[Word, Field(json_schema_extra=one_of(Supervision))] | None = None


class RemarkPlan(Outgoing):
    case_no: str
    title: str
    version: int
    holder: str
    due_at: datetime | None
    clock: str | None
    problem: ProblemDocument | None


class RemarkPlanList(Page[RemarkPlan]):
    pass
