"""The command line as an administrator meets it: exit codes, one line, nothing half done."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from data.accounts import display_viewer, log_in
from data.commands import automatic
from data.commands.cases import move_case
from data.database import Database
from data.queries import areas, summaries
from data.server import archive
from data.server.cluster import APP, OWNER
from rules.errors import Problem
from rules.facts import MoveRequest
from tests.world import NOW, World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manage(cluster, world_name, command_line):
    def run(*arguments: str, database: str = world_name, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        environment = dict(
            os.environ, GRIDBOARD_DATABASE_URL=cluster.url(OWNER, database), GRIDBOARD_APP_DATABASE_URL=cluster.url(APP, database),
            GRIDBOARD_NOW=NOW.isoformat(), **settings,
        )  # fmt: skip
        return command_line.run(*arguments, environment=environment, given=given)

    return run


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a command that refused."""
    assert done.returncode == 2, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_users_are_added_disabled_and_given_passwords(manage, world: World, world_name):
    added = manage("user", "add", "new.dispatcher", "--role", "dispatcher", "--area", "C1", "--organisation", "centre-C1",
                   "--password", "a long password")  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert log_in(world.database, "new.dispatcher", "a long password", NOW).viewer.area_code == "C1"
    assert "username" in refused(
        manage("user", "add", "leader", "--role", "leader", "--area", "C", "--password", "a long password")
    )
    assert "area" in refused(
        manage("user", "add", "x", "--role", "leader", "--area", "NOPE", "--password", "a long password")
    )
    assert "10 characters" in refused(manage("user", "passwd", "leader", "--password", "short"))
    assert manage("user", "passwd", "new.dispatcher", "--password", "another password").returncode == 0
    with pytest.raises(Problem):
        log_in(world.database, "new.dispatcher", "a long password", NOW)
    assert manage("user", "disable", "new.dispatcher").returncode == 0
    with pytest.raises(Problem):
        log_in(world.database, "new.dispatcher", "another password", NOW)
    assert "no user" in refused(manage("user", "disable", "nobody"))


def test_users_are_listed_and_set(manage, world: World):
    listed = manage("user", "list", "--area", "C2")
    assert listed.returncode == 0 and listed.stdout.splitlines()[0].startswith("dispatcher.c2  dispatcher  C2  centre-C2  active")
    assert listed.stdout.splitlines()[-1] == "1 users."
    assert manage("user", "list", "--q", "nobody at all").stdout == "0 users.\n"
    assert "no area NOPE" in refused(manage("user", "list", "--area", "NOPE"))
    assert manage("user", "set", "dispatcher.c2", "--role", "auditor", "--area", "C1", "--organisation", "").returncode == 0
    assert "dispatcher.c2  auditor  C1  -  active" in manage("user", "list", "--role", "auditor").stdout
    for line, words in (
        (("dispatcher.c2",), "Nothing to set"),
        (("nobody", "--role", "leader"), "no user nobody"),
        (("dispatcher.c2", "--area", "NOPE"), "area"),
        (("dispatcher.c2", "--organisation", "NOPE"), "organisation"),
        (("dispatcher.c2", "--role", "handler"), "organisation"),
    ):
        assert words in refused(manage("user", "set", *line))
    assert manage("user", "set", "x", "--role", "system").returncode == 2
    assert "dispatcher.c2  auditor  C1" in manage("user", "list").stdout
    assert manage("user", "disable", "dispatcher.c2").returncode == manage("user", "enable", "dispatcher.c2").returncode == 0
    assert "no user" in refused(manage("user", "enable", "nobody"))


def test_a_password_comes_from_standard_input(manage, world: World):
    """Not in the command line, which everybody on the machine sees."""
    added = manage("user", "add", "piped", "--role", "leader", "--area", "C", "--password", "-", given="a piped password\n")
    assert added.returncode == 0, added
    assert log_in(world.database, "piped", "a piped password", NOW).viewer.username == "piped"
    assert "10 characters" in refused(manage("user", "passwd", "piped", "--password", "-", given="short\n"))
    same = manage("user", "add", "long.account", "--role", "leader", "--area", "C", "--password", "long.account")
    assert "name of the account" in refused(same)


