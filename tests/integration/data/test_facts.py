"""Every fact of a case against a superuser: whatever column of whatever table is changed, verification names it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from data import bulk
from data.audit import trace
from data.audit.trace import Fault
from data.commands.projections import recompute_deadlines
from rules.sla import Limit, Limits, SlaPolicy
from tests.conftest import clone, opened
from tests.lived import HOUR, SLA, live, move, report
from tests.world import NOW, World

#: Columns of `cases` that verification need not compare, each with its reason. There is none.
IRRELEVANT: dict[str, str] = {}
#: What a key is changed to leaves two cases: one without acts, and acts without a case.
KEYS = ("prefecture", "case_no")


@pytest.fixture(scope="module")
def lived(cluster, built_world) -> Iterator[tuple[World, dict[str, str], str]]:
    """A world in which the cases have been through much, whole before and after each test: all of them roll back."""
    name = "lived_facts"
    clone(cluster, built_world[0], name)
    world = World(opened(cluster, name), organisations=built_world[1].organisations, viewers=built_world[1].viewers)
    yield world, live(world), name
    world.database.close()
    cluster.run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["loud", "quiet"])
def thief(request, cluster, lived) -> Iterator[Connection]:
    """A superuser, with triggers as they are or switched off. Nothing of it stays."""
    engine = create_engine(cluster.url("postgres", lived[2]), poolclass=NullPool)
    with engine.connect() as connection, connection.begin() as transaction:
        if request.param == "quiet":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        transaction.rollback()


def found(connection: Connection) -> list[Fault]:
    return [one for one in trace.verify(connection) if isinstance(one, Fault)]


def columns_of(connection: Connection, table: str) -> dict[str, str]:
    rows = connection.execute(
        text(
            "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute"
            " WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped"
        ),
        {"name": table},
    )
    return dict(rows.all())


#: Another plausible value of each type, from the value that is there; of these columns one that fits their meaning.
OTHER = {
    "text": "coalesce({c}, '') || 'x'", "integer": "CASE WHEN {c} = 1 THEN 2 ELSE 1 END", "smallint": "coalesce({c}, 0) + 1",
    "bigint": "coalesce({c}, 0) + 1000", "boolean": "NOT {c}", "double precision": "{c} + 0.0001",
    "timestamp with time zone": "coalesce({c}, '2026-03-09') + interval '1 minute'", "geometry": "ST_Translate({c}, 0.0001, 0)",
    "bytea": "sha256({c})", "text[]": "{c} || ARRAY['land']", "integer[]": "{c} || 1", "date": "{c} + 1",
    "json": "'{\"a\": 1}'", "jsonb": "{c} || '{\"title\": \"AAAA\"}'",
}  # fmt: skip
FITTING = {
    "kind": "'hazard'", "category": "'fire'", "severity": "'grave'", "source": "'court'", "status": "'archived'",
    "title": "'无事'", "first_mediation": "'failure'", "satisfaction": "5",
    "area_id": "(SELECT id FROM area WHERE code = 'C2V1G1')",
    "path": "'C/C2/C2V1/C2V1G1/'", "notify_at": "'infinity'",
    "reporter_id": "(SELECT max(id) FROM organisation)",
}  # fmt: skip


def other(column: str, kind: str) -> str:
    return FITTING.get(column) or OTHER[kind].replace("{c}", f'"{column}"')


def catalogue(name: str) -> list[str]:
    """The columns by the models, which a test of their own holds equal to the database's."""
    from data.models import Base

    return list(Base.metadata.tables[name].columns.keys())


def test_nothing_is_found_where_nothing_was_done(lived):
    world, _, _ = lived
    with world.database.auditing() as connection:
        summary = trace.Summary()
        steps = list(trace.verify(connection, summary=summary))
        acts, records = (
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in ("case_event", "case_seal")
        )
    assert [step for step in steps if isinstance(step, Fault)] == []
    assert (summary.events, summary.records, summary.before_events) == (acts, records, 0)


def test_the_models_name_every_column_of_the_database(lived):
    with lived[0].database.owning() as connection:
        for name in ("cases", "case_event", "case_notice", "case_seal", "case_mark", "chain_head"):
            assert set(catalogue(name)) == set(columns_of(connection, name))


