from __future__ import annotations

import pytest

from geo.levels import DEMONSTRATION, below, leaf, level_of


def test_the_ladder_runs_from_the_prefecture_to_the_grid():
    assert [level.code for level in DEMONSTRATION] == ["prefecture", "county", "township", "village", "grid"]
    assert [level.depth for level in DEMONSTRATION] == [0, 1, 2, 3, 4]
    assert [level.has_centre for level in DEMONSTRATION] == [True, True, True, True, False]


def test_every_level_has_a_name_in_both_languages():
    assert all(level.names.keys() == {"zh_CN", "en"} and all(level.names.values()) for level in DEMONSTRATION)


def test_one_goes_down_the_ladder_to_the_leaf():
    level, seen = level_of("prefecture"), 0
    while (lower := below(level)) is not None:
        level, seen = lower, seen + 1
    assert (level, seen) == (leaf(), 4)


def test_an_unknown_level_is_an_error():
    with pytest.raises(KeyError):
        level_of("street")