def test_displays_are_listed(manage, world: World):
    assert manage("display", "list").stdout == "0 displays.\n"
    for name in ("hall", "lobby"):
        manage("display", "add", name, "--area", "C1")
    manage("display", "revoke", "hall")
    assert manage("display", "list").stdout.splitlines() == [
        "lobby  C1  new  seen never", "hall  C1  revoked  seen never", "2 displays.",
    ]  # fmt: skip
    assert manage("display", "add", "hall", "--area", "C2").returncode == 0, "the name of a revoked one is free"
    assert "name" in refused(manage("display", "add", "hall", "--area", "C2"))


def test_a_display_is_added_and_revoked(manage, world: World):
    added = manage("display", "add", "hall", "--area", "C1")
    token = added.stdout.strip().split("display=")[1]
    viewer, name = display_viewer(world.database, token)
    assert (viewer.scope_path, name) == ("C/C1/", "hall")
    assert manage("display", "revoke", "hall").returncode == 0
    assert display_viewer(world.database, token) is None
    refused(manage("display", "revoke", "hall"))


def test_audit_verify_names_what_was_tampered_with(manage, world: World, cluster, world_name):
    from tests.steps.commands import waiting

    case = waiting(world)
    assert manage("audit", "verify").returncode == 0
    cluster.run_sql("UPDATE case_event SET reason = 'x' WHERE version = 2", world_name)
    done = manage("audit", "verify")
    assert done.returncode == 1 and case["case_no"] in done.stderr
    told = [json.loads(line) for line in manage("audit", "verify", "--json").stdout.splitlines()]
    *faults, summary = told
    assert faults[0]["case_no"] == case["case_no"] and set(faults[0]) == {
        "prefecture", "seq", "case_no", "version", "what", "columns",
    }  # fmt: skip
    assert summary["kind"] == "summary" and summary["faults"] == len(faults) and summary["events"] == 3


def test_audit_verify_says_what_it_compared(manage, world: World, tmp_path):
    from tests.steps.commands import waiting

    waiting(world)
    folder = str(tmp_path / "anchors")
    done = manage("audit", "verify", "--anchors", folder)
    assert done.returncode == 0 and "No anchors to compare with" in done.stdout and "trace is whole" in done.stdout
    assert manage("audit", "anchor", GRIDBOARD_ANCHOR_DIR=folder).returncode == 0
    done = manage("audit", "verify", "--anchors", folder)
    assert done.returncode == 0 and "1 anchors compared, " in done.stdout
    done = manage("audit", "verify", "--anchors", str(tmp_path))
    assert done.returncode == 1 and "its 1 anchors are missing" in done.stderr
    other = str(tmp_path / "other")
    assert manage("audit", "anchor", "--anew", GRIDBOARD_ANCHOR_DIR=other).returncode == 0
    done = manage("audit", "verify", "--anchors", other)
    assert done.returncode == 0 and "Another folder of anchors was begun on" in done.stdout


def test_a_backup_is_the_same_database_again(manage, world: World, cluster, tmp_path):
    from tests.steps.commands import waiting

    waiting(world)
    file = tmp_path / "all.dump"
    assert manage("backup", str(file)).returncode == 0
    assert "not empty" in refused(manage("restore", str(file)))
    cluster.make_database("restored")
    try:
        done = manage("restore", str(file), database="restored")
        assert done.returncode == 0, done.stderr
        again = Database(cluster.url(OWNER, "restored"), cluster.url(APP, "restored"))
        with again.reading(world.viewers["leader"]) as connection:
            assert summaries.summary(connection, areas.key(connection, "C"), NOW, world.viewers["leader"])["waiting"] == 1
        with again.reading(world.viewers["dispatcher.c2"]) as connection:
            assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 0
        again.close()
        assert manage("audit", "verify", database="restored").returncode == 0
        assert "no file" in refused(manage("restore", str(tmp_path / "none"), database="restored"))
    finally:
        cluster.run_sql('DROP DATABASE "restored" WITH (FORCE)')


def test_migrating_again_changes_nothing_and_a_newer_database_is_refused(manage, cluster, world_name):
    assert manage("migrate").returncode == 0
    assert "not empty" in refused(manage("demo"))
    assert manage("demo", "--if-empty").returncode == 0
    cluster.run_sql("UPDATE alembic_version SET version_num = '9999'", world_name)
    assert "another version has migrated it further" in refused(manage("migrate"))


