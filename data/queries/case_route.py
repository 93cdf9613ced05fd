"""The route of a case from organisation to organisation, as a small map: its stations, its place, the areas around."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data.queries import cases
from data.sql import load

#: Width over height of the picture, its height in pixels, and how far outlines reach past its edge, so that a cut is not seen.
ASPECT, HEIGHT_PX, BEYOND = 16 / 9, 360, 0.05
#: The view over the extent of its points, and its least height in degrees.
MARGIN, SMALLEST = 1.5, 0.06


@dataclass(frozen=True)
class Station:
    """An organisation that had the case, from when; without a place (None) it is listed and not drawn."""

    name: str
    at: datetime
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class RouteArea:
    """An area of the map: its outline as SVG path data in degrees, x squeezed and y upside down; a point in its visible
    part for its name; whether it is the case's own."""

    outline: str
    name: str
    lon: float
    lat: float
    own: bool


@dataclass(frozen=True)
class View:
    """What the picture shows, in degrees (WGS84); `squeeze` is the cosine of its latitude."""

    west: float
    south: float
    east: float
    north: float
    squeeze: float


@dataclass(frozen=True)
class CaseRoute:
    """The stations in their order, where the case lies (None: nowhere known), and the areas around, largest first."""

    stations: tuple[Station, ...]
    place: tuple[float, float] | None
    areas: tuple[RouteArea, ...]
    view: View


def route(connection: Connection, case_no: str, *, place_only: bool = False, locale: str = "zh_CN") -> CaseRoute:
    """The route of a case within what the viewer sees; `place_only`: the surroundings of its place, without stations.
    Raises Problem not_found."""
    row = cases.row(connection, case_no, locale=locale)
    keys = cases.numbered(connection, case_no, locale=locale)
    rows = [] if place_only else connection.execute(load("list_stations"), keys).mappings().all()
    stations: list[Station] = []
    for station in rows:
        if not stations or stations[-1].name != station["name"]:
            stations.append(Station(station["name"], station["at"], station["lon"], station["lat"]))
    place = None if row["lon"] is None else (row["lon"], row["lat"])
    view = _view(place, stations)
    around = _common([row["path"], *(station["path"] for station in rows)])
    depth = around.count("/")
    if place_only:
        # its neighbours, wherever they belong to
        around, depth = row["path"].split("/")[0] + "/", row["path"].count("/") - 1
    areas = _areas(connection, view, around, depth, own=row["path"], locale=locale)
    return CaseRoute(tuple(stations), place, areas, view)


def _areas(connection: Connection, view: View, around: str, depth: int, *, own: str, locale: str) -> tuple[RouteArea, ...]:
    beyond_x, beyond_y = (view.east - view.west) * BEYOND, (view.north - view.south) * BEYOND
    values = {
        "path": around, "hi": around[:-1] + "0", "depth": depth, "own": own, "locale": locale,
        "squeeze": view.squeeze, "pixel": (view.north - view.south) / HEIGHT_PX,
        "west": view.west - beyond_x, "east": view.east + beyond_x,
        "south": view.south - beyond_y, "north": view.north + beyond_y,
    }  # fmt: skip
    return tuple(RouteArea(**row) for row in connection.execute(load("list_outlines"), values).mappings())


def _view(place: tuple[float, float] | None, stations: list[Station]) -> View:
    """All points with a margin around them, about 10 km at least, in the proportions of the picture."""
    points = [(one.lon, one.lat) for one in stations if one.lon is not None and one.lat is not None]
    points += [place] if place else []
    lons, lats = [lon for lon, _ in points] or [0.0], [lat for _, lat in points] or [0.0]
    middle_x, middle_y = (max(lons) + min(lons)) / 2, (max(lats) + min(lats)) / 2
    squeeze = math.cos(math.radians(middle_y))
    high = max((max(lats) - min(lats)) * MARGIN, (max(lons) - min(lons)) * squeeze * MARGIN / ASPECT, SMALLEST)
    wide = high * ASPECT / squeeze
    return View(middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2, squeeze)


def _common(paths: list[str]) -> str:
    """The path of the smallest area that holds them all."""
    parts = [path.rstrip("/").split("/") for path in paths]
    held = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        held.append(step[0])
    return "/".join(held) + "/"
