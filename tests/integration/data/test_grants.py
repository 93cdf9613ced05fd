"""What the application's role may do, table by table and column by column: this list, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from data import accounts
from data.database import SYSTEM
from data.server.cluster import APP
from rules.access import Role
from rules.errors import Problem
from rules.moves import MOVES, Actor
from tests.lived import HOUR, move, report
from tests.world import NOW, PASSWORD, World

ALL = "all"


def words(names: str) -> frozenset[str]:
    return frozenset(names.split())


STATE = words(
    "status centre_id centre_path holder_id holder_path sender_id sender_path responsible_id version status_since queued_at"
    " settle_from settle_due_at due_at settled_at closed_at returned_n left_by co_handlers binding paused_until extension_until"
    " mediations first_mediation satisfaction merged_into notify_at"
)
REPORT = words(
    "prefecture case_no kind category title description severity source status area_id path lon lat geom centre_id centre_path"
    " holder_id holder_path reporter_id version reported_at status_since queued_at settle_from settle_due_at due_at needs notify_at"
)
READ = {"SELECT": ALL}
#: Whoever adds a table or a column for the application adds it here: what is not named it may not do.
RIGHTS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(
        words(
            "access_head access_log account_seen alembic_version area area_count area_day area_figure area_level"
            " area_month area_reading area_shape base_feature category chain_head cluster cluster_case contact"
            " deployment display_seen duty key_place organisation place_category reading_moment remediation"
            " remediation_area remediation_note scan_run span_gap tier tier_change tier_history tier_rule"
        ),
        READ,
    ),
    "app_user": {
        "SELECT": words("id username role area_id organisation_id locale active demo created_at must_change"),
        "UPDATE": {"locale"},
    },
    "auto_dispatch": {"SELECT": ALL, "INSERT": ALL, "DELETE": True},
    "case_claim": {"SELECT": ALL, "INSERT": ALL, "UPDATE": words("user_id tab since expires_at"), "DELETE": True},
    "case_event": {"SELECT": ALL, "INSERT": ALL},
    "case_notice": {"SELECT": ALL, "INSERT": ALL},
    "case_presence": {"SELECT": ALL, "INSERT": ALL, "UPDATE": words("case_no path seen_at"), "DELETE": True},
    "case_serial": {"SELECT": ALL, "INSERT": ALL, "UPDATE": {"last"}},
    "cases": {"SELECT": ALL, "INSERT": REPORT, "UPDATE": STATE},
    "delivery": {
        "SELECT": ALL,
        "INSERT": ALL,
        "UPDATE": words("state attempts next_try_at leased_until sent_at last_error reached queued_at unclear pauses"),
    },
    "display": {"SELECT": words("id name area_id created_at revoked_at")},
    "idempotency": {
        "SELECT": ALL,
        "INSERT": words("prefecture user_id key request_hash created_at"),
        "UPDATE": {"response"},
    },
    "brief_setting": {"SELECT": ALL, "INSERT": ALL, "UPDATE": words("at sent_on changed_at"), "DELETE": True},
    "list_setting": {"SELECT": ALL, "INSERT": ALL, "UPDATE": words("columns sort changed_at"), "DELETE": True},
    "login_guess": {"SELECT": ALL, "INSERT": ALL, "UPDATE": ALL, "DELETE": True},
    "login_secret": READ,
    "login_session": {"SELECT": words("user_id created_at expires_at")},
    "message_route": {"SELECT": ALL, "INSERT": ALL, "UPDATE": ALL, "DELETE": True},
    "outbox": {
        "SELECT": ALL,
        "INSERT": words("prefecture case_no topic organisation_id payload path created_at dedupe"),
        "UPDATE": {"sent_at"},
    },
    "verification": {"SELECT": ALL, "INSERT": ALL, "UPDATE": words("beat_at read total result_seq failed")},
}
#: Functions with the owner's rights that the application may call, each with a check of its own.
FUNCTIONS = words(
    "account_named add_account add_display append_access area_tile begin_managing change_account change_display"
    " change_own_password display_of end_other_sessions end_session end_sessions_of figure_names locate near_cases note_look"
    " open_loads"
    " open_session outcomes_of overdue_below overdue_in presence_in prune_access repeat_disputes reset_password search_cases"
    " first_act search_names session_of world_stamp"
)
COLUMNS = (
    "SELECT c.relname AS name, a.attname AS col, p.what, has_column_privilege('gridboard_app', c.oid, a.attnum, p.what) AS may"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) p (what)"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname NOT IN"
    " ('spatial_ref_sys', 'geometry_columns', 'geography_columns') ORDER BY 1, 2, 3"
)
TABLES = (
    "SELECT c.relname AS name, c.relispartition AS part, has_table_privilege('gridboard_app', c.oid, 'DELETE') AS gone,"
    " has_table_privilege('gridboard_app', c.oid, 'TRUNCATE, TRIGGER') AS more"
    " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
    " AND c.relname NOT IN ('spatial_ref_sys', 'geometry_columns', 'geography_columns')"
)


def test_every_column_of_every_table_is_declared(world: World):
    with world.database.owning() as connection:
        columns, tables = connection.execute(text(COLUMNS)).all(), connection.execute(text(TABLES)).all()
    wrong = []
    for row in columns:
        allowed = RIGHTS.get(row.name, {}).get(row.what, ())
        if row.may != (allowed == ALL or row.col in allowed):
            wrong.append(f"{row.what} {row.name}.{row.col}: {'may' if row.may else 'may not'}")
    wrong += [f"DELETE {row.name}" for row in tables if row.gone != RIGHTS.get(row.name, {}).get("DELETE", False)]
    wrong += [f"more on {row.name}" for row in tables if row.more]
    assert wrong == []
    assert set(RIGHTS) <= {row.name for row in tables if not row.part}


def test_every_function_with_the_owners_rights_is_declared(world: World):
    with world.database.owning() as connection:
        rows = connection.execute(
            text(
                "SELECT proname FROM pg_proc f WHERE pronamespace = 'public'::regnamespace AND prosecdef"
                " AND prorettype <> 'trigger'::regtype AND has_function_privilege('gridboard_app', oid, 'EXECUTE')"
                " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = f.oid AND d.deptype = 'e')"
            )
        )
        assert set(rows.scalars()) == FUNCTIONS
        acts = connection.execute(text("SELECT known_acts()")).scalar_one()
    assert set(acts) == {name for name, one in MOVES.items() if one.actor != Actor.rule} | {"absorb"}


def test_the_list_is_the_one_of_the_commands():
    """What the statements of the commands set is what is granted."""
    from data.sql import load

    statement = load("move_case").text
    between = statement[statement.index("SET ") + 4 : statement.index(" WHERE ")]
    assert {part.split("=")[0].strip() for part in between.split(",")} == STATE
    listed = load("insert_case").text.split("(", 1)[1].split(")", 1)[0]
    assert {name.strip() for name in listed.split(",")} == REPORT


def as_app(world: World, statement: str, viewer=SYSTEM, **values: Any) -> Any:
    with world.database.writing(viewer) as connection:
        done = connection.execute(text(statement), values)
        return done.all() if done.returns_rows else done.rowcount


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password_hash FROM app_user",
        "SELECT token_hash FROM login_session",
        "SELECT csrf_token FROM login_session",
        "SELECT * FROM login_session",
        "SELECT token_hash FROM display",
        "UPDATE app_user SET password_hash = 'x'",
        "UPDATE app_user SET role = 'admin'",
        "UPDATE app_user SET active = true",
        "UPDATE app_user SET must_change = false",
        "UPDATE account_seen SET seen_at = now()",
        "DELETE FROM display_seen",
        "SELECT note_account_seen(1, now())",
        "SELECT check_manager('C/')",
        "DELETE FROM login_session",
        "UPDATE login_session SET user_id = 1",
        "INSERT INTO display (name, token_hash, area_id, created_at) VALUES ('x', '', 1, now())",
        "UPDATE cases SET title = 'x'",
        "UPDATE cases SET lon = 0",
        "UPDATE cases SET salt = ''",
        "UPDATE cases SET reporter_id = 1",
        "UPDATE cases SET area_id = 1",
        "UPDATE cases SET reported_at = now()",
        "DELETE FROM cases",
        "SELECT marks FROM case_mark",
        "UPDATE case_mark SET marks = '{}'",
        "SELECT * FROM case_seal",
        "DELETE FROM case_seal",
        "UPDATE chain_head SET seq = 0",
        "DELETE FROM case_notice",
        "UPDATE case_notice SET at = now()",
        "SELECT * FROM anchor_head",
        "UPDATE area_count SET open_n = 0",
        "UPDATE outbox SET payload = '{}'",
        "DELETE FROM outbox",
        "UPDATE delivery SET payload = '{}'",
        "UPDATE idempotency SET user_id = 1",
        "DELETE FROM idempotency",
        "UPDATE deployment SET value = '1'",
        "UPDATE body_day SET settled = 9",
        "SELECT * FROM body_day",
        "SELECT append_seal('C', 'x', NULL, 'load', '{}')",
        "SELECT seal_changes('C', 'load')",
        "SELECT seal_one('C', 'x', 'load')",
        "SELECT seal_identity('C')",
        "SELECT seal_columns('C')",
        "SET session_replication_role = replica",
        "ALTER TABLE case_event DISABLE TRIGGER ALL",
        "RESET ROLE; SELECT marks FROM case_mark",
    ],
)
def test_what_no_command_does_is_refused(world: World, statement: str):
    report(world)
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner|append-only"):
        as_app(world, statement)


def test_the_same_by_stepping_down(world: World, cluster, world_name: str):
    """Where a deployment has one address alone, the owner's connection becomes the role."""
    engine = create_engine(cluster.url("gridboard_owner", world_name), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {APP}"))
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("SELECT password_hash FROM app_user"))


