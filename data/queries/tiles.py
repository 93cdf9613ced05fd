"""Vector tiles of a level, simplified per zoom band, clipped to what the viewer may see."""

from __future__ import annotations

from data.database import Database
from data.sql import load
from geo.simplify import band_at
from rules.access import Viewer
from rules.errors import Problem

MAX_ZOOM = 20


def tile(database: Database, viewer: Viewer, *, level: str, version: int, z: int, x: int, y: int) -> bytes:
    """A Mapbox vector tile: layer = level, feature id = area id, property `code`.

    Tiles are drawn at four to eight times 256 pixels, so the shapes are those of two zooms further in.

    Raises Problem not_found for an unknown level or a tile outside the world, old_boundaries for another version.
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise Problem("not_found")
    values = {"level": level, "version": version, "band": band_at(z + 2).number, "z": z, "x": x, "y": y}
    row = database.look(viewer, load("draw_tile"), values)
    if row is None:
        raise Problem("not_found")
    if row["boundary_version"] != version:
        raise Problem("old_boundaries")
    return bytes(row["tile"] or b"")
