"""The access log from the command line: every change is there, by the command line; search, export, verification."""

from __future__ import annotations

import csv
import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from data import accounts
from data.audit import access_log
from data.audit.access_log import Actor, entry
from data.database import SYSTEM
from data.server.cluster import APP, OWNER
from rules.access_log import Access, Outcome
from tests.world import NOW, World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manage(cluster, world_name, command_line, tmp_path: Path):
    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = dict(
            os.environ,
            GRIDBOARD_DATABASE_URL=cluster.url(OWNER, world_name),
            GRIDBOARD_APP_DATABASE_URL=cluster.url(APP, world_name),
            GRIDBOARD_NOW=NOW.isoformat(),
            GRIDBOARD_ANCHOR_DIR=str(tmp_path / "anchors"),
        )
        return command_line.run(*arguments, environment=environment | more)

    return run


def newest(world: World) -> int:
    with world.database.owning() as connection:
        return int(connection.execute(text("SELECT seq FROM access_head")).scalar_one())


def since(world: World, before: int) -> list[tuple]:
    with world.database.owning() as connection:
        columns = "act, outcome, via, account, object, path, details"
        rows = connection.execute(text(f"SELECT {columns} FROM access_log WHERE seq > :n ORDER BY seq"), {"n": before})
        return [tuple(row) for row in rows]


SECRET = "a long password"
CHANGES = [
    (("user", "add", "new.one", "--role", "leader", "--area", "C1", "--password", SECRET),
     ("user.add", "new.one", "C/C1/", {"role": "leader", "area": "C1"})),
    (("user", "disable", "handler"), ("user.change", "handler", "C/C1/", {"active": False})),
    (("user", "passwd", "leader", "--password", SECRET), ("user.change", "leader", "C/", {"password": "new"})),
    (("display", "add", "hall", "--area", "C2"), ("display.add", "hall", "C/C2/", {"area": "C2"})),
    (("outbox", "contact", "add", "justice-C1", "sms", "0691-2123456"), ("contact.add", "justice-C1", "C/C1/", {"channel": "sms"})),
]  # fmt: skip


@pytest.mark.parametrize(("command", "expected"), CHANGES, ids=[" ".join(command[:2]) for command, _ in CHANGES])
def test_a_change_is_there_by_the_command_line(manage, world: World, command, expected):
    before = newest(world)
    done = manage(*command)
    assert done.returncode == 0, done.stderr
    act, named, path, details = expected
    assert since(world, before) == [(act, "done", "command_line", "", named, path, details)]
    assert SECRET not in str(since(world, before)) and "0691" not in str(since(world, before))


def test_the_other_way_round_too(manage, world: World):
    with world.database.owning() as connection:
        accounts.add_display(connection, name="hall", area="C1", now=NOW)
    manage("outbox", "contact", "add", "justice-C1", "sms", "0691-2123456")
    before = newest(world)
    assert manage("display", "revoke", "hall").returncode == 0
    assert manage("outbox", "contact", "remove", "justice-C1", "sms").returncode == 0
    assert manage("recommendations", "auto", "neighbour", "on", "--by", "admin").returncode == 0
    assert manage("outbox", "retry").returncode == 0
    assert manage("user", "disable", "nobody").returncode == 2
    assert [(row[0], row[2], row[3], row[4]) for row in since(world, before)] == [
        ("display.revoke", "command_line", "", "hall"),
        ("contact.remove", "command_line", "", "justice-C1"),
        ("automatic.switch", "command_line", "admin", "neighbour"),
    ]


def test_a_backup_is_an_export(manage, world: World, tmp_path: Path):
    before = newest(world)
    assert manage("backup", str(tmp_path / "all.dump")).returncode == 0
    assert [(row[0], row[4]) for row in since(world, before)] == [("export", "backup")]


def test_the_log_is_searched_and_exported(manage, world: World, tmp_path: Path):
    with world.database.writing(SYSTEM) as connection:
        by = Actor(world.viewers["leader"], address="192.0.2.1")
        access_log.append(
            connection, [entry(Access.login, by, outcome=Outcome.failed), entry(Access.display_add, by, object="=1+1")]
        )
    found = manage("audit", "log", "--who", "lead", "--outcome", "failed")
    assert found.returncode == 0 and "login  failed  leader  192.0.2.0/24" in found.stdout and "1 entries." in found.stdout
    file, before = tmp_path / "log.csv", newest(world)
    assert manage("audit", "log", "--what", "display", "--csv", str(file)).returncode == 0
    lines = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert len(lines) == 2 and any(cell.startswith("'=1+1") for cell in lines[1])
    assert file.stat().st_mode & 0o077 == 0
    assert [(row[0], row[2]) for row in since(world, before)] == [("export", "command_line")]
    assert manage("audit", "log", "--to", "2000-01-01").stdout.strip() == "0 entries."


@pytest.mark.parametrize(
    "wrong",
    [("--what", "nonsense"), ("--outcome", "x"), ("--from", "yesterday"), ("--csv", "nowhere/at/all.csv"),
     ("--from", "2026-02-01", "--to", "2026-01-01")],
)  # fmt: skip
def test_a_wrong_search_is_one_line(manage, wrong: tuple[str, ...]):
    done = manage("audit", "log", *wrong)
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done


def test_verify_walks_the_access_log_too(manage, world: World, tmp_path: Path):
    assert manage("audit", "anchor").returncode == 0
    assert list((tmp_path / "anchors" / "access").iterdir())
    whole = manage("audit", "verify")
    assert whole.returncode == 0 and "1 anchors compared: the access log is whole" in whole.stdout, whole
    with world.database.owning() as connection:
        connection.execute(text("UPDATE access_log SET account = 'x' WHERE seq = 2"))
    broken = manage("audit", "verify")
    assert broken.returncode == 1 and "access log 2: the entry was changed" in broken.stderr, broken
    assert '"what": "the entry was changed after it was written"' in manage("audit", "verify", "--json").stdout