@pytest.mark.parametrize("column", [name for name in catalogue("cases") if name not in (*KEYS, *IRRELEVANT)])
@pytest.mark.parametrize("which", ["settled", "paused"])
def test_a_changed_column_of_a_case_is_named(lived, thief: Connection, column: str, which: str):
    case_no = lived[1][which]
    kind = columns_of(thief, "cases")[column]
    changed = thief.execute(
        text(f'UPDATE cases SET "{column}" = {other(column, kind)} WHERE case_no = :no RETURNING "{column}"'),
        {"no": case_no},
    )
    assert changed.rowcount == 1
    named = {name for fault in found(thief) if fault.case_no == case_no for name in fault.columns}
    assert column in named


@pytest.mark.parametrize(
    "column", ["title", "description", "lon", "due_at", "sender_id", "settle_due_at", "needs", "responsible_id"]
)
def test_a_value_taken_away_is_named(lived, thief: Connection, column: str):
    case_no, empty = lived[1]["paused"], {"title": "''", "description": "''", "needs": "'{}'"}.get(column, "NULL")
    thief.execute(text("UPDATE cases SET due_at = now() WHERE case_no = :no AND due_at IS NULL"), {"no": case_no})
    thief.execute(text(f"UPDATE cases SET {column} = {empty} WHERE case_no = :no"), {"no": case_no})
    named = {name for fault in found(thief) if fault.case_no == case_no for name in fault.columns}
    assert column in named or column == "due_at"


@pytest.mark.parametrize("column", KEYS)
def test_a_case_under_another_key_is_found(lived, thief: Connection, column: str):
    case_no = lived[1]["waiting"]
    thief.execute(text("SET LOCAL session_replication_role = replica"))
    if column == "prefecture":
        thief.execute(text("SELECT create_prefecture('D')"))
    value = {"prefecture": "'D'", "case_no": "'20260310-C1-99999'"}[column]
    thief.execute(text(f"UPDATE cases SET {column} = {value} WHERE case_no = :no"), {"no": case_no})
    assert any(fault.case_no == case_no and "missing" in fault.what for fault in found(thief))


def test_an_invented_case_is_found(lived, thief: Connection):
    names = ", ".join(f'"{name}"' for name in catalogue("cases") if name != "case_no")
    thief.execute(
        text(f"INSERT INTO cases (case_no, {names}) SELECT '20260310-C1-09999', {names} FROM cases WHERE case_no = :no"),
        {"no": lived[1]["waiting"]},
    )
    assert any(fault.case_no == "20260310-C1-09999" for fault in found(thief))


def test_a_deleted_case_is_found_even_with_its_acts_and_records(lived, thief: Connection):
    case_no = lived[1]["waiting"]
    thief.execute(text("SET LOCAL session_replication_role = replica"))
    for table in ("case_event", "case_seal", "case_mark", "case_notice", "cases"):
        thief.execute(text(f"DELETE FROM {table} WHERE case_no = :no"), {"no": case_no})
        assert found(thief)


@pytest.mark.parametrize("column", catalogue("case_event"))
def test_a_changed_column_of_an_act_is_found(lived, thief: Connection, column: str):
    case_no = lived[1]["settled"]
    kind = columns_of(thief, "case_event")[column]
    known = {"prefecture": "'D'", "case_no": "'20260310-C1-00007'", "path": "'C/C2/'", "version": "100"}
    value = known.get(column) or other(column, kind)
    thief.execute(text("SET LOCAL session_replication_role = replica"))
    if column == "prefecture":
        thief.execute(text("SELECT create_prefecture('D')"))
    thief.execute(
        text(f'UPDATE case_event SET "{column}" = {value} WHERE case_no = :no AND version = 3'), {"no": case_no}
    )
    assert any(fault.case_no == case_no or fault.seq for fault in found(thief))


@pytest.mark.parametrize("column", catalogue("case_notice"))
def test_a_changed_column_of_a_reminder_is_found(lived, thief: Connection, column: str):
    row = thief.execute(text("SELECT case_no, step, level FROM case_notice ORDER BY at, case_no, level LIMIT 1")).one()
    value = {"prefecture": "'D'", "path": "'C/C2/'"}.get(column) or other(column, columns_of(thief, "case_notice")[column])
    thief.execute(
        text(f"UPDATE case_notice SET {column} = {value} WHERE case_no = :no AND step = :step AND level = :level"),
        {"no": row.case_no, "step": row.step, "level": row.level},
    )
    faults = found(thief)
    assert any(fault.case_no == row.case_no and "reminder" in fault.what for fault in faults)


