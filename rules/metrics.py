"""The catalogue of metrics: every number on a screen, its period, and the list that it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Basis(StrEnum):
    now = "now"
    today = "today"
    since = "since"
    month = "month"


@dataclass(frozen=True)
class Metric:
    """`list_filter`: the query of /api/cases whose total equals the number. `$month` and `$day` stand for the first
    moment of the period in the deployment's time zone, `$since` for yesterday at 08:00. `denominator_key`: what a rate is of;
    None for a count."""

    name: str
    basis: Basis
    list_filter: Mapping[str, str] = field(default_factory=dict)
    denominator_key: str | None = None

    @property
    def text_key(self) -> str:
        return f"metric.{self.name}"


_CATALOGUE = (
    Metric("open", Basis.now, {"status": "open"}),
    Metric("waiting", Basis.now, {"status": "waiting"}),
    Metric("overdue", Basis.now, {"status": "overdue"}),
    Metric("to_file", Basis.now, {"status": "to_file"}),
    Metric("unlocated", Basis.now, {"status": "open", "unlocated": "1"}),
    Metric("settled_month", Basis.month, {"settled_from": "$month"}),
    Metric("new_today", Basis.today, {"reported_from": "$day"}),
    Metric("new_since", Basis.since, {"reported_from": "$since"}),
    Metric("settled_since", Basis.since, {"settled_from": "$since"}),
    Metric("overdue_since", Basis.since, {"status": "overdue", "due_from": "$since"}),
)
METRICS: dict[str, Metric] = {metric.name: metric for metric in _CATALOGUE}
