"""Targeted remediations and their effect."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from rules.cases import Kind
from web.schemas.base import Incoming, Outgoing, Page


class RemediationForm(Incoming):
    """`people`: posts, never names. `kinds`: of the cases that it is about; disputes, incidents and hazards by default."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    areas: list[str] = Field(min_length=1, max_length=1000)
    goal: str = Field(max_length=2000)
    measures: list[str] = Field(default_factory=list, max_length=100)
    people: list[str] = Field(default_factory=list, max_length=100)
    begins: date = Field(alias="from")
    ends: date = Field(alias="to")
    checklist: list[str] = Field(default_factory=list, max_length=100)
    kinds: list[Kind] | None = None


class NoteForm(Incoming):
    """`done`: positions of the checklist, from 0."""

    note: str = Field(max_length=8000)
    done: list[int] = Field(default_factory=list, max_length=100)


class ClosingForm(Incoming):
    note: str = Field(max_length=8000)


class Remediation(Outgoing):
    id: int
    areas: list[str]
    goal: str
    measures: list[str]
    people: list[str]
    kinds: list[str]
    checklist: list[dict[str, Any]]
    state: str
    created_at: datetime
    closed_at: datetime | None
    closing: str | None


RemediationList = Page[Remediation]
