"""`make run` on a copy of the tree: what it starts ends with it, nothing is lost, and what is wrong is one line."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.server.cluster import APP, OWNER, Cluster
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 300
DEMO = "manage.py demo --if-empty"


class Run:
    """One `make run` of a copy, in a session of its own as a terminal would give it."""

    def __init__(self, tree: Path, port: int, **environment: str) -> None:
        self.tree, self.port = tree, port
        self.log = tree / f"run-{port}.log"
        # what `make test` hands down would make this make another one's child
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("GRIDBOARD_", "MAKE", "MFLAGS"))
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["make", "run"],
                cwd=tree,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=clean | {"GRIDBOARD_PORT": str(port), "GRIDBOARD_DEMO_LIVE": "0"} | environment,
            )

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def ready(self) -> Run:
        eventually(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None)
        assert "Ctrl-C" in self.said(), self.said()
        return self

    def health(self) -> str | None:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return json.load(answer)["live"]
        return None

    def status(self, path: str, body: bytes | None = None) -> int:
        """Of an answer, whatever it is. Raises OSError when there is none in a minute."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", body, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def application(self) -> int:
        """The served application's process."""
        for path in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if path.name.isdigit() and (path / "cwd").readlink() == self.tree:
                    words = (path / "cmdline").read_bytes().split(b"\0")
                    if b"app.py" in words and f"GRIDBOARD_PORT={self.port}".encode() in (path / "environ").read_bytes():
                        return int(path.name)
        raise AssertionError(self.said())

    def interrupt(self) -> int:
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE_S)


@contextlib.contextmanager
def frozen(cluster: Cluster) -> Iterator[None]:
    """All processes of the server stopped, as a hanging disk would do."""
    pids = cluster._children()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def eventually(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    """The tracked files, with this environment's packages: as a fresh clone, without another installation.

    Its demonstration is a small one: loading all 44,000 cases would be most of the time that is waited for.
    """
    copy = Path(tempfile.mkdtemp(prefix="gridboard-tree-")).resolve()
    copy.chmod(0o755)
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    for name in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    script = copy / "scripts" / "run.sh"
    assert DEMO in script.read_text("utf-8")
    script.write_text(script.read_text("utf-8").replace(DEMO, f"{DEMO} --scale 0.02"), "utf-8")
    (copy / ".venv").symlink_to(ROOT / ".venv")
    yield copy
    with contextlib.suppress(Exception):
        Cluster(copy / "var").stop()
    shutil.rmtree(copy, ignore_errors=True)


@pytest.fixture
def start(tree: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(port: int | None = None, **environment: str) -> Run:
        runs.append(Run(tree, port or free_port(), **environment))
        return runs[-1]

    yield start
    for run in runs:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.process.pid, signal.SIGKILL)
        run.process.wait()


def test_a_used_port_is_one_line_before_anything_is_started(start, tree):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = start(taken.getsockname()[1])
        assert run.process.wait(PATIENCE_S) != 0
    ours = [line for line in run.said().splitlines() if not line.startswith(("make:", "Installing"))]
    assert len(ours) == 1 and ours[0].startswith(f"Cannot listen on 127.0.0.1:{run.port}: Address already in use.")
    assert not (tree / "var").exists()


def test_a_wrong_setting_is_one_line(start, tree):
    run = start(GRIDBOARD_NOW="yesterday")
    assert run.process.wait(PATIENCE_S) != 0
    ours = [line for line in run.said().splitlines() if not line.startswith(("make:", "Installing"))]
    assert len(ours) == 1 and ours[0].startswith("GRIDBOARD_NOW='yesterday': ")
    assert not (tree / "var").exists()


def test_with_an_address_no_cluster_is_made(start, tree, cluster, demo_name):
    run = start(
        GRIDBOARD_DATABASE_URL=cluster.url(OWNER, demo_name), GRIDBOARD_APP_DATABASE_URL=cluster.url(APP, demo_name)
    ).ready()
    run.interrupt()
    assert run.health() is None
    assert not (tree / "var" / "pg").exists() and cluster.runs()


@pytest.mark.timeout(600)
def test_it_ends_completely_and_comes_back_with_everything(start, tree):
    own = Cluster(tree / "var")
    first = start().ready()
    assert "dispatcher.jinghong" in first.said()
    own.run_sql("CREATE TABLE kept AS SELECT count(*) AS n FROM cases", "gridboard")
    crashed = first.application()
    os.kill(crashed, signal.SIGKILL)
    eventually(lambda: first.health() == "live" and first.application() != crashed)
    assert own.runs() and first.process.poll() is None and "signal 9" in first.said()
    first.interrupt()
    assert not own.runs() and first.health() is None

    second = start().ready()
    os.kill(own.postmaster() or 0, signal.SIGKILL)
    eventually(lambda: second.health() != "live")
    eventually(lambda: second.health() == "live")
    own.run_sql("SELECT 1 / (SELECT (kept.n = (SELECT count(*) FROM cases))::int FROM kept)", "gridboard")
    os.killpg(second.process.pid, signal.SIGKILL)
    eventually(lambda: not own.runs())

    third = start().ready()
    with frozen(own):
        askers = [threading.Thread(target=third.status, args=("/login",), daemon=True) for _ in range(80)]
        for asker in askers:
            asker.start()
        assert third.status("/assets/dist/gridboard.js") == 200
        assert third.status("/healthz") == 503
        assert third.status("/api/session", b"{}") in (400, 415, 422, 503)
        for asker in askers:
            asker.join(PATIENCE_S)
            assert not asker.is_alive()
    eventually(lambda: third.health() == "live")
    third.interrupt()
    assert not own.runs() and third.health() is None
    assert "Traceback" not in third.said()
