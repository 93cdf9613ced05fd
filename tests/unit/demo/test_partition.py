from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.coverage import tiles_exactly
from demo.partition import partition
from tests.unit.geo.shapes import star, stars

calm = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@calm
@given(area=stars, parts=st.integers(1, 14), seed=st.integers(0, 2**32 - 1))
def test_parts_tile_the_area_exactly(area, parts, seed):
    pieces = partition(area, parts, seed=seed)
    assert len(pieces) == parts
    assert all(piece.geom_type == "Polygon" and piece.is_valid and not len(piece.interiors) for piece in pieces)
    assert tiles_exactly(area, pieces)
    assert sum(piece.area for piece in pieces) == pytest.approx(area.area, rel=1e-9)


@calm
@given(area=stars, parts=st.integers(2, 10), seed=st.integers(0, 2**32 - 1))
def test_the_outline_gets_no_new_vertex(area, parts, seed):
    united = shapely.coverage_union_all(partition(area, parts, seed=seed))
    corners = {tuple(xy) for xy in shapely.get_coordinates(united)}
    assert corners == {tuple(xy) for xy in shapely.get_coordinates(area)}


@calm
@given(area=stars, seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_parts(area, seed):
    first, second = partition(area, 6, seed=seed), partition(area, 6, seed=seed)
    assert all(a.equals_exact(b, 0) for a, b in zip(first, second, strict=True))


def test_no_part_is_a_sliver():
    pieces = [piece for seed in range(20) for piece in partition(star([1.0] * 12), 9, seed=seed)]
    roundness = 4 * np.pi * shapely.area(pieces) / shapely.length(pieces) ** 2
    assert roundness.min() > 0.15
    assert np.median(roundness) > 0.4


def test_borders_between_parts_are_curves():
    area = star([1.0] * 12)
    inner = shapely.union_all(shapely.boundary(partition(area, 8, seed=4))).difference(area.exterior.buffer(1e-9))
    arcs = shapely.get_parts(shapely.line_merge(inner))
    ends = shapely.get_point(arcs, 0), shapely.get_point(arcs, -1)
    bent = shapely.length(arcs) / np.maximum(shapely.distance(*ends), 1e-12)
    assert np.median(shapely.get_num_coordinates(arcs)) > 5
    assert np.median(bent) > 1.01


def test_parts_are_smaller_near_the_seat():
    area, near, far = star([1.0] * 12), [], []
    for seed in range(12):
        pieces = partition(area, 12, seed=seed, seat=(100.8, 22.0), gain=6.0)
        inside = shapely.dwithin(pieces, shapely.Point(100.8, 22.0), 0.01)
        near += shapely.area(np.array(pieces)[inside]).tolist()
        far += shapely.area(np.array(pieces)[~inside]).tolist()
    assert np.mean(near) < 0.7 * np.mean(far)


@pytest.mark.parametrize(
    "area",
    [shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2)), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])],
)
def test_holes_and_crossings_are_refused(area):
    with pytest.raises(ValueError, match="without holes"):
        partition(area, 3, seed=1)


def test_an_outline_too_coarse_is_refused():
    with pytest.raises(ValueError, match="too coarse"):
        partition(shapely.Polygon([(0, 0), (1, 0), (0, 1)]), 5, seed=1)
