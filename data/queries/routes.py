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
    for one in rows:
        if not stations or stations[-1].name != one["name"]:
            stations.append(Station(one["name"], one["at"], one["lon"], one["lat"]))
    place = None if row["lon"] is None else (row["lon"], row["lat"])
    paths = [row["path"], *(one["path"] for one in rows)]
    around = _common(paths)
    squeeze = math.cos(math.radians(place[1] if place else next((one["lat"] for one in rows if one["lat"]), 0.0)))
    outlines = connection.execute(
        load("list_outlines"),
        {"path": around, "hi": around[:-1] + "0", "depth": around.count("/"), "squeeze": squeeze},
    ).scalars()
    return CaseRoute(tuple(stations), place, tuple(outline for outline in outlines if outline), squeeze)


def _common(paths: list[str]) -> str:
    """The path of the smallest area that holds them all."""
    parts = [path.rstrip("/").split("/") for path in paths]
    held = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        held.append(step[0])
    return "/".join(held) + "/"
