"""An invented valley of two counties, four towns, sixteen hamlets, for tests of what comes in again and again.

Longitudes 8.0 to 8.8, latitudes 46.0 to 46.4; a county is half of it from west to east, a town half of a county from
south to north, a hamlet a quarter of a town.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shapely import box
from shapely.geometry import mapping as geojson_of
from sqlalchemy import text

from data.database import SYSTEM, Database
from imports.mapping import make_mapping

WEST, SOUTH, WIDTH, HEIGHT = 8.0, 46.0, 0.8, 0.4
REQUESTS = make_mapping({"categories": {"auto": "true", "kind": "request"}, "deployment": {"timezone": "Europe/Rome"}})
DISPUTES = make_mapping({"categories": {"auto": "true", "kind": "dispute"}, "deployment": {"timezone": "Europe/Rome"}})


def bounds(code: str) -> tuple[float, float, float, float]:
    """`V`, `V-E`, `V-E-N`, `V-E-N-3`: the valley, its eastern county, the northern town of it, the third hamlet of that."""
    west, south, width, height = WEST, SOUTH, WIDTH, HEIGHT
    parts = code.split("-")[1:]
    if parts:
        width /= 2
        west += width * (parts[0] == "E")
    if len(parts) > 1:
        height /= 2
        south += height * (parts[1] == "N")
    if len(parts) > 2:
        width, height, number = width / 2, height / 2, int(parts[2]) - 1
        west, south = west + width * (number % 2), south + height * (number // 2)
    return west, south, west + width, south + height


def middle(code: str) -> tuple[float, float]:
    west, south, east, north = bounds(code)
    return (west + east) / 2, (south + north) / 2


def codes() -> list[str]:
    counties = [f"V-{side}" for side in "WE"]
    towns = [f"{county}-{side}" for county in counties for side in "SN"]
    return ["V", *counties, *towns, *(f"{town}-{n}" for town in towns for n in range(1, 5))]


def feature(code: str, shape: Any = None, **values: Any) -> dict[str, Any]:
    """One area; `shape` None: its own square. Only the values given, and the code, are properties."""
    return {
        "type": "Feature",
        "properties": {"code": code, **values},
        "geometry": shape if isinstance(shape, dict) else geojson_of(shape or box(*bounds(code))),
    }


def full(code: str, **values: Any) -> dict[str, Any]:
    """One area with everything that a file may tell."""
    told = {"name": f"Place {code}", "name_en": f"{code} (en)", "short_name": code[-3:], "households": 100}
    return feature(code, **{**told, "parent": code.rpartition("-")[0] or None, **values})


def write_map(path: Path, features: Iterable[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False), "utf-8")
    return path


def write_table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), "utf-8")
    return path


def rows(database: Database, sql: str, **values: Any) -> list[tuple]:
    with database.reading(SYSTEM) as connection:
        return [tuple(row) for row in connection.execute(text(sql), values)]


def one(database: Database, sql: str, **values: Any) -> tuple:
    (found,) = rows(database, sql, **values)
    return found


def dump(database: Database, *tables: str) -> dict[str, list[str]]:
    """Whole tables as texts, with the number of the transaction that wrote each row: a row written again is another."""
    return {
        table: sorted(str(row) for row in rows(database, f"SELECT t.xmin::text, t.* FROM {table} t")) for table in tables
    }