def test_a_deleted_and_an_invented_reminder_are_named(lived, thief: Connection):
    row = thief.execute(text("DELETE FROM case_notice WHERE ctid = (SELECT min(ctid) FROM case_notice) RETURNING *")).one()
    [fault] = found(thief)
    assert fault.case_no == row.case_no and f"{row.step}/{row.level}" in fault.what and "missing" in fault.what
    thief.execute(
        text(
            "INSERT INTO case_notice SELECT prefecture, case_no, 'settle', began_at, 'above', due_at, at, organisation_id,"
            " path FROM case_notice LIMIT 1"
        )
    )
    assert any("settle/above" in fault.what and "stands in no record" in fault.what for fault in found(thief))


@pytest.mark.parametrize("column", catalogue("case_seal"))
def test_a_changed_column_of_a_record_is_found(lived, thief: Connection, column: str):
    kind = columns_of(thief, "case_seal")[column]
    value = {"prefecture": "'D'", "why": "'load'"}.get(column) or other(column, kind)
    thief.execute(text(f'UPDATE case_seal SET "{column}" = {value} WHERE n = 9'))
    assert any("record" in fault.what for fault in found(thief))


@pytest.mark.parametrize("rows", ["n = 9", "n > (SELECT max(n) - 3 FROM case_seal)", "n <= 4", "true"])
def test_deleted_records_are_found(lived, thief: Connection, rows: str):
    thief.execute(text(f"DELETE FROM case_seal WHERE {rows}"))
    assert any("record" in fault.what for fault in found(thief))


def test_kept_digests_that_were_changed_are_found(lived, thief: Connection):
    case_no = lived[1]["waiting"]
    change = text("UPDATE case_mark SET marks = marks || '{\"title\": \"AAAA\"}' WHERE case_no = :no")
    thief.execute(change, {"no": case_no})
    assert [fault.case_no for fault in found(thief)] == [case_no]


@pytest.mark.parametrize("column", ["seq", "hash", "seal_n", "seal_hash"])
def test_a_changed_head_is_found(lived, thief: Connection, column: str):
    thief.execute(text(f"UPDATE chain_head SET {column} = {other(column, columns_of(thief, 'chain_head')[column])}"))
    assert any("the end of the" in fault.what for fault in found(thief))


COUNTS = [
    *(("area_count", name) for name in ("open_n", "waiting_n", "to_file_n", "unlocated_n")), ("area_day", "reported"),
    ("area_day", "settled"), ("area_day", "day"), ("area_month", "reported"), ("area_month", "settled"), ("area_month", "category"),
    *(("body_day", name) for name in ("mediated", "at_first", "settled", "reopened", "judged", "on_time")),
    ("body_day", "day"), ("body_day", "organisation_id"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), COUNTS)
def test_a_changed_count_is_found(lived, thief: Connection, table: str, column: str):
    value = {"category": "'fire'", "day": "day - 1", "organisation_id": "999"}.get(column, f"{column} + 2")
    thief.execute(text(f"UPDATE {table} SET {column} = {value} WHERE ctid = (SELECT min(ctid) FROM {table})"))
    faults = found(thief)
    assert faults and all(fault.what.startswith(table) for fault in faults)


@pytest.mark.parametrize("table", ["area_count", "area_day", "area_month", "body_day"])
def test_a_deleted_count_is_found(lived, thief: Connection, table: str):
    thief.execute(text(f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table})"))
    assert [fault.what.split(":")[0].split(" ")[0] for fault in found(thief)] == [table]


# a world of one's own: what follows commits


@pytest.fixture
def own(world: World) -> tuple[World, dict[str, str]]:
    return world, {"waiting": report(world), "other": report(world)}


def change(world: World, statement: str, **values: Any) -> None:
    with world.database.owning() as connection:
        connection.execute(text(statement), values)


def faults(world: World) -> list[Fault]:
    with world.database.auditing() as connection:
        return found(connection)


@pytest.mark.parametrize("quiet", [False, True])
def test_an_act_that_follows_does_not_cover_a_change(own, quiet: bool):
    """What was changed past the trace stands in the chain with the next act, for good, also when it is changed back."""
    world, numbers = own
    change(world, "UPDATE cases SET title = '无事', due_at = due_at + interval '1 day' WHERE case_no = :no", no=numbers["waiting"])
    move(world, numbers["waiting"], "accept", now=NOW + HOUR)
    move(world, numbers["waiting"], "assess", now=NOW + HOUR)
    named = {name for fault in faults(world) for name in fault.columns}
    assert {"title", "due_at"} <= named
    change(world, "UPDATE cases SET title = '噪音' WHERE case_no = :no", no=numbers["waiting"])
    if quiet:
        change(world, "UPDATE case_mark SET broken = '{}'")
    assert any("past the trace" in fault.what and "title" in fault.columns for fault in faults(world))


