"""The access log in the database: append-only for the application, chained, pruned, and tampering found."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data import accounts
from data.audit import access_anchors, access_log
from data.audit.access_log import COMMAND_LINE, Actor, Summary, append, chain, entry, prune, verify
from data.audit.anchors import AnchorError
from data.audit.trace import Fault
from data.database import SYSTEM
from rules.access_log import Access, Outcome, Via
from rules.errors import Problem
from tests.world import NOW, PASSWORD, World

DAY = timedelta(days=1)


def rows(world: World, **wanted: str) -> list[dict[str, Any]]:
    """All entries of the log, oldest first, or those of an act, account ..."""
    with world.database.owning() as connection:
        found = connection.execute(text("SELECT * FROM access_log ORDER BY seq")).mappings().all()
    return [dict(row) for row in found if all(row[name] == value for name, value in wanted.items())]


def faults(world: World, folder: Path | None = None, summary: Summary | None = None) -> list[Fault]:
    with world.database.owning() as connection:
        anchors = access_anchors.read_anchors(connection, folder) if folder else []
        return [one for one in verify(connection, anchors, summary) if isinstance(one, Fault)]


def fill(world: World, ages: list[float]) -> None:
    """Entries written so many days ago, chained as the database would have, after those that are there."""
    now = datetime.now(UTC)
    with world.database.owning() as connection:
        head = connection.execute(text("SELECT seq, hash FROM access_head")).one()
        made = [
            {
                "at": now - age * DAY, "written_at": now - age * DAY, "act": "case.read", "outcome": "done", "via": "api",
                "user_id": 1, "account": "leader", "role": "leader", "organisation_id": None, "area": "C", "path": "C/",
                "case_no": "", "case_path": "", "object": "case", "address": "10.0.0.0/24", "n": 1, "details": "{}",
            }
            for age in ages
        ]  # fmt: skip
        linked = list(chain(made, first_seq=head.seq + 1, head=bytes(head.hash)))
        columns = ", ".join(linked[0])
        places = ", ".join(f"CAST(:{name} AS json)" if name == "details" else f":{name}" for name in linked[0])
        connection.execute(text(f"INSERT INTO access_log ({columns}) VALUES ({places})"), linked)
        last = {"seq": linked[-1]["seq"], "hash": linked[-1]["hash"]}
        connection.execute(text("UPDATE access_head SET seq = :seq, hash = :hash"), last)


@pytest.fixture
def emptied(world: World) -> World:
    """Without the entries that building the world left."""
    with world.database.owning() as connection:
        connection.execute(text("TRUNCATE access_log"))
        connection.execute(text("UPDATE access_head SET seq = 0, hash = '', pruned_seq = 0, pruned_hash = ''"))
    return world


def test_the_database_and_python_compute_the_same_chain(emptied: World):
    by = Actor(emptied.viewers["dispatcher.c1"], Via.panel, "192.0.2.77")
    with emptied.database.writing(SYSTEM) as connection:
        first = append(connection, [entry(Access.case_read, by, object="案件\x1f", details={"q": "中文", "n": [1, 2]})])
        assert append(connection, [entry(Access.export, COMMAND_LINE), entry(Access.start, access_log.SERVER)]) == first + 2
    fill(emptied, [0.0, 0.0])
    with emptied.database.writing(SYSTEM) as connection:
        append(connection, [entry(Access.stop, access_log.SERVER)])
    summary = Summary()
    assert faults(emptied, summary=summary) == []
    assert summary.entries == 6 == len(rows(emptied))
    [one] = rows(emptied, act="case.read", account="dispatcher.c1")
    assert (one["role"], one["area"], one["path"], one["address"]) == ("dispatcher", "C1", "C/C1/", "192.0.2.0/24")
    assert rows(emptied, act="export")[0]["path"] == "C/", "what has no area belongs to the whole deployment"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET account = 'nobody'",
        "DELETE FROM access_log",
        "TRUNCATE access_log",
        "INSERT INTO access_log SELECT * FROM access_log LIMIT 1",
        "UPDATE access_head SET seq = 0",
        "DELETE FROM access_head",
        "INSERT INTO access_head VALUES (2, 0, '', 0, '')",
        "SELECT chain_access(e) FROM access_log e LIMIT 1",
        "ALTER TABLE access_log DISABLE ROW LEVEL SECURITY",
        "DROP TABLE access_log",
        "SELECT append_access('[{\"act\": \"log.prune\", \"at\": \"2026-01-01T00:00:00Z\"}]')",
    ],
)
def test_the_application_can_only_append(world: World, statement: str):
    before = rows(world)
    assert before
    with pytest.raises(DBAPIError), world.database.writing(SYSTEM) as connection:
        connection.execute(text(statement.replace(":", "\\:")))
    assert rows(world) == before


def tampered(change: str) -> Callable[[Connection], None]:
    return lambda connection: connection.execute(text(change)) and None


def swap(connection: Connection) -> None:
    for one, other in ((3, -3), (4, 3), (-3, 4)):
        connection.execute(text("UPDATE access_log SET seq = :to WHERE seq = :seq"), {"seq": one, "to": other})


def insert(connection: Connection) -> None:
    connection.execute(text("UPDATE access_log SET seq = seq + 1000 WHERE seq > 3"))
    connection.execute(text("UPDATE access_log SET seq = seq - 999 WHERE seq > 1000"))
    names = "at, written_at, act, outcome, via, user_id, account, role, organisation_id, area, path, case_no, case_path, object"
    names += ", address, n, details, prev_hash, hash"
    connection.execute(text(f"INSERT INTO access_log (seq, {names}) SELECT 4, {names} FROM access_log WHERE seq = 3"))


def rechain(connection: Connection) -> None:
    """What a forger with all rights and our source would do after taking entry 3 away."""
    connection.execute(text("DELETE FROM access_log WHERE seq = 3"))
    kept = connection.execute(text("SELECT *, details::text AS details FROM access_log ORDER BY seq")).mappings().all()
    columns = access_log.HASHED
    connection.execute(text("DELETE FROM access_log"))
    linked = list(chain(({name: row[name] for name in columns} for row in kept), first_seq=1, head=b""))
    places = ", ".join(f"CAST(:{name} AS json)" if name == "details" else f":{name}" for name in linked[0])
    connection.execute(text(f"INSERT INTO access_log ({', '.join(linked[0])}) VALUES ({places})"), linked)
    connection.execute(text("UPDATE access_head SET seq = :seq, hash = :hash"), linked[-1])


COLUMNS = [
    "at = at + interval '1 s'", "written_at = written_at + interval '1 us'", "act = 'logout'", "outcome = 'failed'", "via = 'x'",
    "user_id = 99", "user_id = NULL", "account = 'x'", "role = 'x'", "organisation_id = 99", "area = 'x'", "path = 'x'",
    "case_no = 'x'", "case_path = 'x'", "object = 'x'", "address = 'x'", "n = 99", "details = '{\"x\": 1}'",
]  # fmt: skip


@pytest.mark.parametrize("change", COLUMNS)
def test_every_column_of_an_entry_is_covered(emptied: World, change: str):
    fill(emptied, [0.0] * 6)
    with emptied.database.owning() as connection:
        connection.execute(text(f"UPDATE access_log SET {change} WHERE seq = 3"))
    assert [(one.seq, one.what) for one in faults(emptied)] == [(3, "the entry was changed after it was written")]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (tampered("DELETE FROM access_log WHERE seq = 3"), {4}),
        (swap, {3, 4, 5}),
        (insert, {4, 5, 6, 7}),
        (tampered("DELETE FROM access_log WHERE seq > 4"), {6}),
        (tampered("DELETE FROM access_log WHERE seq < 3"), {3}),
        (tampered("TRUNCATE access_log"), {6}),
        (tampered("DELETE FROM access_head"), {0}),
    ],
)
def test_tampering_behind_the_applications_back_is_found(emptied: World, change, where: set[int]):
    fill(emptied, [0.0] * 6)
    assert faults(emptied) == []
    with emptied.database.owning() as connection:
        change(connection)
    found = {one.seq for one in faults(emptied)}
    assert found and found <= where


def test_a_chain_computed_anew_or_cut_with_its_head_is_found_by_the_anchors(emptied: World, tmp_path: Path):
    fill(emptied, [0.0] * 6)
    assert access_anchors.anchor_head(emptied.database, tmp_path)
    assert not access_anchors.anchor_head(emptied.database, tmp_path), "once a day"
    summary = Summary()
    assert faults(emptied, tmp_path, summary) == [] and summary.compared == 1
    with emptied.database.owning() as connection:
        rechain(connection)
    assert faults(emptied) == []
    assert "anchored" in faults(emptied, tmp_path)[0].what


def test_an_anchor_that_was_changed_or_taken_away_is_found(emptied: World, tmp_path: Path):
    fill(emptied, [5.0, 4.0, 0.0])
    assert [one.what for one in faults(emptied, tmp_path)] == ["there are no anchors of the access log"]
    access_anchors.anchor_head(emptied.database, tmp_path)
    assert faults(emptied, tmp_path) == []
    [path] = tmp_path.rglob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"seq":3', b'"seq":2'))
    with pytest.raises(AnchorError):
        faults(emptied, tmp_path)


def test_old_entries_go_and_the_rest_verifies(emptied: World, tmp_path: Path):
    fill(emptied, [400.0, 300.0, 181.0])
    access_anchors.anchor_head(emptied.database, tmp_path)
    fill(emptied, [179.0, 10.0, 0.0])
    with emptied.database.writing(SYSTEM) as connection:
        assert prune(connection, days=3) == 3, "180 days are the least"
        assert prune(connection, days=180) == 0
    left = rows(emptied)
    assert [row["seq"] for row in left] == [4, 5, 6, 7]
    assert left[-1]["act"] == "log.prune" and left[-1]["n"] == 3 and left[-1]["details"]["upto"] == 3
    summary = Summary()
    assert faults(emptied, tmp_path, summary) == []
    assert (summary.entries, summary.pruned, summary.compared) == (4, 3, 1), "the pruned end is held against its anchor"
    with emptied.database.writing(SYSTEM) as connection:
        assert prune(connection, days=365) == 0


def test_who_prunes_by_hand_is_found(emptied: World):
    fill(emptied, [400.0, 300.0, 100.0, 50.0, 0.0])
    with emptied.database.writing(SYSTEM) as connection:
        prune(connection, days=180)
    with emptied.database.owning() as connection:
        connection.execute(text("DELETE FROM access_log WHERE seq <= 4"))
        connection.execute(
            text("UPDATE access_head SET pruned_seq = 4, pruned_hash = (SELECT prev_hash FROM access_log WHERE seq = 5)")
        )
    assert [one.what for one in faults(emptied)] == ["the beginning is missing, and no entry about pruning says so"]


def test_a_case_number_that_is_none_is_not_kept(world: World):
    typed = "身份证 110101199003070000"
    with world.database.writing(SYSTEM) as connection:
        append(connection, [entry(Access.case_read, Actor(world.viewers["leader"]), outcome=Outcome.refused, case_no=typed)])
    assert rows(world, act="case.read")[0]["case_no"] == ""
    assert typed not in str(rows(world))


def test_logins_and_changes_leave_entries_in_their_own_transaction(world: World):
    database, before = world.database, len(rows(world))
    found = accounts.log_in(database, "leader", PASSWORD, NOW, address="2001:db8:7:8::9")
    accounts.log_out(database, found.token)
    accounts.log_out(database, found.token)
    with pytest.raises(Problem), database.owning() as connection:  # noqa: PT012
        accounts.change_user(connection, "handler", active=False)
        accounts.add_display(connection, name="hall", area="C1", now=NOW)
        accounts.add_display(connection, name="hall", area="C1", now=NOW)
    assert [(row["act"], row["account"], row["address"]) for row in rows(world)[before:]] == [
        ("login", "leader", "2001:db8:7::/48"), ("logout", "leader", ""),
    ]  # fmt: skip
    with database.owning() as connection:
        accounts.change_user(connection, "handler", active=False)
        accounts.change_user(connection, "handler", password="another password", by=Actor(world.viewers["admin"]))
        accounts.add_display(connection, name="hall", area="C1", now=NOW)
        assert accounts.revoke_display(connection, "hall", NOW) and not accounts.revoke_display(connection, "hall", NOW)
    changed = rows(world)[before + 2 :]
    assert [(row["act"], row["via"], row["account"], row["object"], row["path"]) for row in changed] == [
        ("user.change", "command_line", "", "handler", "C/C1/"),
        ("user.change", "api", "admin", "handler", "C/C1/"),
        ("display.add", "command_line", "", "hall", "C/C1/"),
        ("display.revoke", "command_line", "", "hall", "C/C1/"),
    ]
    assert "another password" not in str(changed)
    assert faults(world) == []


KILLED = """
import os, signal, sys, time
from data.audit.access_log import SERVER, entry
from data.audit.access_recorder import AccessRecorder
from data.database import Database
from rules.access_log import Access
access = AccessRecorder(Database(sys.argv[1], sys.argv[2]))
for number in range(20):
    access.note(entry(Access.export, SERVER, object=f"killed {number}"))
