"""Intervals against the reference, and against how often they hold the truth; funnels, shrinkage and what is usual."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rates import (
    Interval,
    exact,
    exact_rate,
    funnel_of_rates,
    funnel_of_shares,
    minimum_n,
    rankable,
    shrunk_rates,
    shrunk_shares,
    usual_range,
    wilson,
)
from analysis.refusals import TooLittle
from rules.track_record import Tally, records

stats = pytest.importorskip("scipy.stats")
of_n = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(of_n, st.sampled_from([0.8, 0.9, 0.95]))
def test_intervals_are_those_of_the_reference(counts: tuple[int, int], level: float):
    good, n = counts
    for made, method in ((wilson, "wilson"), (exact, "exact")):
        reference = stats.binomtest(good, n).proportion_ci(level, method)
        found = made(good, n, level=level)
        assert (float(found.lo), float(found.hi)) == pytest.approx((reference.low, reference.high), abs=1e-8)
        assert found.lo <= good / n <= found.hi


def held(interval: Interval, truth: float) -> np.ndarray:
    return (interval.lo <= truth) & (truth <= interval.hi)


@pytest.mark.parametrize("truth", [0.03, 0.2, 0.5, 0.98])
@pytest.mark.parametrize("n", [15, 60, 300])
def test_how_often_they_hold_the_truth(truth: float, n: int):
    good = np.arange(n + 1)
    weight = stats.binom.pmf(good, n, truth)
    assert weight @ held(wilson(good, n), truth) > 0.82
    assert weight @ held(exact(good, n), truth) >= 0.9


@given(st.integers(0, 500), st.floats(0.1, 1000))
def test_the_exact_interval_of_a_rate(cases: int, exposure: float):
    found = exact_rate(cases, exposure)
    lo, hi = stats.chi2.ppf(0.05, 2 * cases) / 2 if cases else 0, stats.chi2.ppf(0.95, 2 * cases + 2) / 2
    assert (float(found.lo) * exposure, float(found.hi) * exposure) == pytest.approx((lo, hi), abs=1e-6)


def test_nothing_known_is_everything_possible():
    assert [float(end) for end in (wilson(0, 0).lo, wilson(0, 0).hi, exact(0, 0).lo, exact(0, 0).hi)] == [0, 1, 0, 1]
    assert [float(end) for end in (exact_rate(0, 0).lo, exact_rate(0, 0).hi)] == [0, np.inf]


def test_more_good_ones_than_there_are_make_no_sense():
    with pytest.raises(ValueError):
        wilson(3, 2)
    with pytest.raises(ValueError):
        exact([-1], [2])


def test_how_many_are_needed():
    n = minimum_n(0.9, 0.05)
    assert float(wilson(0.9 * n, n).hi - wilson(0.9 * n, n).lo) <= 0.1
    assert float(wilson(0.9 * (n - 1), n - 1).hi - wilson(0.9 * (n - 1), n - 1).lo) > 0.1
    assert rankable([19, 20]).tolist() == [False, True]


def test_a_funnel_by_chance_alone_has_one_of_twenty_outside():
    random = np.random.default_rng(2005)
    n = random.integers(5, 400, 3000)
    shares, rates = (
        funnel_of_shares(random.binomial(n, 0.8), n),
        funnel_of_rates(random.poisson(0.05 * n), n),
    )
    for funnel in (shares, rates):
        assert not funnel.overdispersed and funnel.dispersion == pytest.approx(1, abs=0.15)
        assert 0.02 < np.mean(funnel.outside != 0) < 0.06 and np.mean(np.abs(funnel.outside) == 2) < 0.005
        assert (funnel.alarm.lo <= funnel.warning.lo).all() and (funnel.warning.hi <= funnel.alarm.hi).all()


def test_limits_narrow_as_units_grow_and_hold_the_target():
    funnel = funnel_of_shares([8, 80, 800, 8000], [10, 100, 1000, 10000])
    assert (np.diff(funnel.warning.hi - funnel.warning.lo) < 0).all()
    assert (funnel.warning.lo < 0.8).all() and (funnel.warning.hi > 0.8).all() and funnel.outside.tolist() == [0] * 4
    normal = 1.96 * np.sqrt(0.8 * 0.2 / 10000)
    assert funnel.warning.hi[3] - 0.8 == pytest.approx(normal, rel=0.03)


def test_an_outlier_is_outside_and_does_not_widen_the_limits():
    good, n = np.array([80] * 30 + [50]), np.array([100] * 31)
    funnel = funnel_of_shares(good, n)
    assert funnel.outside[-1] == -2 and (funnel.outside[:-1] == 0).all() and not funnel.overdispersed


def test_units_that_differ_by_themselves_widen_them():
    random = np.random.default_rng(1)
    n = np.full(200, 300)
    good = random.binomial(n, random.beta(40, 10, 200))
    funnel = funnel_of_shares(good, n)
    assert funnel.overdispersed and funnel.dispersion > 3 and np.mean(funnel.outside != 0) < 0.12


def test_one_of_few_units_is_outside_too():
    assert funnel_of_shares([81, 82, 79, 55], [100] * 4).outside.tolist() == [0, 0, 0, -2]


def test_units_with_nothing_behind_them_are_within():
    for funnel in (funnel_of_shares([0, 5, 9], [0, 10, 10]), funnel_of_rates([0, 5, 9], [0, 10, 10])):
        assert funnel.outside[0] == 0 and funnel.value[0] == funnel.target
    assert funnel_of_shares([], []).outside.tolist() == [] and funnel_of_shares([0], [0]).outside.tolist() == [0]
    assert funnel_of_rates([0, 0], [5, 5]).outside.tolist() == [0, 0]


def test_a_shrunk_share_is_that_of_the_recommendation():
    tallies = {
        1: Tally(mediated=3, at_first=3),
        2: Tally(mediated=300, at_first=291),
        3: Tally(mediated=200, at_first=150),
    }
    told = records(tallies, tallies, mediated=True)
    shrunk = shrunk_shares([3, 291, 150], [3, 300, 200])
    assert shrunk.value.tolist() == pytest.approx([told[one].outcome.shrunk for one in (1, 2, 3)])
    assert shrunk.differs.tolist() == [told[one].outcome.differs for one in (1, 2, 3)] == [False, True, True]


def test_shrunk_values_are_nearer_to_the_truth_and_their_intervals_hold_it():
    random = np.random.default_rng(4)
    n, e = random.integers(3, 80, 2000), random.uniform(50, 400, 2000)
    share, rate = random.beta(16, 4, 2000), random.gamma(3, 0.01, 2000)
    good, cases = random.binomial(n, share), random.poisson(rate * e)
    for found, truth, raw in ((shrunk_shares(good, n), share, good / n), (shrunk_rates(cases, e), rate, cases / e)):
        assert np.mean((found.value - truth) ** 2) < 0.7 * np.mean((raw - truth) ** 2)
        assert 0.87 < np.mean((found.lo <= truth) & (truth <= found.hi)) < 0.93
        assert ((found.lo <= found.value) & (found.value <= found.hi)).all()


def test_rates_that_differ_by_chance_alone_are_all_the_mean():
    cases = np.random.default_rng(3).poisson(10, 40)
    found = shrunk_rates(cases, np.ones(40))
    assert np.std(found.value) < 0.4 * np.std(cases) and not found.differs.any()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_any_counts_have_an_answer(counts: list[tuple[int, int]]):
    low, high = np.array([min(one) for one in counts]), np.array([max(one) for one in counts])
    for found in (shrunk_shares(low, high), shrunk_rates(low, high)):
        assert np.isfinite(found.value).all() and (found.lo <= found.hi + 1e-12).all()
    for funnel in (funnel_of_shares(low, high), funnel_of_rates(low, high)):
        assert np.isfinite(funnel.warning.lo).all() and (funnel.warning.lo <= funnel.warning.hi).all()


def week_by_week(random: np.random.Generator, areas: int, weeks: int) -> np.ndarray:
    mean = np.tile([30, 20, 20, 20, 22, 8, 6], weeks + 1)
    return random.poisson(mean * random.gamma(12, 1 / 12, (areas, len(mean))))


def test_nine_of_ten_days_are_usual_and_a_monday_is_measured_by_mondays():
    days = week_by_week(np.random.default_rng(6), 1500, 12)
    for weekday in range(7):
        found = usual_range(days[:, weekday : 84 + weekday])
        today = days[:, 84 + weekday]
        assert 0.86 < np.mean((found.lo <= today) & (today <= found.hi)) < 0.97
        assert found.mean.mean() == pytest.approx([30, 20, 20, 20, 22, 8, 6][weekday], rel=0.05) and found.weeks == 12


def test_the_unusual_is_named_with_its_direction_and_chance():
    days = week_by_week(np.random.default_rng(7), 1, 12)[0, :84]
    found = usual_range(days)
    assert found.unusual([80])[0] == 1 and found.unusual([2])[0] == -1 and found.unusual([round(found.mean[0])])[0] == 0
    assert found.chance_of_as_many([80])[0] < 0.01 < found.chance_of_as_many([35])[0]


def test_where_nothing_ever_happens_one_case_is_usual_and_many_are_not():
    found = usual_range(np.zeros((1, 84)))
    assert found.lo.tolist() == [0] and found.hi[0] <= 1 and found.unusual([5])[0] == 1


def test_three_weeks_are_too_few():
    with pytest.raises(TooLittle) as refused:
        usual_range(np.ones(27))
    assert (refused.value.code, refused.value.there, refused.value.needed) == ("days", 27, 28)