@pytest.mark.parametrize(
    "change", ["due_at = now()", "status = 'archived'", "holder_id = 1", "notify_at = 'infinity'", "version = 2"]
)
def test_a_change_without_an_act_is_refused(world: World, change: str):
    report(world)
    with pytest.raises(DBAPIError, match="with an act of its trace alone"):
        as_app(world, f"UPDATE cases SET {change}")


FORGED = {
    "act": ("act", "'invented'"),
    "an import's act": ("act", "'amend'"),
    "role": ("role", "'leader'"),
    "system": ("role", "'system'"),
    "user": ("user_id", "7777"),
    "nobody": ("user_id", "NULL"),
    "body": ("by_organisation_id", "7777"),
    "version": ("version", "3"),
    "old version": ("version", "1"),
    "from_status": ("from_status", "'waiting'"),
    "to_status": ("to_status", "'archived'"),
    "from_body": ("from_organisation_id", "7777"),
    "to_body": ("to_organisation_id", "7777"),
    "path": ("path", "'C/C2/'"),
    "rule": ("details", '\'{"rule": "automatic"}\''),
}
ACT = (
    "INSERT INTO case_event (prefecture, seq, case_no, at, act, role, user_id, by_organisation_id, from_status, to_status,"
    " from_organisation_id, to_organisation_id, reason, details, version, path, prev_hash, hash)"
    " SELECT prefecture, 0, case_no, now(), {act}, {role}, {user_id}, {by_organisation_id}, {from_status}, {to_status},"
    " {from_organisation_id}, {to_organisation_id}, NULL, {details}, {version}, {path}, '', '' FROM cases WHERE case_no = :no"
)


