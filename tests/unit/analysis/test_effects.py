"""Effects of a measure in invented worlds whose truth is known: overdispersed counts, memory, a shock common to all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects import Doubt, Effect, Verdict, effect_of
from analysis.matching import MOST_UNTREATED, Panel, history, match, nearest_of_many
from analysis.refusals import TooLittle

BEFORE, AFTER, UNITS, TREATED = 8, 2, 120, 8
WORLDS = 400


@dataclass(frozen=True)
class World:
    panel: Panel
    truth: float
    """cases that the measure took away from those that there would have been, below 0"""
    on_average: float
    """what it takes away on average at these rates"""


def world(random: np.random.Generator, *, worst: bool, kept: float = 1.0, mean: float = 6, spoil: float = 1.0) -> World:
    """`worst`: treated are those with the highest rate of the last two periods. `kept`: share of their cases that the
    measure leaves. `spoil`: what the rates of the treated do by themselves in the last two periods before."""
    exposure = random.lognormal(0, 0.3, UNITS)
    setting = random.integers(0, 2, UNITS)
    level = random.gamma(2.5, 0.4, UNITS) * np.array([0.8, 1.4])[setting]
    rates = _rates(random, mean * exposure * level)
    counts = random.poisson(rates)
    recent = counts[:, BEFORE - 2 : BEFORE].sum(axis=1) / exposure
    treated = np.zeros(UNITS, dtype=bool)
    treated[np.argsort(-recent)[:TREATED] if worst else random.permutation(UNITS)[:TREATED]] = True
    if spoil != 1:
        counts[treated, BEFORE - 2 : BEFORE] = np.round(counts[treated, BEFORE - 2 : BEFORE] * spoil)
    left = counts.copy()
    left[treated, BEFORE:] = random.binomial(counts[treated, BEFORE:], kept)
    truth = float(left[treated, BEFORE:].sum() - counts[treated, BEFORE:].sum())
    on_average = float((kept - 1) * rates[treated, BEFORE:].sum())
    return World(Panel.of(left, BEFORE, treated, exposure=exposure, setting=setting), truth, on_average)


def _rates(random: np.random.Generator, base: np.ndarray) -> np.ndarray:
    """Negative binomial about a level with memory of 0.6 from period to period, and one shock a period for all units."""
    memory = np.zeros((UNITS, BEFORE + AFTER))
    memory[:, 0] = random.normal(0, 0.3, UNITS)
    for period in range(1, BEFORE + AFTER):
        memory[:, period] = 0.6 * memory[:, period - 1] + random.normal(0, 0.3 * 0.8, UNITS)
    shock = np.exp(random.normal(0, 0.2, BEFORE + AFTER))
    return base[:, None] * np.exp(memory) * shock * random.gamma(8, 1 / 8, memory.shape)


def many(worlds: int, seed: int, **how) -> list[tuple[World, Effect]]:
    random = np.random.default_rng(seed)
    made = [world(random, **how) for _ in range(worlds)]
    return [(one, effect_of(one.panel, draws=299, placebos=0)) for one in made]


@pytest.mark.parametrize(
    "how",
    [{"worst": False}, {"worst": True}, {"worst": True, "kept": 0.6}, {"worst": False, "kept": 0.4}],
)
def test_the_interval_holds_the_truth_nine_times_of_ten(how: dict):
    told = many(WORLDS, 1997, **how)
    for truth in ("truth", "on_average"):
        assert 0.85 <= np.mean([effect.lo <= getattr(one, truth) <= effect.hi for one, effect in told]) <= 0.95


def plain_fall(panel: Panel) -> float:
    """What somebody says who compares the treated with themselves half a year earlier."""
    return float((panel.after - panel.counts[:, BEFORE - 2 : BEFORE].sum(axis=1))[panel.treated].sum())


def test_units_treated_because_they_were_worst_do_not_fake_a_success():
    told = many(WORLDS, 2026, worst=True)
    assert np.mean([plain_fall(one.panel) < 0 for one, _ in told]) > 0.85
    assert np.mean([effect.verdict is Verdict.fewer for _, effect in told]) <= 0.07
    errors = np.array([effect.estimate for _, effect in told])
    assert abs(errors.mean()) < 0.25 * errors.std()


def test_a_planted_effect_is_found_and_its_size_told():
    told = many(100, 5, worst=True, kept=0.4, mean=12)
    assert np.mean([effect.verdict is Verdict.fewer for _, effect in told]) > 0.8
    assert np.mean([effect.estimate / one.truth for one, effect in told]) == pytest.approx(1, abs=0.15)
    assert not any(effect.verdict is Verdict.more for _, effect in told)


def one_effect(**how) -> tuple[Panel, Effect]:
    panel = world(np.random.default_rng(32), worst=False, mean=12, **how).panel
    return panel, effect_of(panel, placebos=99)


def test_numbers_add_up_and_name_their_rows():
    panel, effect = one_effect(kept=0.3)
    assert effect.verdict is Verdict.fewer and effect.hi < 0 and effect.p <= 0.05 and effect.doubts == ()
    assert effect.observed == panel.after[panel.treated].sum() and effect.n == TREATED
    assert effect.estimate == pytest.approx(effect.observed - effect.expected)
    assert effect.estimate == pytest.approx(sum(unit.estimate for unit in effect.units))
    assert [unit.at for unit in effect.units] == np.flatnonzero(panel.treated).tolist()
    assert [unit.observed for unit in effect.units] == panel.after[panel.treated].tolist()
    beside = [row for unit in effect.units for row in unit.matched]
    assert len(beside) == len(set(beside)) == effect.matched == TREATED * effect.k and not effect.replacement
    assert not panel.treated[beside].any() and all(unit.lo < unit.estimate < unit.hi for unit in effect.units)


def test_what_was_before_is_shown_period_by_period():
    _, effect = one_effect()
    assert [one.at for one in effect.before] == list(range(BEFORE))
    assert [one.at for one in effect.placebo_dates] == [4, 6]
    assert sum(one.estimate for one in effect.before) == pytest.approx(0, abs=1e-6)
    assert np.mean([one.lo <= 0 <= one.hi for one in effect.before]) >= 0.7


def test_placebo_runs_of_untreated_units_are_mostly_nothing():
    _, effect = one_effect()
    assert len(effect.placebo_units) == 99 and np.mean(np.abs(effect.placebo_units) > 1.645) < 0.25
    assert effect.verdict is Verdict.not_told_from_chance and 0 < effect.p <= 1 and effect.lo <= 0 <= effect.hi
    assert effect.doubts == ()


def test_what_fell_before_the_start_is_no_effect_of_it():
    panel = world(np.random.default_rng(8), worst=False, mean=40, spoil=0.5, kept=0.2).panel
    effect = effect_of(panel, placebos=0)
    assert Doubt.falling_before in effect.doubts and effect.verdict is Verdict.not_told_from_chance


def test_without_placebo_runs_that_were_asked_for_nothing_is_told():
    counts = np.random.default_rng(4).poisson(30, (14, 8))
    counts[:4, 6:] = 2
    panel = Panel.of(counts, 6, np.arange(14) < 4)
    assert effect_of(panel, placebos=0).verdict is Verdict.fewer
    effect = effect_of(panel)
    assert effect.doubts == (Doubt.no_placebo,) and effect.p == 1 and effect.hi < 0
    assert effect.verdict is Verdict.not_told_from_chance


def test_more_is_told_as_well():
    panel = world(np.random.default_rng(9), worst=False, mean=12).panel
    counts = panel.counts.copy()
    counts[panel.treated, BEFORE:] *= 3
    effect = effect_of(replace(panel, counts=counts), placebos=49)
    assert effect.verdict is Verdict.more and effect.lo > 0


def test_what_no_case_was_in_any_more_is_told_without_an_error():
    panel = world(np.random.default_rng(9), worst=False).panel
    counts = panel.counts.copy()
    counts[:, BEFORE:] = 0
    effect = effect_of(Panel.of(counts, BEFORE, panel.treated), placebos=19)
    assert effect.verdict is Verdict.not_told_from_chance and np.isfinite([effect.lo, effect.hi, effect.p]).all()


def test_the_same_question_has_the_same_answer():
    panel = world(np.random.default_rng(9), worst=True).panel
    first, second = (effect_of(panel, placebos=19) for _ in range(2))
    assert (first.lo, first.hi, first.p) == (second.lo, second.hi, second.p)


def test_with_replacement_the_nearest_serve_everybody():
    panel = world(np.random.default_rng(9), worst=True).panel
    effect = effect_of(panel, k=3, replacement=True, placebos=0)
    assert effect.replacement and effect.k == 3 and effect.matched <= 3 * TREATED
    assert (match(panel, 3, replacement=True).distance <= match(panel, 3, replacement=False).distance + 1e-9).all()


def test_matches_are_of_the_same_setting_where_there_are_any():
    panel = world(np.random.default_rng(10), worst=False).panel
    matches = match(panel, 2, replacement=False)
    assert (panel.setting[matches.rows] == panel.setting[panel.treated][:, None]).all()
    assert np.isfinite(matches.distance).all()


def test_what_else_is_known_of_units_decides_who_stands_beside_whom():
    counts, known = np.full((40, 5), 4.0), np.arange(40.0) % 20
    panel = Panel.of(counts, 4, np.arange(40) == 7, covariates=known)
    assert match(panel, 1, replacement=False).rows.tolist() == [[27]]


def test_of_very_many_units_the_nearest_are_kept():
    random = np.random.default_rng(3)
    counts = random.poisson(5, (MOST_UNTREATED + 500, 6))
    panel = Panel.of(counts, 5, np.arange(len(counts)) < 3)
    near, rows = nearest_of_many(panel)
    assert len(rows) == MOST_UNTREATED + 3 and (near.counts == panel.counts[rows]).all() and near.treated.sum() == 3


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 5), st.booleans())
def test_any_world_that_is_large_enough_has_an_answer(seed: int, treated: int, after: int, empty: bool):
    random = np.random.default_rng(seed)
    counts = random.poisson(random.gamma(1, 2, (30, 1)), (30, 6 + after))
    counts[:treated, :6] += 3
    counts[treated:] *= not empty
    effect = effect_of(Panel.of(counts, 6, np.arange(30) < treated), placebos=9, draws=49)
    assert np.isfinite([effect.estimate, effect.lo, effect.hi, effect.p]).all() and effect.lo <= effect.hi


def test_level_trend_and_last_periods_are_what_they_say():
    counts = np.zeros((12, 5))
    counts[0, :4] = [1, 2, 3, 10]
    assert history(Panel.of(counts, 4, np.arange(12) == 0, exposure=np.full(12, 2.0)))[0].tolist() == pytest.approx(
        [2, 1.4, 5]
    )


@pytest.mark.parametrize(
    ("code", "shape", "start", "treated"),
    [("periods", (20, 4), 3, 2), ("periods", (20, 4), 4, 2), ("treated", (20, 6), 4, 0), ("units", (11, 6), 4, 2)],
)
def test_too_little_is_said_with_a_code(code: str, shape: tuple[int, int], start: int, treated: int):
    with pytest.raises(TooLittle) as refused:
        Panel.of(np.ones(shape), start, np.arange(shape[0]) < treated)
    assert refused.value.code == code and refused.value.there < refused.value.needed


def test_too_few_cases_are_no_ground_for_a_verdict():
    with pytest.raises(TooLittle) as refused:
        effect_of(Panel.of(np.eye(20, 6), 5, np.arange(20) < 2))
    assert refused.value.code == "cases"


@pytest.mark.parametrize(
    "wrong",
    [
        {"exposure": np.zeros(20)},
        {"setting": [1]},
        {"covariates": np.full(20, np.nan)},
        {"counts": np.full((20, 6), -1)},
    ],
)
def test_arrays_that_make_no_sense_are_refused(wrong: dict):
    right = {"counts": np.ones((20, 6)), "start": 4, "treated": np.arange(20) < 2}
    with pytest.raises(ValueError):
        Panel.of(**(right | wrong))
