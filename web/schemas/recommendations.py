"""Schemas of recommendations, and of the reasons for not following them."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, Field

from web.schemas.base import Outgoing, Page, Reason


class Part(Reason):
    points: float


class Recommendation(Outgoing):
    """A body that may take the case; `parts` add up to `score`, `below` says what puts it behind the one above."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    organisation: int
    name: str
    rank: int
    score: float
    parts: list[Part]
    below: Reason | None
    pro: list[Reason] = Field(alias="for")
    against: list[Reason]
    distance_m: float | None
    open_load: int
    capacity: int | None


class Unfit(Outgoing):
    organisation: int
    name: str
    failed: list[Reason]


class ReferUp(Outgoing):
    organisation: int
    name: str
    allowed: bool


class RecommendationList(Outgoing):
    """Without `items`, `unfit` has the conditions that failed for each, and `refer_up` the centre above."""

    items: list[Recommendation]
    next_cursor: str | None
    total: int
    unfit: list[Unfit]
    refer_up: ReferUp | None


class ChoiceCount(Outgoing):
    choice: str
    text: str
    category: str
    category_name: str
    organisation: int
    name: str
    n: int
    last_at: datetime


ChoiceList = Page[ChoiceCount]
