from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.labels import area_km2, label_of


@given(st.lists(st.floats(0.2, 1.0), min_size=5, max_size=24), st.floats(-170, 170), st.floats(-70, 70))
def test_the_label_stands_inside_whatever_the_shape(radii, lon, lat):
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    star = shapely.Polygon(np.column_stack((lon + radii * np.cos(angles), lat + radii * np.sin(angles))))
    label = label_of(star)
    assert star.contains(shapely.Point(label.lon, label.lat))
    assert label.bbox == star.bounds
    assert label.area_km2 > 0


def test_a_horseshoe_is_labelled_on_its_iron():
    shoe = shapely.box(0, 0, 1, 1).difference(shapely.box(0.1, 0.1, 0.9, 1))
    label = label_of(shoe)
    assert shoe.contains(shapely.Point(label.lon, label.lat))


def test_the_largest_part_carries_the_label():
    label = label_of(shapely.MultiPolygon([shapely.box(0, 0, 0.1, 0.1), shapely.box(5, 5, 6, 6)]))
    assert 5 < label.lon < 6


def test_area_agrees_with_the_geodesic_one_on_the_ellipsoid():
    assert area_km2(shapely.box(0, 0, 1, 1)) == pytest.approx(12308.778, rel=1e-4)
    assert area_km2(shapely.box(100, 21, 102, 23)) == pytest.approx(45737.4, rel=1e-4)


def test_an_empty_shape_has_no_label():
    with pytest.raises(ValueError, match="empty"):
        label_of(shapely.Polygon())
