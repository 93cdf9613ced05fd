from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon

from geo.crs import (
    distance_m,
    from_mercator,
    gcj02_to_wgs84,
    in_china,
    mercator_to_wgs84,
    to_mercator,
    wgs84_to_gcj02,
    wgs84_to_mercator,
)

china_lon = st.floats(72.01, 137.83)
china_lat = st.floats(0.84, 55.82)


@given(lon=china_lon, lat=china_lat)
def test_gcj02_and_back_is_the_same_point(lon, lat):
    back = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    assert abs(back[0] - lon) < 1e-6
    assert abs(back[1] - lat) < 1e-6


@given(lon=st.floats(99.0, 103.0), lat=st.floats(20.0, 24.0))
def test_gcj02_moves_a_point_by_hundreds_of_metres_in_the_south_west(lon, lat):
    assert 50 < distance_m(lon, lat, *wgs84_to_gcj02(lon, lat)) < 900


@given(lon=st.one_of(st.floats(-180, 71.9), st.floats(137.9, 180)), lat=st.floats(-85, 85))
def test_gcj02_leaves_points_outside_china_alone(lon, lat):
    assert wgs84_to_gcj02(lon, lat) == (lon, lat)
    assert gcj02_to_wgs84(lon, lat) == (lon, lat)


def test_gcj02_agrees_with_the_published_example():
    lon, lat = wgs84_to_gcj02(116.404, 39.915)
    assert (lon, lat) == (pytest.approx(116.41024449916938, abs=1e-9), pytest.approx(39.91640428150164, abs=1e-9))


def test_arrays_come_back_as_arrays_of_the_same_length():
    lon, lat = gcj02_to_wgs84([100.8, 2.35], [22.0, 48.85])
    assert lon.shape == lat.shape == (2,)
    assert list(in_china([100.8, 2.35], [22.0, 48.85])) == [True, False]
    assert lon[0] != 100.8
    assert lon[1] == 2.35


@given(lon=st.floats(-180, 180), lat=st.floats(-85, 85))
def test_mercator_and_back_is_the_same_point(lon, lat):
    back = mercator_to_wgs84(*wgs84_to_mercator(lon, lat))
    assert np.allclose(back, (lon, lat), atol=1e-9)


def test_mercator_agrees_with_epsg_and_holds_the_poles():
    x, y = wgs84_to_mercator([180.0, 100.8], [90.0, 22.0])
    assert x[0] == pytest.approx(y[0]) == pytest.approx(20037508.342789244)
    assert (x[1], y[1]) == (pytest.approx(11221004.672, abs=0.01), pytest.approx(2511525.235, abs=0.01))


def test_geometries_keep_equal_vertices_equal():
    left, right = Polygon([(100, 22), (101, 22), (101, 23)]), Polygon([(101, 22), (102, 22), (101, 23)])
    moved = to_mercator([left, right])
    assert moved[0].exterior.coords[1] == moved[1].exterior.coords[0]
    assert from_mercator(moved[0]).equals_exact(left, 1e-9)
    assert to_mercator(Point(0, 0)).equals_exact(Point(0, 0), 1e-6)


@given(lon=st.floats(-180, 180), lat=st.floats(-80, 80), other=st.floats(-180, 180))
def test_distance_is_symmetric_and_zero_at_home(lon, lat, other):
    assert distance_m(lon, lat, lon, lat) == 0
    assert distance_m(lon, lat, other, -lat) == pytest.approx(float(distance_m(other, -lat, lon, lat)))


def test_a_degree_of_latitude_is_about_111_km():
    assert distance_m(100.0, 22.0, 100.0, 23.0) == pytest.approx(111195, rel=1e-4)
