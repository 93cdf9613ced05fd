"""Vector tiles of a level, simplified per zoom band, clipped to what the viewer may see."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.simplify import band_at
from rules.errors import Problem

MAX_ZOOM = 20


def tile(connection: Connection, *, level: str, version: int, z: int, x: int, y: int) -> bytes:
    """A Mapbox vector tile: layer = level, feature id = area id, property `code`.

    Tiles are drawn at two to four times 256 pixels, so the shapes are those of the zoom after this one.

    Raises Problem not_found for an unknown level or a tile outside the world, old_boundaries for another version.
    """
    current = connection.execute(
        text("SELECT boundary_version FROM area_level WHERE code = :level"), {"level": level}
    ).scalar()
    if current is None or not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise Problem("not_found")
    if current != version:
        raise Problem("old_boundaries")
    found = connection.execute(
        text("SELECT area_tile(:level, :band, :z, :x, :y)"),
        {"level": level, "band": band_at(z + 1).number, "z": z, "x": x, "y": y},
    ).scalar()
    return bytes(found or b"")
