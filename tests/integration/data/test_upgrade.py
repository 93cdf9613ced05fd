"""A database of version 0.2.0 with the demonstration: migrated it has lost nothing, and its facts are sealed as they stood."""

from __future__ import annotations

import lzma
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from data import bulk, schema
from data.accounts import viewer_named
from data.audit import verification
from data.audit.anchor_checks import Expected
from data.audit.trace import Fault
from data.commands.cases import move_case
from data.commands.projections import recompute_deadlines
from data.commands.reminders import tell_due
from data.commands.tier_rules import in_force
from data.database import Database
from data.server import archive
from data.server.cluster import OWNER
from rules.facts import MoveRequest
from rules.sla import SlaPolicy
from rules.tiers import Tier, evaluate
from tests.conftest import clone, opened

BACKUP = Path(__file__).parents[2] / "data" / "v0.2.0" / "demonstration.backup.xz"
AT = datetime(2026, 6, 19, 20, 0, tzinfo=UTC)
#: What a later version keeps elsewhere or otherwise: table, or table.column, and why.
RESCORED = "0014: counts of people go into a score in steps of five"
CHANGED: dict[str, str] = {
    "alembic_version": "the revision",
    "area.pinyin": "0022: spelt from every syllable on",
    **dict.fromkeys(("area_count.open_n", "area_count.unlocated_n"), "0023: open ends with the settlement"),
    **dict.fromkeys(("tier.tier", "tier.score", "tier.rule_version", "tier.contributions"), RESCORED),
    **dict.fromkeys(("tier.inputs", "tier_history.inputs", "tier_history.rule_version"), "0029: exposures apart"),
    "deployment": "0029: the rule of the tiers is a table",
}
TABLES = (
    "SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    " AND c.relname <> 'spatial_ref_sys' GROUP BY 1"
)


@pytest.fixture(scope="module")
def old(cluster, tmp_path_factory) -> Iterator[str]:
    """The template: a database as 0.2.0 left it."""
    name = f"old_{secrets.token_hex(4)}"
    cluster.make_database(name)
    file = tmp_path_factory.mktemp("old") / "demonstration.backup"
    file.write_bytes(lzma.decompress(BACKUP.read_bytes()))
    database = Database(cluster.url(OWNER, name))
    archive.restore(database, file)
    database.close()
    yield name
    cluster.run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def before(cluster, old: str) -> Iterator[Database]:
    name = f"old_{secrets.token_hex(4)}"
    clone(cluster, old, name)
    database = opened(cluster, name)
    yield database
    database.close()
    cluster.run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def migrated(before: Database) -> Database:
    schema.migrate(before.owner_url)
    return before


def contents(database: Database, wanted: dict[str, list[str]] | None = None) -> dict[str, tuple[list[str], int, str]]:
    """Of each table the columns, how many rows, and a digest of them all."""
    told = {}
    with database.owning() as connection:
        tables = wanted or {row.name: row.columns for row in connection.execute(text(TABLES))}
        there = {row.name: set(row.columns) for row in connection.execute(text(TABLES))}
        for name, columns in sorted(tables.items()):
            kept = [one for one in columns if one in there.get(name, set()) and f"{name}.{one}" not in CHANGED]
            if name in CHANGED or not kept:
                continue
            listed = ", ".join(f'"{column}"' for column in kept)
            whole = "count(*), coalesce(md5(string_agg(r::text, ';' ORDER BY r::text)), '')"
            rows, digest = connection.execute(text(f"SELECT {whole} FROM (SELECT {listed} FROM {name}) r")).one()
            told[name] = (kept, rows, digest)
    return told


def check(database: Database, folder: Path) -> tuple[list[Fault], verification.Summary]:
    return verification.check_all(database, folder, Expected(now=datetime.now(UTC)))


def test_nothing_is_lost(before: Database, tmp_path: Path):
    was = contents(before)
    assert was["cases"][1] > 200 and was["case_event"][1] > 2000 and was["case_notice"][1] > 30 and was["idempotency"][1] > 5
    settings = values(before)
    schema.migrate(before.owner_url)
    assert {**settings, "tier_rule": None} == {**values(before), "tier_rule": None}
    assert contents(before, {name: columns for name, (columns, _, _) in was.items()}) == was
    faults, summary = check(before, tmp_path)
    assert faults == []
    assert summary.events == summary.before_events == was["case_event"][1]
    assert summary.since is not None and datetime.now(UTC) - summary.since < datetime.resolution * 10**9