def test_a_database_that_is_not_there_is_one_line(manage):
    assert "does not exist" in refused(manage("migrate", database="nowhere"))
    done = manage("user", "disable", "x", database="nowhere")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1


def test_automatic_dispatch_is_switched_by_an_admin_and_choices_are_listed(manage, world: World):
    from tests.steps.commands import waiting

    case = waiting(world)
    request = MoveRequest(
        case_no=case["case_no"], move="dispatch", version=case["version"], to=world.organisations["mediators-C"], choice="order"
    )
    move_case(world.database, request, viewer=world.viewers["dispatcher"], now=NOW)
    listed = manage("recommendations", "choices", "--days", "3650").stdout.splitlines()
    assert listed[0].split() == ["1", "order", "neighbour", "mediators-C"] and listed[-1].startswith("1 in")

    def switched() -> list[str]:
        return [row["code"] for row in automatic.switched(world.database, world.viewers["admin"]) if row["since"]]

    assert manage("recommendations", "auto", "neighbour", "on", "--by", "admin").returncode == 0
    assert switched() == ["neighbour"]
    assert "forbidden" in refused(manage("recommendations", "auto", "fire", "on", "--by", "dispatcher"))
    assert "not_found" in refused(manage("recommendations", "auto", "nothing", "on", "--by", "admin"))
    refused(manage("recommendations", "auto", "fire", "on", "--by", "nobody"))
    assert manage("recommendations", "auto", "neighbour", "off", "--by", "admin").returncode == 0
    assert switched() == []


def test_a_backup_is_for_its_owner_and_never_writes_over_another(manage, tmp_path):
    file = tmp_path / "full.backup"
    assert manage("backup", str(file)).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_bytes()
    assert "exists already" in refused(manage("backup", str(file)))
    assert file.read_bytes() == first
    assert manage("backup", str(file), "--force").returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.read_bytes()[:5] == b"PGDMP"
    assert [path.name for path in tmp_path.iterdir()] == ["full.backup"]
    assert "Cannot write" in refused(manage("backup", str(tmp_path / "no" / "folder.backup")))


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_no_password_is_in_a_command_line(world: World, tmp_path, monkeypatch, command):
    """What `ps` shows to everybody, recorded by programs that stand in for PostgreSQL's."""
    seen = tmp_path / "seen"
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / name).write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$0 $*" "password: $PGPASSWORD" >>{seen}\n'
            'for word in "$@"; do case "$word" in --file=*) echo PGDMP >"${word#--file=}";; esac; done\n'
        )
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    world.database.owner_url = make_url(world.database.owner_url).set(password="s3cret/&word").render_as_string(False)
    (tmp_path / "old.backup").write_text("PGDMP")
    monkeypatch.setattr(archive, "is_empty", lambda database: True)
    if command == "backup":
        archive.backup(world.database, tmp_path / "new.backup")
    else:
        archive.restore(world.database, tmp_path / "old.backup")
    lines = seen.read_text().splitlines()
    assert any("password: s3cret/&word" in line for line in lines)
    assert not [line for line in lines if "s3cret" in line and not line.startswith("password: ")]


def test_a_rule_is_tried_from_a_file_without_being_set(manage, world: World, tmp_path):
    """Every fault of a file that cannot be a rule stands in one line."""
    manage("tiers", "recompute")
    shown = manage("tiers", "show").stdout
    sharp, wrong = tmp_path / "sharp.yaml", tmp_path / "wrong.yaml"
    sharp.write_text(shown.replace("key: 50", "key: 45"), "utf-8")
    done = manage("tiers", "preview", str(sharp))
    assert done.returncode == 0, done.stderr
    assert "threshold for key: from 50 to 45" in done.stdout and "grids would change tier" in done.stdout
    assert manage("tiers", "versions").stdout.count("\n") == 1
    wrong.write_text(shown.replace("key: 50", "key: 5"), "utf-8")
    assert "thresholds: The threshold for key (5.0) has to be above" in refused(manage("tiers", "preview", str(wrong)))
