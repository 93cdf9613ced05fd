"""The catalogue of metrics: each says in words what it counts and opens the list of exactly that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analysis import rates
from rules.cases import STATUS_SETS
from rules.metrics import COUNTS, MEASURES, METRICS, MINIMUM_N, Basis, Form, Part

PERIODS = {Basis.month: "$month", Basis.today: "$day", Basis.since: "$since"}


def test_the_counts_of_a_summary_are_there():
    assert set(METRICS) >= {"open", "waiting", "overdue", "to_file", "unlocated", "settled_month", "new_today"}


@pytest.mark.parametrize("name", COUNTS)
def test_a_metric_opens_a_list_over_its_own_period(name: str):
    metric = METRICS[name]
    assert metric.name == name and metric.list_filter
    assert metric.text_key == f"metric.{name}"
    status = metric.list_filter.get("status")
    assert status is None or status in {*STATUS_SETS, "overdue"}
    starts = [value for value in metric.list_filter.values() if value.startswith("$")]
    assert starts == ([PERIODS[metric.basis]] if metric.basis in PERIODS else [])


def test_the_smallest_number_that_is_ranked_is_that_of_the_statistics():
    assert MINIMUM_N == rates.MINIMUM_N and all(one.minimum_n == MINIMUM_N for one in MEASURES.values())


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_opens_the_lists_of_what_it_counts(name: str):
    metric = MEASURES[name]
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    lists = {part: metric.list_of(part, since, until) for part in Part}
    assert lists[Part.denominator]["metric"] == name and lists[Part.denominator]["part"] == "denominator"
    assert bool(lists[Part.numerator]) == (metric.form == Form.share)
