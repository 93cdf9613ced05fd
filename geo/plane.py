"""A flat picture of a region: metres east and north of its middle, for distances of some tens of kilometres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import EARTH_RADIUS_M

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """Equirectangular about (`lon`, `lat`): true to scale along its middle parallel and every meridian. Half a degree of
    latitude away distances east to west are off by less than 1 % up to 48 degrees."""

    lon: float
    lat: float

    @classmethod
    def of(cls, lon: ArrayLike, lat: ArrayLike) -> Plane:
        """About the middle of some points (WGS84 degrees); about 0, 0 for none."""
        x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        return cls(float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2) if x.size else cls(0.0, 0.0)

    @property
    def _scale(self) -> tuple[float, float]:
        north = np.pi / 180 * EARTH_RADIUS_M
        return float(north * np.cos(np.radians(self.lat))), float(north)

    def metres(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        east, north = self._scale
        return (np.asarray(lon, dtype=float) - self.lon) * east, (np.asarray(lat, dtype=float) - self.lat) * north

    def degrees(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        east, north = self._scale
        return np.asarray(x, dtype=float) / east + self.lon, np.asarray(y, dtype=float) / north + self.lat
