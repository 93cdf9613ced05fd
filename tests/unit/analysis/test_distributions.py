"""Distributions against the reference implementation, and against themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.distributions import (
    NEARLY_POISSON,
    beta_below,
    beta_quantile,
    count_below,
    count_quantile,
    count_shape,
    deviates,
    gamma_below,
    gamma_quantile,
)

stats = pytest.importorskip("scipy.stats")
special = pytest.importorskip("scipy.special")
shapes = st.floats(0.05, 5000)
shares = st.floats(0.001, 0.999)


@given(st.floats(0, 1), shapes, shapes)
def test_beta_below(x: float, a: float, b: float):
    assert float(beta_below(x, a, b)) == pytest.approx(special.betainc(a, b, x), abs=1e-9)


@given(st.floats(0, 8000), shapes)
def test_gamma_below(x: float, a: float):
    assert float(gamma_below(x, a)) == pytest.approx(special.gammainc(a, x), abs=1e-9)


@settings(max_examples=60)
@given(shares, st.floats(0.3, 5000), st.floats(0.3, 5000))
def test_quantiles_lead_back(share: float, a: float, b: float):
    assert float(beta_below(beta_quantile(share, a, b), a, b)) == pytest.approx(share, abs=1e-6)
    assert float(gamma_below(gamma_quantile(share, a), a)) == pytest.approx(share, abs=1e-6)


@settings(max_examples=60)
@given(shares, st.floats(0.01, 3000), st.floats(0.1, 500))
def test_counts(share: float, mean: float, shape: float):
    found = float(count_quantile(share, mean, shape))
    there = stats.nbinom.cdf([found - 1, found], shape, shape / (shape + mean))
    assert there[0] < share + 1e-9 and there[1] >= share - 1e-9
    assert float(count_below(found, mean, shape)) == pytest.approx(there[1], abs=1e-9)


@given(shares, st.floats(0.01, 3000))
def test_without_more_variance_than_chance_a_count_is_poisson(share: float, mean: float):
    shape = count_shape(mean, mean * 0.9)
    found = float(count_quantile(share, mean, shape))
    assert shape == NEARLY_POISSON and abs(found - stats.poisson.ppf(share, mean)) <= (abs(found) > 1e15)


def test_arrays_keep_their_shape():
    assert beta_quantile(np.full((3, 2), 0.5), 2.0, np.array([3.0, 4.0])).shape == (3, 2)
    assert count_quantile(0.5, np.array([0.0, 1.0]), 3.0).tolist() == [0, 1]
    assert count_below([-1, 0], 0.0, 1.0).tolist() == [0, 1]
    assert (beta_below([0, 1, 2], 3, 4) == [0, 1, 1]).all() and float(gamma_below(0, 3)) == 0


@given(mean=st.floats(0.1, 1000), more=st.floats(0.01, 1000))
def test_the_shape_gives_the_variance(mean: float, more: float):
    shape = float(count_shape(mean, mean + more))
    assert shape == NEARLY_POISSON or mean + mean**2 / shape == pytest.approx(mean + more)


def test_deviates():
    assert deviates(0.9) == pytest.approx(1.6448536) and deviates(0.95) == pytest.approx(1.959964)
