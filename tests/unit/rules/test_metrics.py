"""The catalogue of metrics: each says in words what it counts and opens the list of exactly that."""

from __future__ import annotations

import pytest

from rules.cases import STATUS_SETS
from rules.metrics import METRICS, Basis

PERIODS = {Basis.month: "$month", Basis.today: "$day", Basis.since: "$since"}


def test_the_counts_of_a_summary_are_there():
    assert set(METRICS) >= {"open", "waiting", "overdue", "to_file", "unlocated", "settled_month", "new_today"}


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_opens_a_list_over_its_own_period(name: str):
    metric = METRICS[name]
    assert metric.name == name and metric.list_filter
    assert metric.text_key == f"metric.{name}"
    status = metric.list_filter.get("status")
    assert status is None or status in {*STATUS_SETS, "overdue"}
    starts = [value for value in metric.list_filter.values() if value.startswith("$")]
    assert starts == ([PERIODS[metric.basis]] if metric.basis in PERIODS else [])
