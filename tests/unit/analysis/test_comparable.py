from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparable import comparable

HOMES = [300, 310, 600, 150, 300, 305, 0]
AREA = [1.0, 1.0, 2.0, 1.0, 1.0, 9.0, 1.0]
SETTING = ["town", "town", "town", "town", "village", "town", "town"]


def test_the_nearest_of_the_same_setting_come_first():
    found = comparable(0, HOMES, AREA, SETTING)
    assert found.rows.tolist() == [1, 2, 3, 5, 4] and found.same_setting.tolist() == [True, True, True, True, False]
    assert found.distance[1] == 1 and found.distance[2] == pytest.approx(2**0.5) and found.distance[4] == 0


def test_without_households_areas_are_compared():
    found = comparable(1, [0] * 4, [1, 2, 2.1, 8], count=2)
    assert found.rows.tolist() == [2, 0] and found.distance[1] == 1
    assert comparable(1, [np.nan] * 4, [1, 2, 2.1, 8], count=2).rows.tolist() == [2, 0]


def test_a_grid_alone_has_nothing_beside_it():
    assert comparable(6, HOMES, AREA).rows.tolist() == [] and comparable(0, [5], [1]).rows.tolist() == []


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(1, 50), st.integers(0, 2)), min_size=2, max_size=30))
def test_nobody_left_out_is_nearer(grids: list[tuple[int, int, int]]):
    homes, area, setting = (np.array(column) for column in zip(*grids, strict=True))
    found = comparable(0, homes, area, setting)
    assert len(found.rows) == min(5, len(grids) - 1) and 0 not in found.rows and (found.distance >= 0).all()
    order = [(not same, apart) for same, apart in zip(found.same_setting, found.distance, strict=True)]
    assert order == sorted(order)
    everyone = comparable(0, homes, area, setting, count=99)
    assert everyone.rows[:5].tolist() == found.rows.tolist() and len(everyone.rows) == len(grids) - 1
    if len(grids) > 1:
        back = comparable(int(found.rows[0]), homes, area, setting, count=99)
        assert back.distance[back.rows.tolist().index(0)] == pytest.approx(found.distance[0])


@pytest.mark.parametrize(("homes", "area"), [([1, 2], [1]), ([1, 2], [0, 1]), ([-1, 2], [1, 1])])
def test_what_makes_no_sense_is_refused(homes: list, area: list):
    with pytest.raises(ValueError):
        comparable(0, homes, area)
