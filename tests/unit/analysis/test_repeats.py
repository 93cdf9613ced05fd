"""Chains of repeats against a search that looks at every pair."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import repeats as module
from analysis.repeats import EARTH_M, distance, repeats

# a degree of longitude is 102 km here
LON, LAT = 101.0, 22.0
STEP = 0.0006


def metres(a: tuple, b: tuple) -> float:
    lon, lat, to_lon, to_lat = (radians(value) for value in (*a[:2], *b[:2]))
    square = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(square))


def slow(rows: list[tuple], within: float, days: float) -> tuple[set[tuple[int, ...]], list[bool]]:
    group, repeat = list(range(len(rows))), [False] * len(rows)
    for j, later in enumerate(rows):
        for i, earlier in enumerate(rows):
            ended, same = earlier[4], earlier[2] == later[2]
            known = all(value == value for value in (*earlier[:2], *later[:2], ended))
            if i == j or not (known and same and later[3] - days <= ended <= later[3]):
                continue
            if metres(earlier, later) <= within:
                repeat[j] = True
                group = [group[i] if one == group[j] else one for one in group]
    sets = (tuple(row for row, one in enumerate(group) if one == each) for each in set(group))
    return {one for one in sets if len(one) > 1}, repeat


def found(rows: list[tuple], within: float = 200.0, days: float = 90.0):
    columns = [np.array(column) for column in zip(*rows, strict=True)] if rows else [np.zeros(0)] * 5
    return repeats(*columns, metres=within, days=days)


def case(east: float = 0, north: float = 0, category: int = 0, reported: float = 0, took: float = 5) -> tuple:
    return LON + east * STEP, LAT + north * STEP, category, reported, reported + took


cases = st.builds(
    case,
    st.integers(0, 8) | st.just(float("nan")),
    st.integers(0, 8),
    st.integers(0, 1),
    st.integers(0, 200),
    st.integers(0, 60) | st.just(float("nan")),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(cases, max_size=40), st.sampled_from([1, 70, 200, 450]), st.sampled_from([0, 10, 90]))
@example([case(reported=3, took=0), case(reported=3, took=0)], 200, 0)
def test_it_is_what_a_look_at_every_pair_finds(rows: list[tuple], within: float, days: float):
    chains, repeat = slow(rows, within, days)
    told = found(rows, within, days)
    assert {tuple(sorted(one.rows)) for one in told.chains} == chains
    assert told.repeats.tolist() == repeat
    for one in told.chains:
        assert one.span_m == pytest.approx(max(metres(rows[a], rows[b]) for a in one.rows for b in one.rows), abs=1e-3)
        reports = [rows[row][3] for row in one.rows]
        assert one.span_days == max(reports) - min(reports) and reports == sorted(reports)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-0.004, 0.004), st.floats(-0.004, 0.004), st.integers(0, 120)), min_size=2, max_size=30
    ),
    st.sampled_from([(179.9999, -16.0), (-180.0, 66.0), (0.0, 0.0), (23.7, 78.2), (-71.06, 42.36)]),
)
def test_anywhere_on_earth(moves: list[tuple], at: tuple[float, float]):
    turned = [((at[0] + lon + 180) % 360 - 180, at[1] + lat, 0, day, day + 3) for lon, lat, day in moves]
    chains, repeat = slow(turned, 200, 90)
    told = found(turned)
    assert {tuple(sorted(one.rows)) for one in told.chains} == chains and told.repeats.tolist() == repeat


def test_what_counts_as_a_repeat():
    first = case()
    told = [
        found([first, case(reported=95)]),
        found([first, case(reported=96)]),
        found([first, case(reported=4)]),
        found([first, case(reported=20, category=1)]),
        found([first, case(reported=20, east=3)]),
        found([first, case(reported=20, east=4)]),
        found([case(took=float("nan")), case(reported=20)]),
    ]
    assert [len(one.chains) for one in told] == [1, 0, 0, 0, 1, 0, 0]
    assert told[0].repeats.tolist() == [False, True] and told[0].chains[0].span_days == 95


def test_a_chain_may_be_longer_than_what_one_repeat_may_be():
    told = found([case(east=2 * n, reported=60 * n) for n in range(6)])
    assert told.chains[0].rows == (0, 1, 2, 3, 4, 5) and told.chains[0].span_days == 300
    assert told.chains[0].span_m == pytest.approx(10 * STEP * 111_195 * cos(radians(LAT)), rel=1e-3)


def test_the_longest_chain_comes_first():
    told = found([case(), case(reported=9), *(case(east=99, reported=9 * n) for n in range(4))])
    assert [one.rows for one in told.chains] == [(2, 3, 4, 5), (0, 1)]


def test_a_hundred_thousand_cases_of_one_place_and_many_of_all(monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 10_000)
    random = np.random.default_rng(1)
    reported = random.uniform(0, 700, 100_000)
    told = repeats(np.full(100_000, LON), np.full(100_000, LAT), np.zeros(100_000), reported, reported + 3)
    assert len(told.chains) == 1 and len(told.chains[0].rows) == 100_000 and told.chains[0].span_m == 0
    assert np.count_nonzero(~told.repeats) == np.count_nonzero(reported < reported.min() + 3)


def test_a_wide_chain_is_measured_nearly_as_well(monkeypatch):
    random = np.random.default_rng(5)
    rows = [case(east=x, north=y) for x, y in random.uniform(0, 30, (400, 2))]
    lon, lat = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    whole = module._span(lon, lat)
    monkeypatch.setattr(module, "MOST_MEASURED", 100)
    assert module._span(lon, lat) == pytest.approx(whole, rel=1e-3)


def test_arrays_belong_together():
    with pytest.raises(ValueError):
        repeats([1.0], [1.0], [1], [1.0], [])
    assert distance(0, 0, 0, 1) == pytest.approx(111_195, rel=1e-4)
