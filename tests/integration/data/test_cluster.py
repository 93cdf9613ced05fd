"""The private cluster: a socket and nothing else, the same after a kill, one clear line when it cannot be."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from data import cluster as subject
from data.cluster import Cluster, ClusterError, database_urls
from settings import DatabaseSettings, Settings


@pytest.fixture
def own():
    home = Path(tempfile.mkdtemp(prefix="gridboard-own-"))
    home.chmod(0o755)
    made = Cluster(home)
    yield made
    made.stop()
    shutil.rmtree(home, ignore_errors=True)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def listening_ports() -> set[str]:
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {line[1].rsplit(":", 1)[1] for line in lines if line[3] == "0A"}


def test_it_survives_kill_9_and_listens_on_a_socket_only(own):
    before = listening_ports()
    own.start()
    assert own.runs() and (own.sockets / ".s.PGSQL.5432").is_socket()
    assert listening_ports() <= before | {"0000"}
    own.run_sql("CREATE TABLE kept (n int)", "gridboard")
    own.run_sql("INSERT INTO kept VALUES (1)", "gridboard")
    os.kill(postmaster(own), signal.SIGKILL)
    for _ in range(100):
        if not own.runs():
            break
        time.sleep(0.1)
    own.start()
    own.run_sql("INSERT INTO kept SELECT 1 / count(*) FROM kept", "gridboard")
    own.start()
    own.stop()
    assert not own.runs()


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
        subject._require_postgis(version)
    assert "\n" not in str(refused.value)


def test_missing_postgresql_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(ClusterError, match="PostgreSQL is not installed"):
        subject._tools()


def test_an_address_in_the_settings_starts_nothing(monkeypatch):
    monkeypatch.setattr(Cluster, "start", lambda self: pytest.fail("a cluster was started"))
    settings = Settings(database=DatabaseSettings(url="postgres://u:p@h:5433/d"))
    assert database_urls(settings) == ("postgresql+psycopg2://u:p@h:5433/d", None)
    with pytest.raises(ClusterError, match="mysql"):
        database_urls(Settings(database=DatabaseSettings(url="mysql://h/d")))
