from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.curves import calm, cut_corners, densify, resample, roughen, smooth, wander

STAIRS = np.array([(x // 2, (x + 1) // 2) for x in range(60)], dtype=float)


@given(st.integers(0, 2**32 - 1), st.sampled_from([4, 8, 16, 32]), st.floats(0, 1))
def test_a_wandering_line_keeps_its_ends_and_its_neighbourhood(seed, pieces, amplitude):
    line = wander(
        np.array([0.0, 0.0]),
        np.array([1.0, 2.0]),
        pieces=pieces,
        amplitude=amplitude,
        random=np.random.default_rng(seed),
    )
    assert tuple(line[0]) == (0, 0)
    assert tuple(line[-1]) == (1, 2)
    assert len(line) > pieces
    assert np.abs(2 * line[:, 0] - line[:, 1]).max() <= 4 * amplitude + 1e-9


def test_stairs_become_a_ramp_with_the_same_ends():
    ramp = smooth(STAIRS, 1.0, 0.5)
    assert (ramp[0] == STAIRS[0]).all()
    assert (ramp[-1] == STAIRS[-1]).all()
    turns = np.abs(np.diff(np.unwrap(np.arctan2(*np.diff(ramp, axis=0).T))))
    assert turns.max() < np.pi / 4
    assert np.abs(ramp[:, 0] - ramp[:, 1])[4:-4].max() < 1.0


def test_densifying_moves_nothing():
    dense = densify(STAIRS, 0.3)
    assert {tuple(xy) for xy in STAIRS} <= {tuple(xy) for xy in dense}
    assert np.hypot(*np.diff(dense, axis=0).T).max() <= 0.3


def test_resampling_is_even():
    steps = np.hypot(*np.diff(resample(np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]]), 0.5), axis=0).T)
    assert steps == pytest.approx(0.5, abs=1e-9)


def test_roughening_keeps_ends_and_count():
    line = resample(STAIRS, 0.5)
    rough = roughen(line, 0.2, np.random.default_rng(1))
    assert len(rough) == len(line)
    assert (rough[[0, -1]] == line[[0, -1]]).all()
    assert 0 < np.abs(rough - line).max() < 2


def test_cutting_corners_keeps_a_bare_segment():
    segment = np.array([[0.0, 0.0], [1.0, 0.0]])
    assert (cut_corners(segment) == segment).all()


def test_calming_keeps_the_ends_and_some_of_the_bend():
    bent = np.array([[0.0, 0.0], [1.0, 3.0], [2.0, 0.0]])
    assert calm(bent, 0.5).tolist() == [[0, 0], [1, 1.5], [2, 0]]
    assert calm(bent, 0.0)[1, 1] == pytest.approx(1.0)
    assert (calm(bent, 4.0) == bent).all()
