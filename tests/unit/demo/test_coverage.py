from __future__ import annotations

import numpy as np
import pytest
import shapely

from demo.coverage import arcs_of, redraw, repair, sides_of, tiles_exactly
from demo.curves import densify, roughen

SQUARES = [shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(2)]


def test_slivers_and_gaps_are_closed():
    careless = [shapely.box(0, 0, 1.00002, 1), shapely.box(1, 0, 2, 1.00003), shapely.box(0, 1.00001, 2, 2)]
    assert not shapely.coverage_is_valid(careless)
    tiles = repair(careless, 1e-6)
    assert tiles_exactly(shapely.box(0, 0, 2, 2), tiles, 1e-4)
    assert shapely.coverage_is_valid(tiles)
    assert all(a.symmetric_difference(b).area < 1e-4 for a, b in zip(careless, tiles, strict=True))


def test_a_polygon_swallowed_by_another_is_told():
    with pytest.raises(ValueError, match="polygon 1 falls into 0 pieces"):
        repair([shapely.box(0, 0, 2, 2), shapely.box(0, 0, 1, 1)], 1e-6)


def test_every_border_is_held_once_with_both_its_sides():
    arcs = arcs_of(SQUARES)
    sides = sides_of(arcs, SQUARES)
    outer = shapely.union_all(SQUARES).exterior.length
    assert sum(arc.length for arc, beside in zip(arcs, sides, strict=True) if len(beside) == 1) == pytest.approx(outer)
    assert {len(beside) for beside in sides} == {1, 2}
    assert shapely.length(arcs).sum() == pytest.approx((outer + 24) / 2)


def test_a_redrawn_tiling_is_a_tiling_in_the_same_order():
    random = np.random.default_rng(3)
    tiles = redraw(SQUARES, lambda xy, sides, vigour: roughen(densify(xy, 0.05), 0.03 * vigour, random))
    assert shapely.coverage_is_valid(tiles)
    assert len(tiles) == len(SQUARES)
    assert all(tile.contains(square.centroid) for tile, square in zip(tiles, SQUARES, strict=True))
    assert shapely.get_num_coordinates(tiles).min() > 40


def test_wild_borders_fall_back_to_what_they_were():
    random = np.random.default_rng(3)
    tiles = redraw(SQUARES, lambda xy, sides, vigour: roughen(densify(xy, 0.05), 2.0 * vigour, random))
    assert shapely.coverage_is_valid(tiles)


def test_a_gap_an_overlap_or_a_missing_part_is_not_a_tiling():
    whole = shapely.box(0, 0, 2, 1)
    assert tiles_exactly(whole, [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    assert not tiles_exactly(whole, [shapely.box(0, 0, 1, 1), shapely.box(1.1, 0, 2, 1)])
    assert not tiles_exactly(whole, [shapely.box(0, 0, 1.1, 1), shapely.box(1, 0, 2, 1)])
    assert not tiles_exactly(whole, [shapely.box(0, 0, 1, 1)])
