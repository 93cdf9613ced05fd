"""A point in words: the area that it lies in, and the key place that it is near."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from data.sql import load
from rules.access import Viewer

#: Metres within which a key place says where a point is.
REACH_M = 500


def describe(connection: Connection, *, lon: float, lat: float, viewer: Viewer) -> dict[str, Any]:
    """Area (code, name, place: the names around it) of a WGS84 point, and near: name and distance_m; each None where there
    is none that the viewer may see."""
    values = {"lon": lon, "lat": lat, "reach": REACH_M, "locale": viewer.locale, "own": viewer.area_code}
    row = connection.execute(load("describe_point"), values).mappings().one()
    near = {"name": row["near"], "distance_m": round(row["distance_m"])} if row["near"] is not None else None
    return {"area": row["area"], "name": row["name"], "place": row["place"] or "", "near": near}