while access.waiting:
    time.sleep(0.01)
access.note(entry(Access.export, SERVER, object="killed last"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_loses_no_more_than_what_came_during_one_write(world: World):
    urls = (world.database.owner_url, world.database.app_url)
    done = subprocess.run([sys.executable, "-c", KILLED, *urls], cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == -signal.SIGKILL
    kept = [row["object"] for row in rows(world, act="export")]
    assert kept[:20] == [f"killed {number}" for number in range(20)]
    assert kept[20:] in ([], ["killed last"])
    assert faults(world) == []


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [("auditor", {"leader", "dispatcher.c1", "dispatcher.c2"}), ("auditor.c1", {"dispatcher.c1"}), ("leader", set()),
     ("admin", set()), ("handler", set()), ("dispatcher.c1", set())],
)  # fmt: skip
def test_an_auditor_sees_its_own_area_and_others_nothing(world: World, viewer: str, seen: set[str]):
    with world.database.owning() as connection:
        accounts.add_user(
            connection, username="auditor.c1", password=PASSWORD, role=accounts.Role.auditor, area="C1", now=NOW
        )
    world.viewers["auditor.c1"] = accounts.log_in(world.database, "auditor.c1", PASSWORD, NOW).viewer
    with world.database.reading(world.viewers[viewer]) as connection:
        accounts_seen = set(connection.execute(text("SELECT account FROM access_log")).scalars())
    assert accounts_seen & {"leader", "dispatcher.c1", "dispatcher.c2"} == seen
