"""Search among a million cases: whole round trips, as the person at the keyboard waits for them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from bench.figures import Row, p_ms, timed
from bench.world import World
from data.bulk import CASE_COLUMNS
from data.server.cluster import DATABASE

PREFECTURE = "532800"
CASES = 1_000_000
ROUNDS = 12
USERS = ("leader", "dispatcher.jinghong", "handler")
#: What people type: names, initials, two characters that half of all titles hold and some that few do, words apart, numbers,
#: ends of numbers, the first letters of a word, and what nothing is called.
QUERIES = (
    "景洪", "jhs", "gasa", "勐海县", "曼飞龙", "xishuangbanna", "纠纷", "噪音", "漏水", "邻里", "土地",
    "电动车", "工资", "消防", "井",
    "景洪 噪音", "嘎洒 纠纷", "勐龙 土地", "勐海 学校", "噪音 邻里", "纠纷 土地 勐腊", "派出所", "司法所", "小学",
    "market", "me", "c",
    "2026", "00042", "532801-00007", "0001", "不存在的词", "zzz", "勐罕镇 漏水", "第一网格", "grid 3", "3号",
)  # fmt: skip


def measure(world: World) -> Iterator[Row]:
    cases = _multiply(world)
    yield Row("search", "cases", cases, "rows", note=_sizes(world))
    for username in USERS:
        taken: dict[str, list[float]] = {}
        with world.client(username) as client:
            for words in QUERIES:
                ask = lambda words=words: client.get("/api/search", params={"q": words}).raise_for_status()  # noqa: E731
                taken[words] = timed(ask, ROUNDS, warm_up=1)
        every = [seconds for one in taken.values() for seconds in one]
        slowest = sorted(taken, key=lambda words: -p_ms(taken[words], 0.5))[:3]
        note = "slowest: " + ", ".join(f"{words} {p_ms(taken[words], 0.5):.0f} ms" for words in slowest)
        yield Row("search", f"{username}: p50", p_ms(every, 0.5), "ms")
        yield Row("search", f"{username}: p95", p_ms(every, 0.95), "ms", "100", note)


def _multiply(world: World) -> int:
    """The demonstration's cases again and again, further back in time and with other titles, written without triggers."""
    with world.database.owning() as connection:
        had = connection.execute(text("SELECT count(*) FROM cases")).scalar_one()
    changed = {
        "case_no": "case_no || '-' || n",
        "title": "title || ' ' || (n * 7 % 1000) || '号'",
        "reported_at": "reported_at - n * interval '11 hours'",
    }
    taken = ", ".join(changed.get(column, column) for column in CASE_COLUMNS)
    for statement in (
        "SET session_replication_role = replica; SET synchronous_commit = off;"
        f" INSERT INTO cases ({', '.join(CASE_COLUMNS)}) SELECT {taken} FROM cases"
        f" CROSS JOIN generate_series(1, {CASES // had}) n WHERE prefecture = '{PREFECTURE}'",
        f"SELECT rebuild_search('{PREFECTURE}')",
        "VACUUM ANALYZE",
    ):
        world.cluster.run_sql(statement, DATABASE)
    with world.database.owning() as connection:
        return int(connection.execute(text("SELECT count(*) FROM case_search")).scalar_one())


def _sizes(world: World) -> str:
    with world.database.owning() as connection:
        table, indexes = connection.execute(
            text(
                f"SELECT pg_table_size('case_search_p_{PREFECTURE}') >> 20, pg_indexes_size('case_search_p_{PREFECTURE}') >> 20"
            )
        ).one()
    return f"table {table} MB, indexes {indexes} MB"