def test_kept_digests_changed_with_the_case_do_not_cover_it_either(own):
    world, numbers = own
    change(
        world,
        "UPDATE cases SET title = '无事' WHERE case_no = :no;"
        " UPDATE case_mark m SET marks = case_marks(c) FROM cases c WHERE c.case_no = m.case_no AND c.case_no = :no",
        no=numbers["waiting"],
    )
    move(world, numbers["waiting"], "accept", now=NOW + HOUR)
    assert any(fault.columns == ("title",) and fault.case_no == numbers["waiting"] for fault in faults(world))


def test_a_title_changed_within_an_act_is_named(own):
    """One transaction of the owner: the act is there, but none of its kind changes what was reported."""
    world, numbers = own
    with world.database.owning() as connection:
        connection.execute(
            text("UPDATE cases SET title = '无事', version = 2 WHERE case_no = :no"), {"no": numbers["waiting"]}
        )
        connection.execute(
            text(
                "INSERT INTO case_event SELECT prefecture, 0, case_no, at, 'comment', role, user_id, by_organisation_id, to_status,"
                " to_status, to_organisation_id, to_organisation_id, 'x', '{}', 2, path, '', '' FROM case_event WHERE case_no = :no"
            ),
            {"no": numbers["waiting"]},
        )
    assert any("is changed by comment" in fault.what and fault.columns == ("title",) for fault in faults(world))


def test_deadlines_computed_anew_are_recorded(own):
    world, numbers = own
    longer = Limits(*(Limit(timedelta(hours=9)) for _ in range(3)))
    assert recompute_deadlines(world.database, SlaPolicy(dispatch=longer), now=NOW).changed == 2
    assert faults(world) == []
    change(world, "UPDATE cases SET due_at = due_at + interval '1 hour' WHERE case_no = :no", no=numbers["waiting"])
    assert [fault.columns for fault in faults(world)] == [("due_at",)]
    assert recompute_deadlines(world.database, SLA, now=NOW).changed == 2
    assert any("past the trace" in fault.what and "due_at" in fault.columns for fault in faults(world))


def test_a_digest_does_not_give_the_title_away(own):
    """Two cases of the same title have nothing in common in the chain, and no digest of the title alone stands there."""
    world, numbers = own
    with world.database.owning() as connection:
        rows = connection.execute(text("SELECT case_no, details FROM case_seal WHERE case_no <> ''")).all()
    marks = {row.case_no: row.details["columns"]["title"] for row in rows if "title" in row.details["columns"]}
    assert len(set(marks.values())) == len(numbers)
    plain = hashlib.sha256("噪音".encode()).digest()
    assert not {plain.hex()[:16]} & {mark[:16] for mark in marks.values()}


def test_a_load_that_changes_cases_takes_them_into_the_chain(own):
    world, numbers = own
    with world.database.owning() as connection:
        bulk.begin_bulk(connection)
        amend = text("UPDATE cases SET version = 2, description = '更正' WHERE case_no = :no RETURNING *")
        row = connection.execute(amend, {"no": numbers["other"]}).one()
        act = {
            "case_no": row.case_no, "at": NOW, "act": "amend", "role": "system", "from_status": row.status,
            "to_status": row.status, "from_organisation_id": row.holder_id, "to_organisation_id": row.holder_id,
            "version": 2, "path": row.path,
        }  # fmt: skip
        bulk.insert_trace(connection, "C", [act])
    assert faults(world) == []
    move(world, numbers["other"], "accept", now=NOW + HOUR)
    assert faults(world) == []


def test_a_new_column_with_a_value_is_taken_in_by_the_migration_that_adds_it(own):
    world, numbers = own
    change(world, "ALTER TABLE cases ADD COLUMN colour text NOT NULL DEFAULT 'red'")
    assert {name for fault in faults(world) for name in fault.columns} == {"colour"}
    change(world, "SELECT seal_columns(prefecture) FROM chain_head")
    assert faults(world) == []
    change(world, "UPDATE cases SET colour = 'blue', title = 'x' WHERE case_no = :no", no=numbers["waiting"])
    change(world, "SELECT seal_columns(prefecture) FROM chain_head")
    assert [fault.columns for fault in faults(world)] == [("colour", "title")]
