"""Forecasts in invented townships: what is planted is found, intervals hold, and nothing is known of tomorrow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.forecast import AHEAD, Forecast, forecast
from analysis.refusals import TooLittle

WEEK = np.array([1.3, 1.2, 1.1, 1.1, 1.1, 0.7, 0.5])
FIRST = 3


def townships(
    random: np.random.Generator, *, areas: int = 20, days: int = 500, mean: float = 2, week=WEEK, season: float = 0.0
) -> np.ndarray:
    """(areas, days + 7): the last seven are those to come."""
    day = np.arange(days + AHEAD)
    level = random.gamma(0.8, mean / 0.8, areas)[:, None] * week[(day + FIRST) % 7]
    return random.poisson(
        level * (1 + season * np.sin(2 * np.pi * day / 365.25)) * random.gamma(10, 0.1, (areas, len(day)))
    )


def of_past(cases: np.ndarray) -> Forecast:
    return forecast(cases[:, :-AHEAD], first_weekday=FIRST)


def test_nine_of_ten_days_lie_within_and_the_mean_beats_last_week():
    random = np.random.default_rng(17)
    within, of_total, made, plain = [], [], 0.0, 0.0
    for _ in range(25):
        cases = townships(random)
        found, came = of_past(cases), cases[:, -AHEAD:]
        within.append(np.mean((found.lo <= came) & (came <= found.hi)))
        of_total.append(np.mean((found.total_lo <= came.sum(axis=0)) & (came.sum(axis=0) <= found.total_hi)))
        made += ((found.mean - came) ** 2).sum()
        plain += ((cases[:, -2 * AHEAD : -AHEAD].mean(axis=1, keepdims=True) - came) ** 2).sum()
        assert found.shown and found.weeks == 20
    assert 0.88 < np.mean(within) < 0.98 and 0.82 < np.mean(of_total) < 0.97
    assert made < 0.9 * plain


def test_weekdays_are_found_whatever_day_the_history_begins_with():
    cases = townships(np.random.default_rng(3), mean=6)
    found = of_past(cases)
    days = (np.arange(cases.shape[1]) + FIRST)[-AHEAD:] % 7
    wanted = WEEK[days] / WEEK.mean()
    assert found.total_mean / found.total_mean.mean() == pytest.approx(wanted, abs=0.08)
    renamed = forecast(cases[:, :-AHEAD], first_weekday=0)
    assert renamed.mean == pytest.approx(found.mean)


def test_a_season_is_found_after_two_years_and_not_where_there_is_none():
    random = np.random.default_rng(5)
    cases = townships(random, days=730, mean=5, season=0.6)
    day = np.arange(730, 737)
    truth = (1 + 0.6 * np.sin(2 * np.pi * day / 365.25)).mean()
    level = cases[:, :730].mean() * 20
    assert of_past(cases).total_mean.mean() / level == pytest.approx(truth, abs=0.12)


def test_a_small_township_borrows_the_week_of_all():
    random = np.random.default_rng(8)
    cases = townships(random, mean=8)
    cases[0] = 0
    cases[0, ::40] = 1
    found = of_past(cases)
    assert 0.003 < found.mean[0].mean() < 0.1 and found.lo[0].max() == 0 and found.hi[0].max() <= 1
    shape = found.mean[0] / found.mean[0].mean()
    assert shape == pytest.approx(found.total_mean / found.total_mean.mean(), abs=0.15)


def test_where_nothing_repeats_but_chance_is_all_the_same_the_level_alone_is_told():
    cases = townships(np.random.default_rng(9), week=np.ones(7), mean=4)
    found = of_past(cases)
    assert np.ptp(found.total_mean) < 0.15 * found.total_mean.mean()


def test_what_last_week_foretells_better_is_not_shown():
    """Seven cases a day for a year, then ever more from day to day: what lasts is no guide, last week is a little one."""
    random = np.random.default_rng(2)
    cases = random.poisson(np.concatenate([np.full(280, 3), np.linspace(3, 90, 140)]), (3, 420))
    found = forecast(cases, first_weekday=0)
    assert found.skill <= 0 and not found.shown


def test_the_test_of_a_forecast_knows_nothing_of_what_came_later():
    cases = townships(np.random.default_rng(4), areas=3)[:, :-AHEAD]
    ours = forecast(cases, first_weekday=0)
    changed = cases.copy()
    changed[:, -AHEAD:] += 500
    theirs = forecast(changed, first_weekday=0)
    # the last week is tested with forecasts made before it: hopeless now, and none of them is better for knowing it
    assert theirs.skill < 0.2 and ours.skill > theirs.skill


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(84, 200), st.integers(1, 6), st.floats(0.2, 5))
def test_any_history_has_an_answer(seed: int, days: int, areas: int, mean: float):
    cases = np.random.default_rng(seed).poisson(mean, (areas, days))
    cases[0, :] = np.arange(days) % 2
    cases[0, 0] += 50
    found = forecast(cases, first_weekday=seed % 7)
    assert found.mean.shape == found.lo.shape == found.hi.shape == (areas, AHEAD) and (found.mean > 0).all()
    assert (found.lo <= found.hi).all() and np.isfinite(found.skill) and found.skills.shape == (areas,)
    assert found.total_mean == pytest.approx(found.mean.sum(axis=0))


@pytest.mark.parametrize(("shape", "code"), [((2, 83), "days"), ((2, 90), "cases")])
def test_too_little_to_tell(shape: tuple[int, int], code: str):
    with pytest.raises(TooLittle) as refused:
        forecast(np.zeros(shape), first_weekday=0)
    assert refused.value.code == code
