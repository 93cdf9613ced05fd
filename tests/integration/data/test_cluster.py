"""The private cluster: a socket and nothing else, the same after a kill, one clear line when it cannot be."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest

from data.server.cluster import Cluster, ClusterError, database_urls
from data.server.postgres import require_postgis, tools
from settings import DatabaseSettings, Settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def own():
    home = Path(tempfile.mkdtemp(prefix="gridboard-own-"))
    home.chmod(0o755)
    made = Cluster(home)
    yield made
    made.stop()
    shutil.rmtree(home, ignore_errors=True)


def eventually(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def listening_ports(pid: int) -> set[str]:
    """The TCP ports on which a process listens; other work on the machine has its own."""
    own = {link for path in Path(f"/proc/{pid}/fd").iterdir() if (link := os.readlink(path)).startswith("socket:")}
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in own}


def test_it_survives_kill_9_and_listens_on_a_socket_only(own):
    own.start()
    assert own.runs() and (own.sockets / ".s.PGSQL.5432").is_socket()
    assert not listening_ports(own.postmaster())
    own.run_sql("CREATE TABLE kept (n int)", "gridboard")
    own.run_sql("INSERT INTO kept VALUES (1)", "gridboard")
    os.kill(own.postmaster(), signal.SIGKILL)
    eventually(lambda: not own.runs())
    own.start()
    own.run_sql("INSERT INTO kept SELECT 1 / count(*) FROM kept", "gridboard")
    own.start()
    own.stop()
    assert not own.runs()


def test_a_number_that_is_somebody_else_by_now_is_no_server(own):
    own.start()
    pid_file = own.data / "postmaster.pid"
    remains = pid_file.read_text()
    own.stop()
    pid_file.write_text(remains.replace(remains.split("\n")[0], str(os.getpid()), 1))
    (own.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    assert not own.runs()
    assert own.start() is True
    assert own.start() is False


def test_children_of_a_killed_server_are_waited_for(own):
    own.start()
    busy = threading.Thread(target=lambda: suppress_all(own.run_sql, "SELECT pg_sleep(600)"), daemon=True)
    busy.start()
    eventually(lambda: len(own._children()) > 6)
    os.kill(own.postmaster(), signal.SIGKILL)
    assert own.start() is True


def suppress_all(run, *arguments) -> None:
    with contextlib.suppress(Exception):
        run(*arguments)


USER = """
import sys
from pathlib import Path
from data.server.cluster import Cluster
Cluster(Path(sys.argv[1])).use()
print("ready", flush=True)
sys.stdin.read()
"""


def user_of(home: Path) -> subprocess.Popen[str]:
    """A process that uses the cluster until it is told to end, or killed."""
    command = [sys.executable, "-c", USER, str(home)]
    made = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert made.stdout is not None and made.stdout.readline() == "ready\n"
    return made


def test_it_ends_with_the_last_who_uses_it_even_one_that_was_killed(own):
    first, second = user_of(own.home), user_of(own.home)
    server = own.postmaster()
    first.kill()
    first.wait()
    time.sleep(0.5)
    assert own.postmaster() == server
    second.kill()
    second.wait()
    eventually(lambda: not own.runs())
    assert not (own.data / "postmaster.pid").exists()
    third = user_of(own.home)
    assert own.runs()
    third.communicate("")
    eventually(lambda: not own.runs())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's user cannot enter")
def test_it_lives_below_a_folder_that_only_root_may_enter(tmp_path):
    tmp_path.chmod(0o700)
    closed = Cluster(tmp_path / "var")
    try:
        assert closed.start()
        closed.run_sql("CREATE TABLE kept (n int)", "gridboard")
        os.kill(closed.postmaster(), signal.SIGKILL)
        eventually(lambda: not closed.runs())
        assert closed.start()
        closed.run_sql("INSERT INTO kept VALUES (1)", "gridboard")
        assert Path(f"/proc/{closed.postmaster()}").stat().st_uid != 0
    finally:
        closed.stop()
    assert not closed.runs()


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(own, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(ClusterError, match="Not enough room") as refused:
        own.start()
    assert "\n" not in str(refused.value) and list(own.data.iterdir()) == []


def test_why_it_does_not_start_is_told_in_one_line(own):
    own.start()
    own.stop()
    with (own.data / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = '1 banana'\n")
    with pytest.raises(ClusterError, match=r"does not start: FATAL: .* contains errors") as refused:
        own.start()
    assert "\n" not in str(refused.value)


def test_a_long_path_gets_a_short_socket_folder(tmp_path):
    deep = Cluster(tmp_path / ("deep" * 30))
    assert len(str(deep.sockets)) < 60
    assert deep.sockets != Cluster(tmp_path / ("deep" * 31)).sockets


def test_a_folder_of_another_version_is_refused(own):
    own.start()
    own.stop()
    (own.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ClusterError, match="made by PostgreSQL 9"):
        own.start()
    (own.data / "PG_VERSION").write_text("15\n")


@pytest.mark.parametrize(("version", "words"), [(None, "not installed"), ("3.2.9", "too old")])
def test_missing_and_old_postgis_are_one_clear_line(version, words):
    with pytest.raises(ClusterError, match=words) as refused:
        require_postgis(version)
    assert "\n" not in str(refused.value)


def test_missing_postgresql_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(ClusterError, match="PostgreSQL is not installed"):
        tools()


def test_an_address_in_the_settings_starts_nothing(monkeypatch):
    monkeypatch.setattr(Cluster, "start", lambda self: pytest.fail("a cluster was started"))
    settings = Settings(database=DatabaseSettings(url="postgres://u:p@h:5433/d"))
    assert database_urls(settings) == ("postgresql+psycopg2://u:p@h:5433/d", None)
    with pytest.raises(ClusterError, match="mysql"):
        database_urls(Settings(database=DatabaseSettings(url="mysql://h/d")))


def test_what_people_wrote_is_not_in_the_servers_log_and_nobody_else_may_look(own):
    own.start()
    words = "13800138000 Wang"
    for statement in (
        f"SELECT '{words}'::int",
        f"DO $$ BEGIN RAISE EXCEPTION 'in a function' USING DETAIL = '{words}'; END $$",
        f"DO $$ BEGIN RAISE WARNING '{words}'; END $$",
    ):
        with contextlib.suppress(psycopg2.Error):
            own.run_sql(statement, "gridboard")
    own.stop()
    said = own.log.read_text()
    assert "shut down" in said and words not in said
    assert stat.S_IMODE(own.home.stat().st_mode) & 0o066 == 0
    readable = [
        path for path in own.home.iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077 and not path.is_symlink()
    ]
    assert not readable
