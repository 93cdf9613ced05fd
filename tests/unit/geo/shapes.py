"""Outlines for the tests of geometry."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import strategies as st

from demo.curves import densify


def star(radii: list[float], lon: float = 100.8, lat: float = 22.0, size: float = 0.05) -> shapely.Polygon:
    """A star-shaped area around a point, with a dense outline on the grid of the coordinates we keep."""
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    reach = size * np.array(radii)
    ring = np.column_stack((lon + reach * np.cos(angles), lat + reach * np.sin(angles)))
    return shapely.Polygon(np.round(densify(np.vstack((ring, ring[:1])), size / 60), 7))


stars = st.lists(st.floats(0.45, 1.0), min_size=6, max_size=20).map(star)
