"""The same queries with a hundred times the prefectures, and then the cases: cost has to follow the area in view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection, text

from bench.figures import Row, median_ms, timed
from bench.world import World
from data import accounts
from data.bulk import CASE_COLUMNS
from data.queries import areas, cases, summaries, trends
from data.server.cluster import DATABASE
from rules.access import Viewer

PREFECTURE, COUNTY, VILLAGE = "532800", "532801", "532801001003"
TIMES = 100
PREFECTURES = 100
#: Of each further prefecture: a case of the same place, so that no further areas have to be drawn.
CASES_ELSEWHERE = 200


def measure(world: World) -> Iterator[Row]:
    viewer = accounts.viewer_named(world.database, "leader")
    now, number = _newest(world, viewer)
    once = _measure_queries(world, viewer, now, number)
    _add_prefectures(world)
    yield from _rows(once, _measure_queries(world, viewer, now, number), f"x at {PREFECTURES} prefectures")
    _multiply(world)
    yield from _rows(
        once, _measure_queries(world, viewer, now, number), f"x at {TIMES}x cases and {PREFECTURES} prefectures"
    )


def _rows(once: dict[str, float], many: dict[str, float], unit: str) -> Iterator[Row]:
    for name, few in once.items():
        yield Row("growth", name, many[name] / few, unit, "1.5", f"{few:.1f} ms to {many[name]:.1f} ms")


def _newest(world: World, viewer: Viewer) -> tuple[datetime, str]:
    with world.database.reading(viewer) as connection:
        row = connection.execute(text("SELECT reported_at, case_no FROM cases ORDER BY reported_at DESC LIMIT 1")).one()
    return row.reported_at, row.case_no


def _measure_queries(world: World, viewer: Viewer, now: datetime, number: str) -> dict[str, float]:
    def reading(query: Callable[[Connection], object]) -> Callable[[], object]:
        def read() -> object:
            with world.database.reading(viewer) as connection:
                return query(connection)

        return read

    def listed(code: str, status: str) -> Callable[[Connection], object]:
        return lambda connection: cases.page(connection, cases.CaseFilter(code, status=status), now, viewer)

    def counted(code: str) -> Callable[[Connection], object]:
        return lambda connection: summaries.summary(connection, areas.key(connection, code), now, viewer)

    queries = {
        "summary of the prefecture": counted(PREFECTURE),
        "summary of a village": counted(VILLAGE),
        "children of a county": lambda connection: summaries.children(
            connection, areas.key(connection, COUNTY), now, viewer
        ),
        "first page of open cases, prefecture": listed(PREFECTURE, "open"),
        "first page of waiting cases, village": listed(VILLAGE, "waiting"),
        "first page of cases to be filed, prefecture": listed(PREFECTURE, "to_file"),
        "first page of cases to be filed, village": listed(VILLAGE, "to_file"),
        "twelve months": lambda connection: trends.monthly(connection, areas.key(connection, PREFECTURE), now),
        "a case by its number": lambda connection: cases.find(connection, number, now, viewer),
        "the trace of a case": lambda connection: cases.events(connection, number),
    }
    return {name: median_ms(timed(reading(query), 25, warm_up=5)) for name, query in queries.items()}


def _copy(world: World, where: str, values: dict[str, object], **changed: str) -> None:
    """Cases again, as they are but for some columns (SQL by name). Without triggers: four million rows are checked by nobody."""
    columns = [column for column in CASE_COLUMNS if column != "description"]
    taken = ", ".join(changed.get(column, column) for column in columns)
    statement = f"INSERT INTO cases ({', '.join(columns)}) SELECT {taken} FROM cases {where}"
    for name, value in values.items():
        statement = statement.replace(f":{name}", str(value) if isinstance(value, int) else f"'{value}'")
    world.cluster.run_sql(f"SET session_replication_role = replica; SET synchronous_commit = off; {statement}", DATABASE)


def _add_prefectures(world: World) -> None:
    for number in range(1, PREFECTURES):
        code = f"{900000 + number}"
        with world.database.owning() as connection:
            connection.execute(text("SELECT create_prefecture(:code)"), {"code": code})
        _copy(
            world,
            "WHERE prefecture = :from ORDER BY case_no LIMIT :most",
            {"code": code, "from": PREFECTURE, "most": CASES_ELSEWHERE},
            prefecture=":code",
            path="CAST(:code AS text) || substr(path, 7)",
            case_no="CAST(:code AS text) || case_no",
        )
    world.cluster.run_sql("VACUUM ANALYZE", DATABASE)


def _multiply(world: World) -> None:
    _copy(
        world,
        "CROSS JOIN generate_series(1, :last) n WHERE prefecture = :from",
        {"from": PREFECTURE, "last": TIMES - 1},
        case_no="case_no || '-' || n",
    )
    with world.database.owning() as connection:
        connection.execute(text("SELECT rebuild_rollups(:prefecture)"), {"prefecture": PREFECTURE})
    world.cluster.run_sql("VACUUM ANALYZE", DATABASE)
