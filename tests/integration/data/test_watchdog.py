"""A database that freezes: callers are refused within seconds instead of hanging, and all is well when it goes on."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from data import schema
from data.database import SYSTEM, Database
from data.server.cluster import APP, OWNER, Cluster
from rules.errors import Problem

#: Far beyond every deadline of ours: what takes this long hangs.
HANGS_S = 60


@pytest.fixture(scope="module")
def own():
    home = Path(tempfile.mkdtemp(prefix="gridboard-frozen-"))
    home.chmod(0o755)
    made = Cluster(home, durable=False)
    made.start()
    schema.migrate(made.url(OWNER))
    yield made
    made.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def database(own):
    made = Database(own.url(OWNER), own.url(APP))
    made.watch()
    yield made
    made.close()


class Frozen:
    """All processes of the server stopped, as a hanging disk or a paused machine would do."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.pids = cluster, []

    def __enter__(self) -> Frozen:
        self.pids = self.cluster._children()
        self._signal(signal.SIGSTOP)
        return self

    def __exit__(self, *_: object) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        for pid in self.pids:
            os.kill(pid, number)


def ask(database: Database) -> int:
    with database.reading(SYSTEM) as connection:
        return connection.execute(text("SELECT 1")).scalar_one()


def eventually(condition) -> None:
    end = time.monotonic() + HANGS_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def answers(database: Database) -> bool:
    try:
        return ask(database) == 1
    except Problem:
        return False


def in_threads(work, n: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, daemon=True) for _ in range(n)]
    for thread in threads:
        thread.start()
    return threads


def test_callers_are_refused_while_it_is_frozen_and_served_afterwards(own, database):
    assert ask(database) == 1
    codes: list[str] = []

    def caller() -> None:
        try:
            ask(database)
        except Problem as problem:
            codes.append(problem.code)

    with Frozen(own):
        threads = in_threads(caller, 20)
        for thread in threads:
            thread.join(HANGS_S)
        assert codes == ["unavailable"] * 20
        with pytest.raises(Problem, match="unavailable"):
            ask(database)
    eventually(lambda: answers(database))
    assert database.pool_status()["in_use"] == 0


def test_a_statement_that_runs_when_it_freezes_is_given_up(own, database):
    begun, ended = threading.Event(), []

    def caller() -> None:
        try:
            with database.writing(SYSTEM) as connection:
                begun.set()
                connection.execute(text("SELECT pg_sleep(3)"))
            ended.append("committed")
        except Problem as problem:
            ended.append(problem.code)

    [thread] = in_threads(caller, 1)
    assert begun.wait(HANGS_S)
    time.sleep(0.2)
    with Frozen(own):
        thread.join(HANGS_S)
        assert ended == ["unavailable"]
    eventually(lambda: answers(database))


def test_a_slow_statement_of_a_healthy_server_is_left_alone(database):
    with database.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT 1 FROM pg_sleep(6)")).scalar_one() == 1


def test_a_server_that_is_away_refuses_by_itself_and_is_met_again(own, database):
    assert ask(database) == 1
    own.stop()
    assert not answers(database)
    own.start()
    eventually(lambda: answers(database))


def test_only_one_backend_frozen_is_given_up_at_the_statements_own_limit(own):
    made = Database(own.url(OWNER), own.url(APP), statement_timeout_ms=500)
    made.watch()
    with pytest.raises(Problem, match="unavailable"), made.writing(SYSTEM) as connection:  # noqa: PT012
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(pid, signal.SIGSTOP)
        try:
            connection.execute(text("SELECT 1"))
        finally:
            os.kill(pid, signal.SIGCONT)
    assert answers(made)
    made.close()