def values(database: Database) -> dict[str, object]:
    with database.owning() as connection:
        rows = connection.execute(text("SELECT key, value FROM deployment WHERE key NOT LIKE '%_revision'"))
        return {row.key: row.value for row in rows}


def test_the_rule_of_the_tiers_becomes_its_first_version(before: Database):
    was = values(before)["tier_rule"]
    with before.owning() as connection:
        persons = dict(connection.execute(text("SELECT area_id, (inputs ->> 'assisted_persons')::float FROM tier")).all())
    schema.migrate(before.owner_url)
    with before.owning() as connection:
        stored = in_force(connection, now=AT)
        rows = connection.execute(text("SELECT * FROM tier WHERE inputs::text <> '{}'")).all()
        figures = dict(connection.execute(text("SELECT area_id, value FROM area_figure WHERE name = 'caseload'")).all())
    assert (stored.version, stored.rule.key_from, stored.rule.watch_from) == (1, was["key_from"], was["watch_from"])
    assert len(rows) > 100 and figures == {area: count for area, count in persons.items() if count is not None}
    for row in rows:
        again = evaluate(row.inputs, row.exposures, stored.rule, Tier(row.computed))
        assert again.score == pytest.approx(row.score, abs=0.05)


def test_it_is_migrated_once(migrated: Database, tmp_path: Path):
    schema.migrate(migrated.owner_url)
    assert check(migrated, tmp_path)[0] == []


def test_it_goes_on_and_stays_whole(migrated: Database, tmp_path: Path):
    viewer = viewer_named(migrated, "dispatcher")
    with migrated.owning() as connection:
        waiting = connection.execute(text("SELECT case_no, version FROM cases WHERE status = 'reported' LIMIT 3")).all()
        events = connection.execute(text("SELECT count(*) FROM case_event")).scalar_one()
    for row in waiting:
        request = MoveRequest(case_no=row.case_no, move="accept", version=row.version)
        move_case(migrated, request, viewer=viewer, now=AT)
    while tell_due(migrated, now=AT, sla=SlaPolicy()):
        pass
    recompute_deadlines(migrated, SlaPolicy(), now=AT)
    with migrated.owning() as connection:
        bulk.rebuild_rollups(connection, "532800")
    faults, summary = check(migrated, tmp_path)
    assert faults == []
    assert (summary.before_events, summary.events) == (events, events + len(waiting))


@pytest.mark.parametrize(
    "change",
    ["title = '无事'", "description = ''", "severity = 'grave'", "lon = lon + 0.001", "due_at = due_at + interval '1 day'",
     "left_by = left_by || 1", "settle_due_at = NULL"],
)  # fmt: skip
def test_what_is_changed_afterwards_is_found(migrated: Database, tmp_path: Path, change: str):
    with migrated.owning() as connection:
        case_no = connection.execute(
            text("SELECT case_no FROM cases WHERE title = '升级前挂起' AND due_at IS NOT NULL")
        ).scalar_one()
        connection.execute(text(f"UPDATE cases SET {change} WHERE case_no = :no"), {"no": case_no})
    named = {(fault.case_no, name) for fault in check(migrated, tmp_path)[0] for name in fault.columns}
    assert (case_no, change.split(" ")[0]) in named


def test_a_reminder_of_before_that_is_deleted_is_found(migrated: Database, tmp_path: Path):
    with migrated.owning() as connection:
        connection.execute(text("DELETE FROM case_notice WHERE ctid = (SELECT min(ctid) FROM case_notice)"))
    [fault] = check(migrated, tmp_path)[0]
    assert "reminder" in fault.what


@pytest.mark.parametrize(
    "change", ["returned_n = returned_n + 1", "left_by = left_by || 7", "satisfaction = 1", "binding = NOT binding"]
)
def test_a_state_that_did_not_follow_from_the_acts_is_found_though_it_was_sealed(before: Database, tmp_path: Path, change: str):
    """Changed by a superuser under 0.2.0, where nothing said so: the acts still do."""
    with before.owning() as connection:
        case_no = connection.execute(text("SELECT case_no FROM cases WHERE title = '升级前办结'")).scalar_one()
        connection.execute(text(f"UPDATE cases SET {change} WHERE case_no = :no"), {"no": case_no})
    schema.migrate(before.owner_url)
    found = {(fault.case_no, fault.what, fault.columns) for fault in check(before, tmp_path)[0]}
    assert (case_no, "does not follow from its acts", (change.split(" ")[0],)) in found
