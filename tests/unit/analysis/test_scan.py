"""The scan against published runs, against a slow one written differently, on planted clusters and on none."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cylinders
from analysis.scan import Cancelled, Happenings, ScanLimits, scan

PUBLISHED = Path(__file__).parent / "satscan"


def happenings(rows) -> Happenings:
    x, y, day, n = (np.array(column) for column in zip(*rows, strict=True))
    return Happenings(x.astype(float), y.astype(float), day.astype(np.int64), n.astype(np.int64))


def published(name: str) -> tuple[Happenings, dict[tuple[float, float], int]]:
    places = {}
    for line in (PUBLISHED / f"{name}.geo").read_text().splitlines():
        number, x, y = line.split()
        places[int(number)] = (float(x), float(y))
    rows = []
    for line in (PUBLISHED / f"{name}.cas").read_text().splitlines():
        number, n, day = (int(value) for value in line.split())
        rows.append((*places[number], day, n))
    return happenings(rows), {at: number for number, at in places.items()}


def locations(cluster, of: Happenings, names) -> set[int]:
    return {names[of.x[row], of.y[row]] for row in cluster.members}


def test_the_first_published_run_is_met():
    data, names = published("satscan_test1")
    first, second, *rest = scan(data, ScanLimits(radius=1000, days=500), last_day=1000)
    assert round(first.llr, 6) == 3.352053 and round(second.llr, 6) == 2.715606
    assert (first.observed, round(first.expected, 2), first.first_day, first.last_day) == (3, 0.42, 993, 1000)
    assert (first.x, first.y, round(first.radius, 2)) == (30, 30, 20)
    assert (second.observed, round(second.expected, 2), second.first_day, second.radius) == (4, 0.96, 962, 0)
    assert locations(first, data, names) <= {23, 6, 16} and locations(second, data, names) == {10}
    assert first.p == pytest.approx(0.202, abs=0.12) and second.p == pytest.approx(0.581, abs=0.12)
    assert first.recurrence_days == pytest.approx(1 / first.p)
    assert all(one.llr < second.llr for one in rest)


def test_the_third_published_run_is_met():
    data, names = published("satscan_test3")
    first = scan(data, ScanLimits(radius=50, days=500), last_day=1000)[0]
    assert round(first.llr, 6) == 1.622161 and (first.observed, round(first.expected, 2)) == (10, 5.46)
    assert (first.x, first.y, round(first.radius, 2), first.first_day) == (30, 30, 20, 930)
    assert locations(first, data, names) == {21, 6, 22, 11} and first.p > 0.9


def slow_best(data: Happenings, limits: ScanLimits, end: int) -> float:
    """The highest ratio, looked for circle by circle and day by day."""
    rows = [
        (x, y, d) for x, y, d, n in zip(data.x, data.y, data.day, data.n, strict=True) for _ in range(n) if d <= end
    ]
    total, best = len(rows), 0.0
    places = sorted({(x, y) for x, y, _ in rows})
    for cx, cy in places:
        near = sorted(places, key=lambda at: (round(np.hypot(at[0] - cx, at[1] - cy), 6), at))
        inside: set[tuple[float, float]] = set()
        for at in near:
            inside.add(at)
            ever = [day for x, y, day in rows if (x, y) in inside]
            if np.hypot(at[0] - cx, at[1] - cy) > limits.radius + 1e-6 or len(ever) > limits.share * total:
                break
            for first in range(end - limits.days + 1, end + 1):
                c, of_days = sum(day >= first for day in ever), sum(day >= first for *_, day in rows)
                mu = len(ever) * of_days / total
                if c >= 2 and c > mu:
                    rest = (total - c) * log((total - c) / (total - mu)) if total > c else 0.0
                    best = max(best, c * log(c / mu) + rest)
    return best


rows_of_cases = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 20), st.integers(1, 3)), min_size=2, max_size=25
)


@settings(max_examples=60)
@given(rows_of_cases, st.sampled_from([0, 1, 2.5, 9]), st.integers(1, 21), st.sampled_from([0.2, 0.5, 1.0]))
def test_the_highest_ratio_is_the_one_that_a_slow_search_finds(rows, radius, days, share):
    data, limits = happenings(rows), ScanLimits(radius=radius, days=days, share=share, replications=5)
    found = scan(data, limits, last_day=20)
    assert (found[0].llr if found else 0.0) == pytest.approx(slow_best(data, limits, 20), abs=1e-9)


def test_clusters_hold_what_they_say_and_do_not_overlap():
    data, limits = no_cluster(np.random.default_rng(3), 400), ScanLimits(radius=2500, days=30, replications=19)
    found = scan(data, limits, last_day=364)
    assert len(found) > 3 and [one.llr for one in found] == sorted((one.llr for one in found), reverse=True)
    seen: set[int] = set()
    for one in found:
        apart = np.hypot(data.x[one.members] - one.x, data.y[one.members] - one.y)
        assert one.observed == data.n[one.members].sum() >= 2 and apart.max() <= one.radius + 1e-6 <= 2500 + 1e-5
        assert ((data.day[one.members] >= one.first_day) & (data.day[one.members] <= 364)).all() and one.first_day > 334
        assert seen.isdisjoint(one.members.tolist())
        seen.update(one.members.tolist())


def no_cluster(random: np.random.Generator, cases: int) -> Happenings:
    """More in the middle, more in some weeks, but no place has days of its own."""
    at = random.normal(10_000, 3000, (cases, 2))
    day = (random.beta(2, 1, cases) * 365).astype(np.int64)
    return Happenings(at[:, 0], at[:, 1], day, np.ones(cases, dtype=np.int64))


def with_cluster(random: np.random.Generator, cases: int, planted: int) -> Happenings:
    base = no_cluster(random, cases)
    at = random.normal((12_000, 9_000), 250, (planted, 2))
    return Happenings(
        np.concatenate([base.x, at[:, 0]]),
        np.concatenate([base.y, at[:, 1]]),
        np.concatenate([base.day, random.integers(357, 365, planted)]),
        np.ones(cases + planted, dtype=np.int64),
    )


def test_a_planted_cluster_is_found_where_and_when_it_is():
    data = with_cluster(np.random.default_rng(11), 3000, 18)
    first = scan(data, ScanLimits(radius=2000, days=30, replications=199), last_day=364)[0]
    assert first.p == 1 / 200 and np.hypot(first.x - 12_000, first.y - 9_000) < 700
    assert first.first_day >= 355 and np.count_nonzero(first.members >= 3000) >= 14


def test_it_is_found_among_more_places_than_are_scanned_one_by_one(monkeypatch):
    monkeypatch.setattr(cylinders, "MOST_PLACES", 300)
    data = with_cluster(np.random.default_rng(12), 3000, 18)
    first = scan(data, ScanLimits(radius=2000, days=30, replications=99), last_day=364)[0]
    assert first.p == 1 / 100 and np.hypot(first.x - 12_000, first.y - 9_000) < 900


def test_false_alarms_come_as_often_as_they_should():
    """Of 200 worlds without a cluster 10 % have p <= 0.1: 8 to 34 of them, but for one time in 1,000."""
    random = np.random.default_rng(2005)
    limits = ScanLimits(radius=3000, days=30, replications=99, most_clusters=1)
    ps = [scan(no_cluster(random, 150), limits, last_day=364, seed=one)[0].p for one in range(200)]
    assert 8 <= sum(p <= 0.1 for p in ps) <= 34
    assert 77 <= sum(p <= 0.5 for p in ps) <= 123


def test_the_order_of_the_rows_does_not_matter():
    data = with_cluster(np.random.default_rng(4), 500, 8)
    order = np.random.default_rng(5).permutation(len(data.x))
    turned = Happenings(data.x[order], data.y[order], data.day[order], data.n[order])
    limits = ScanLimits(radius=2000, days=30, replications=19)
    pairs = zip(scan(data, limits, last_day=364), scan(turned, limits, last_day=364), strict=True)
    assert all((a.x, a.y, a.llr) == pytest.approx((b.x, b.y, b.llr)) for a, b in pairs)


def test_what_happens_after_the_last_day_is_not_known():
    rows = [(0, 0, day, 1) for day in range(10)] + [(5, 5, day, 1) for day in range(10)]
    later = [(0, 0, 12, 9)]
    limits = ScanLimits(radius=1, days=5, share=0.6, replications=9)
    assert [one.llr for one in scan(happenings(rows), limits, last_day=9)] == [
        one.llr for one in scan(happenings(rows + later), limits, last_day=9)
    ]


def test_it_stops_once_chance_has_done_as_much_often_enough():
    told: list[float] = []
    limits = ScanLimits(radius=3000, days=30, replications=9999, enough=10)
    first = scan(no_cluster(np.random.default_rng(6), 150), limits, last_day=364, progress=told.append)[0]
    assert first.p > 0.005 and told[-1] < 0.5


def test_who_does_not_want_it_any_more_ends_it():
    with pytest.raises(Cancelled):
        scan(no_cluster(np.random.default_rng(6), 150), ScanLimits(radius=3000, days=30), progress=lambda share: False)


@pytest.mark.parametrize("rows", [[], [(0, 0, 1, 1)], [(0, 0, 1, 1), (0, 0, 9, 1)]])
def test_too_little_is_no_cluster(rows):
    data = happenings(rows) if rows else Happenings(*(np.zeros(0, dtype=kind) for kind in (float, float, int, int)))
    assert scan(data, ScanLimits(radius=1, days=2)) == []


@pytest.mark.parametrize("wrong", [{"radius": -1}, {"days": 0}, {"share": 0}, {"share": 1.1}, {"replications": 0}])
def test_limits_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError):
        ScanLimits(**({"radius": 100, "days": 7} | wrong))
    with pytest.raises(ValueError):
        happenings([(0, 0, 1, 0)])
