"""The way of a case from body to body, as a small map: its stations, its place, and the outlines of the areas around."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data.queries import cases
from data.sql import load


@dataclass(frozen=True)
class Station:
    """A body that had the case, from when; without a place (None) it is told and not drawn."""

    name: str
    at: datetime
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class CaseRoute:
    """`outlines` are SVG path data in degrees, x squeezed by `squeeze` and y upside down, as the marks have to be."""

    stations: tuple[Station, ...]
    place: tuple[float, float] | None
    outlines: tuple[str, ...]
    squeeze: float


def route(connection: Connection, case_no: str, *, locale: str = "zh_CN") -> CaseRoute:
    """The route of a case within what the viewer sees. Raises Problem not_found."""
    row = cases.row(connection, case_no, locale=locale)
    rows = connection.execute(load("list_stations"), {"case_no": case_no, "locale": locale}).mappings().all()
    stations: list[Station] = []
    for stop in rows:
        if not stations or stations[-1].name != stop["name"]:
            stations.append(Station(stop["name"], stop["at"], stop["lon"], stop["lat"]))
    place = None if row["lon"] is None else (row["lon"], row["lat"])
    paths = [row["path"], *(one["path"] for one in rows)]
    around = _common(paths)
    squeeze = math.cos(math.radians(place[1] if place else next((one["lat"] for one in rows if one["lat"]), 0.0)))
    outlines = connection.execute(
        load("list_outlines"),
        {
            "path": around,
            "hi": around[:-1] + "0",
            "depth": around.count("/"),
            "squeeze": squeeze,
            **_box(place, stations),
        },
    ).scalars()
    return CaseRoute(tuple(stations), place, tuple(outline for outline in outlines if outline), squeeze)


def _box(place: tuple[float, float] | None, stations: list[Station]) -> dict[str, float]:
    """Twice the extent of all points, and 10 km at least."""
    points = [(one.lon, one.lat) for one in stations if one.lon is not None and one.lat is not None]
    points += [place] if place else []
    lons, lats = [lon for lon, _ in points] or [0.0], [lat for _, lat in points] or [0.0]
    wide, high = max(max(lons) - min(lons), 0.1), max(max(lats) - min(lats), 0.1)
    return {
        "west": min(lons) - wide, "east": max(lons) + wide, "south": min(lats) - high, "north": max(lats) + high,
    }  # fmt: skip


def _common(paths: list[str]) -> str:
    """The path of the smallest area that holds them all."""
    parts = [path.rstrip("/").split("/") for path in paths]
    held = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        held.append(step[0])
    return "/".join(held) + "/"
