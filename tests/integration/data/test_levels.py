"""A sixth level is data: it is drilled, counted, tiled and located without a line of code that names it."""

from __future__ import annotations

from shapely import box
from sqlalchemy import text

from data import bulk, schema
from data.commands.tiers import recompute_tiers
from data.database import SYSTEM
from data.queries import areas, summaries, tiers, tiles
from tests.steps.commands import report
from tests.world import NOW, World, bounds


def add_buildings(world: World) -> None:
    """Two levels more below every grid of C1V1: halves of halves."""
    rows = []
    for grid in ("C1V1G1", "C1V1G2"):
        west, south, east, north = bounds(grid)
        middle = (south + north) / 2
        for number, (low, high) in enumerate(((south, middle), (middle, north)), 1):
            rows.append((f"{grid}B{number}", grid, (west, low, east, high)))
            rows.append((f"{grid}B{number}F1", f"{grid}B{number}", (west, low, east, high)))
    with world.database.owning() as connection:
        for depth, level in ((4, "building"), (5, "floor")):
            connection.execute(
                text("INSERT INTO area_level (depth, code, names, has_centre) VALUES (:d, :c, '{}', false)"),
                {"d": depth, "c": level},
            )
        for code, parent, extent in rows:
            connection.execute(
                text(
                    "INSERT INTO area (code, name, short_name, names, level, depth, parent_id, path, ancestor_ids, leaf,"
                    " prefecture, geom, lon, lat, bbox, area_km2)"
                    " SELECT :code, :code, :code, '{}', :level, p.depth + 1, p.id, p.path || :code || '/', p.ancestor_ids || 0,"
                    " true, p.prefecture, ST_Multi(ST_GeomFromText(:wkt, 4326)), :lon, :lat, :bbox, 1 FROM area p"
                    " WHERE p.code = :parent"
                ),
                {"code": code, "parent": parent, "level": "floor" if "F" in code else "building", "wkt": box(*extent).wkt,
                 "lon": (extent[0] + extent[2]) / 2, "lat": (extent[1] + extent[3]) / 2, "bbox": list(extent)},
            )  # fmt: skip
            connection.execute(
                text("UPDATE area SET ancestor_ids = array_remove(ancestor_ids, 0) || id WHERE code = :code"),
                {"code": code},
            )
            connection.execute(text("UPDATE area SET leaf = false WHERE code = :code"), {"code": parent})
        bulk.rebuild_shapes(connection)
        recompute_tiers(connection, now=NOW)


def test_six_levels_are_drilled_and_counted(world):
    add_buildings(world)
    case = report(world, at="C1V1G1", lat=bounds("C1V1G1")[1] + 0.01)
    assert case["area"] == "C1V1G1B1F1"
    with world.database.reading(SYSTEM) as connection:
        assert [level["code"] for level in areas.levels(connection)] == [
            "city",
            "county",
            "village",
            "grid",
            "building",
            "floor",
        ]
        code, seen = "C", []
        while True:
            seen.append(code)
            assert summaries.summary(connection, areas.key(connection, code), NOW, SYSTEM)["open"] == 1
            busy = [child for child in summaries.children(connection, areas.key(connection, code), NOW, SYSTEM) if child["open"]]
            if not busy:
                break
            code = busy[0]["code"]
        assert seen == ["C", "C1", "C1V1", "C1V1G1", "C1V1G1B1", "C1V1G1B1F1"]
        assert len(tiers.compact(connection, areas.key(connection, "C"), "floor")["code"]) == 4
        version = areas.levels(connection)[-1]["boundary_version"]
        assert b"C1V1G1B1F1" in tiles.tile(world.database, SYSTEM, level="floor", version=version, z=6, x=49, y=28)


def test_the_models_are_what_the_migrations_make(database):
    with database.owning() as connection:
        assert schema.drift(connection) == []