def act_of(world: World, case_no: str, **changes: str) -> None:
    """One act as the dispatcher's transaction would write it, but for what is changed."""
    viewer = world.viewers["dispatcher"]
    true = {
        "act": "'accept'",
        "role": "'dispatcher'",
        "user_id": str(viewer.user_id),
        "by_organisation_id": str(viewer.organisation_id),
        "from_status": "'reported'",
        "to_status": "'accepted'",
        "from_organisation_id": "holder_id",
        "to_organisation_id": "holder_id",
        "details": "'{}'",
        "version": "2",
        "path": "path",
    }
    with world.database.writing(viewer) as connection:
        connection.execute(
            text("UPDATE cases SET status = 'accepted', version = 2, status_since = :now WHERE case_no = :no"),
            {"no": case_no, "now": NOW},
        )
        connection.execute(text(ACT.format(**{**true, **changes})), {"no": case_no})


@pytest.mark.parametrize("name", FORGED)
def test_an_act_that_is_not_so_is_refused(world: World, name: str):
    case_no = report(world)
    column, value = FORGED[name]
    changes = {column: value}
    if name == "rule":
        changes |= {"role": "'system'", "user_id": "NULL", "by_organisation_id": "NULL"}
    with pytest.raises(DBAPIError, match=r"an act that is not so|null value"):
        act_of(world, case_no, **changes)
    act_of(world, case_no)
    move(world, case_no, "assess", now=NOW + HOUR)


def test_keys_are_read_by_their_user_alone(world: World):
    one, other = world.viewers["dispatcher"], world.viewers["dispatcher.c1"]
    insert = "INSERT INTO idempotency (prefecture, user_id, key, request_hash, created_at) VALUES ('C', :user, 'k', 'h', now())"
    as_app(world, insert, one, user=one.user_id)
    assert len(as_app(world, "SELECT key FROM idempotency", one)) == 1
    assert as_app(world, "SELECT key FROM idempotency", other) == []
    with pytest.raises(DBAPIError, match="row-level security"):
        as_app(world, insert, one, user=other.user_id)


def test_reminders_are_written_by_the_scheduler_alone(world: World):
    case_no = report(world)
    insert = (
        "INSERT INTO case_notice (prefecture, case_no, step, began_at, level, due_at, at, organisation_id, path)"
        " VALUES ('C', :no, 'sign', now(), 'warn', now(), now(), 1, 'C/')"
    )
    with pytest.raises(DBAPIError, match="row-level security"):
        as_app(world, insert, world.viewers["dispatcher"], no=case_no)


def test_coming_in_and_going_out_still_work(world: World):
    """By the functions: of the named account alone, by the token alone, in the open time alone."""
    now = NOW + HOUR
    come = accounts.log_in(world.database, "leader", PASSWORD, now)
    found = accounts.viewer_of(world.database, come.token, now)
    assert found is not None and found[0].role == Role.leader and found[1] == come.csrf_token
    assert accounts.viewer_of(world.database, "another", now) is None
    assert accounts.viewer_of(world.database, come.token, now + timedelta(days=2)) is None
    accounts.log_out(world.database, come.token)
    assert accounts.viewer_of(world.database, come.token, now) is None
    assert as_app(world, "SELECT * FROM account_named('nobody')") == []
    again = accounts.log_in(world.database, "leader", PASSWORD, now)
    with world.database.owning() as connection:
        accounts.change_user(connection, "leader", active=False)
    assert accounts.viewer_of(world.database, again.token, now) is None
    user = world.viewers["leader"].user_id
    with pytest.raises(DBAPIError, match="no such account"):
        as_app(world, "SELECT open_session('x', :user, 'c', now(), now() + interval '1 hour')", user=user)
    with pytest.raises(Problem):
        accounts.log_in(world.database, "leader", PASSWORD, now)
