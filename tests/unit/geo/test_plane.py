"""The flat picture of a region: there and back, and distances as on the globe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import EARTH_RADIUS_M
from geo.plane import Plane

near = st.tuples(st.floats(100, 101), st.floats(21.5, 22.5))


def on_the_globe(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lon1, lat1), (lon2, lat2) = np.radians(a), np.radians(b)
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return float(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)))


@given(near, near)
def test_distances_are_those_of_the_globe(a, b):
    plane = Plane(100.5, 22.0)
    x, y = plane.metres(*np.transpose([a, b]))
    assert float(np.hypot(x[0] - x[1], y[0] - y[1])) == pytest.approx(on_the_globe(a, b), rel=0.006, abs=0.01)


@given(near)
def test_there_and_back(point):
    plane = Plane(100.5, 22.0)
    assert [float(one) for one in plane.degrees(*plane.metres(*point))] == pytest.approx(point, abs=1e-9)


def test_the_middle_of_the_points():
    assert Plane.of([1, 3, 1.5], [10, 20, 11]) == Plane(2, 15) and Plane.of([], []) == Plane(0, 0)
