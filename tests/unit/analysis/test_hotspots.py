"""Local Gi* against the reference implementation, and what it says of nothing."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.hotspots import false_discovery_rates, local_gi_star

SIDE = 9


def lattice(side: int = SIDE) -> list[list[int]]:
    def beside(row: int, column: int) -> list[int]:
        around = [(row + dr, column + dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc]
        return [r * side + c for r, c in around if 0 <= r < side and 0 <= c < side]

    return [beside(row, column) for row in range(side) for column in range(side)]


def reference(values: np.ndarray, neighbours: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda.getisord import G_Local
        from libpysal.weights import W

        weights = W(dict(enumerate(neighbours)), silence_warnings=True)
        found = G_Local(values, weights, transform="B", star=True, permutations=0)
    return found.Zs, found.p_norm


@pytest.mark.parametrize("seed", range(4))
def test_it_equals_the_reference_implementation(seed: int):
    values = np.random.default_rng(seed).poisson(3, SIDE * SIDE).astype(float)
    found, (z, one_sided) = local_gi_star(values, lattice()), reference(values, lattice())
    assert found.z == pytest.approx(z, abs=1e-9)
    assert found.p == pytest.approx(2 * one_sided, abs=1e-9)


def test_a_hot_spot_is_told_from_a_single_full_place():
    values = np.ones(SIDE * SIDE)
    values[[0, 1, SIDE, SIDE + 1]] = 9
    found = local_gi_star(values, lattice())
    assert found.z.argmax() == 0 and found.q[0] < 0.05 and found.z[-1] < 0


def test_false_discoveries_are_controlled_where_there_is_nothing():
    """Of 200 maps of chance one in ten or fewer shows any place at a rate of 0.1 (neighbours share what they hold)."""
    random = np.random.default_rng(1995)
    maps = [local_gi_star(random.normal(size=SIDE * SIDE), lattice()) for _ in range(200)]
    assert sum((one.q <= 0.1).any() for one in maps) <= 34


@pytest.mark.parametrize(
    ("values", "neighbours"), [([], []), ([5.0], [[]]), ([2.0, 2.0, 2.0], [[1], [0, 2], [1]]), ([1.0, 9.0], [[1], [0]])]
)
def test_nothing_to_tell(values: list[float], neighbours: list[list[int]]):
    found = local_gi_star(values, neighbours)
    assert found.z.tolist() == [0] * len(values) and found.p.tolist() == [1] * len(values)


def test_values_and_neighbours_belong_together():
    with pytest.raises(ValueError):
        local_gi_star([1.0], [])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_rates_of_false_discovery(p: list[float]):
    q = false_discovery_rates(p)
    order = np.argsort(p, kind="stable")
    assert (np.diff(q[order]) >= -1e-12).all() and (q >= np.array(p) - 1e-12).all() and (q <= 1).all()
    for level in (0.05, 0.1, 0.5):
        ranked = sorted(p)
        most = max((rank for rank, one in enumerate(ranked, 1) if one <= level * rank / len(p)), default=0)
        assert np.count_nonzero(q <= level + 1e-12) >= most
