"""Metrics: the catalogue, and the value of one."""

from __future__ import annotations

from typing import Any

from web.schemas.base import Outgoing, Page


class CatalogueEntry(Outgoing):
    name: str
    title: str
    definition: str
    numerator: str
    denominator: str | None
    basis: str
    period: str
    form: str
    minimum_n: int


CatalogueList = Page[CatalogueEntry]


class MetricUnit(Outgoing):
    code: str
    name: str
    value: float | None
    numerator: float | None
    denominator: int | None
    n: int
    lo: float | None
    hi: float | None
    ranked: bool
    list: dict[str, Any]


class MetricValue(Outgoing):
    metric: str
    area: str
    value: float | None
    numerator: float | None
    denominator: int | None
    n: int
    lo: float | None
    hi: float | None
    minimum_n: int
    list: dict[str, Any]
    by: list[MetricUnit] | None = None  # type: ignore[valid-type]


class ForecastAnswer(Outgoing):
    area: str
    skill: float | None
    shown: bool
    items: list[dict[str, Any]]
