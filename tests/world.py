"""A small invented deployment for tests: two counties of two villages of two grids, squares side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from shapely import box
from sqlalchemy import text

from data import accounts, bulk
from data.database import Database
from data.services import Clock
from rules.access import Role, Viewer

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
LEVELS = ("city", "county", "village", "grid")
PASSWORD = "correct horse"


@dataclass
class World:
    """Codes: C > C1, C2 > C1V1 ... > C1V1G1 ...; one degree a county, west to east."""

    database: Database
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    organisations: dict[str, int] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)

    def point_in(self, code: str) -> tuple[float, float]:
        west, south, east, north = bounds(code)
        return (west + east) / 2, (south + north) / 2


def bounds(code: str) -> tuple[float, float, float, float]:
    """West, south, east, north of a square: counties beside each other, villages and grids halve them in turn."""
    west, south, east, north = 100.0, 20.0, 102.0, 21.0
    steps = [int(digit) - 1 for digit in code if digit.isdigit()]
    for depth, step in enumerate(steps):
        if depth % 2 == 0:
            width = (east - west) / 2
            west, east = west + step * width, west + (step + 1) * width
        else:
            height = (north - south) / 2
            south, north = south + step * height, south + (step + 1) * height
    return west, south, east, north


def codes() -> list[str]:
    counties = ["C1", "C2"]
    villages = [f"{county}V{n}" for county in counties for n in (1, 2)]
    return ["C", *counties, *villages, *(f"{village}G{n}" for village in villages for n in (1, 2))]


def build_world(database: Database) -> World:
    """Fill an empty migrated database; tests get clones of it through the `world` fixture."""
    world = World(database)
    with database.owning() as connection:
        for depth, level in enumerate(LEVELS):
            connection.execute(
                text("INSERT INTO area_level (depth, code, names, has_centre) VALUES (:d, :c, :n, :h)"),
                {"d": depth, "c": level, "n": f'{{"en": "{level}", "zh_CN": "{level}"}}', "h": level != "grid"},
            )
        connection.execute(text("INSERT INTO deployment VALUES ('timezone', '\"Asia/Shanghai\"'), ('root', '\"C\"')"))
        connection.execute(
            text(
                "INSERT INTO category (code, kind, names) VALUES ('neighbour', 'dispute', '{\"en\": \"Neighbours\"}'),"
                " ('fire', 'hazard', '{\"en\": \"Fire\"}')"
            )
        )
        bulk.create_prefecture(connection, "C")
        bulk.insert_areas(connection, map(_area, codes()))
        bulk.rebuild_shapes(connection)
        for code in codes():
            if not code[-2:].startswith("G"):
                _organisation(connection, world, f"centre-{code}", "centre", code, ())
        _organisation(connection, world, "justice-C1", "department", "C1", ("neighbour",))
        _organisation(connection, world, "fire-C", "department", "C", ("fire",))
        _organisation(connection, world, "mediators-C", "mediation", "C", ("neighbour",))
        for name, role, area, organisation in (
            ("leader", Role.leader, "C", "centre-C"),
            ("dispatcher", Role.dispatcher, "C", "centre-C"),
            ("dispatcher.c1", Role.dispatcher, "C1", "centre-C1"),
            ("dispatcher.c2", Role.dispatcher, "C2", "centre-C2"),
            ("handler", Role.handler, "C1", "justice-C1"),
            ("handler.fire", Role.handler, "C", "fire-C"),
            ("auditor", Role.auditor, "C", None),
            ("admin", Role.admin, "C", None),
        ):
            accounts.add_user(
                connection, username=name, password=PASSWORD, role=role, area=area, organisation=organisation, now=NOW
            )
    for name in (
        "leader",
        "dispatcher",
        "dispatcher.c1",
        "dispatcher.c2",
        "handler",
        "handler.fire",
        "auditor",
        "admin",
    ):
        world.viewers[name] = accounts.log_in(database, name, PASSWORD, NOW).viewer
    return world


def _area(code: str) -> dict:
    depth = sum(character.isdigit() for character in code)
    west, south, east, north = bounds(code)
    return {
        "code": code,
        "name": code,
        "short_name": code,
        "names": {"en": code},
        "level": LEVELS[depth],
        "depth": depth,
        "parent_code": None if depth == 0 else (code[:-2] if depth > 1 else "C"),
        "geom": box(west, south, east, north),
        "lon": (west + east) / 2,
        "lat": (south + north) / 2,
        "bbox": [west, south, east, north],
        "area_km2": 100.0,
        "households": 100,
        "synthetic": True,
    }


def _organisation(connection, world: World, code: str, kind: str, area: str, duties: tuple[str, ...]) -> None:
    west, south, east, north = bounds(area)
    world.organisations[code] = connection.execute(
        text(
            "INSERT INTO organisation (prefecture, code, name, names, kind, area_id, path, lon, lat, capacity)"
            " SELECT 'C', :code, :code, '{}', :kind, id, path, :lon, :lat, 10 FROM area WHERE code = :area RETURNING id"
        ),
        {"code": code, "kind": kind, "area": area, "lon": (west + east) / 2, "lat": (south + north) / 2},
    ).scalar_one()
    for duty in duties:
        connection.execute(text("INSERT INTO duty VALUES (:o, :c)"), {"o": world.organisations[code], "c": duty})
