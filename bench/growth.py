"""The same queries with a hundred times the cases: cost has to follow the area in view, not the number of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text

from bench.figures import Row, median_ms, timed
from bench.world import World
from data.database import SYSTEM
from data.queries import areas, cases, summaries, trends

TIMES = 100
COPIES = text(
    "INSERT INTO cases (prefecture, case_no, kind, category, title, description, severity, source, status, area_id, path, lon, lat,"
    " geom, centre_id, centre_path, holder_id, holder_path, sender_id, responsible_id, version, reported_at, status_since, due_at,"
    " settled_at, closed_at, returned_n)"
    " SELECT prefecture, case_no || '-' || n, kind, category, title, '', severity, source, status, area_id, path, lon, lat, geom,"
    " centre_id, centre_path, holder_id, holder_path, sender_id, responsible_id, version, reported_at, status_since, due_at,"
    " settled_at, closed_at, returned_n FROM cases, generate_series(:first, :last) n WHERE length(case_no) = 21"
)


def measure(world: World) -> Iterator[Row]:
    now = world.database and _now(world)
    few = _measure_queries(world, now)
    _multiply(world)
    many = _measure_queries(world, now)
    for name, once in few.items():
        yield Row(
            "growth", name, many[name] / once, f"x at {TIMES}x cases", "1.5", f"{once:.1f} ms to {many[name]:.1f} ms"
        )


def _now(world: World):
    with world.database.reading(SYSTEM) as connection:
        return connection.execute(text("SELECT max(reported_at) FROM cases")).scalar_one()


def _measure_queries(world: World, now) -> dict[str, float]:
    village = "532801001003"

    def reading(query: Callable[[Connection], object]) -> Callable[[], object]:
        def read() -> object:
            with world.database.reading(SYSTEM) as connection:
                return query(connection)

        return read

    def listed(code: str, status: str) -> Callable[[Connection], object]:
        return lambda connection: cases.page(connection, cases.CaseFilter(code, status=status), now, SYSTEM)

    queries = {
        "summary of the prefecture": lambda connection: summaries.summary(connection, areas.key(connection, "532800"), now, SYSTEM),
        "summary of a village": lambda connection: summaries.summary(connection, areas.key(connection, village), now, SYSTEM),
        "children of a county": lambda connection: summaries.children(connection, areas.key(connection, "532801"), now, SYSTEM),
        "first page of open cases, prefecture": listed("532800", "open"),
        "first page of waiting cases, village": listed(village, "waiting"),
        "twelve months": lambda connection: trends.monthly(connection, areas.key(connection, "532800"), now),
    }
    return {name: median_ms(timed(reading(query), 15, warm_up=3)) for name, query in queries.items()}


def _multiply(world: World) -> None:
    step = 11
    for first in range(1, TIMES, step):
        with world.database.owning() as connection:
            connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
            connection.execute(COPIES, {"first": first, "last": min(first + step - 1, TIMES - 1)})
    with world.database.owning() as connection:
        connection.execute(text("SELECT rebuild_rollups('532800')"))
    world.cluster.run_sql("VACUUM ANALYZE", "gridboard")
