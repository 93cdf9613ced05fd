"""The offline base map."""

from __future__ import annotations

from sqlalchemy import Connection

from data.sql import load


def features(connection: Connection, kind: str) -> str:
    """A GeoJSON FeatureCollection (WGS84) of one kind: river, outline or place_name."""
    return connection.execute(load("write_base_features"), {"kind": kind}).scalar_one()
