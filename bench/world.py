"""A cluster, a demonstration and a server of the benchmark's own: durable, like the real thing, and thrown away after."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from data import schema
from data.database import Database
from data.server.cluster import APP, DATABASE, OWNER, Cluster
from demo.load import load_demo

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class World:
    cluster: Cluster
    database: Database
    url: str

    def client(self, username: str = "dispatcher") -> httpx.Client:
        """A logged-in client that sends the token against forged requests."""
        answer = httpx.post(f"{self.url}/api/session", json={"username": username, "password": "gridboard"}, timeout=60)
        answer.raise_for_status()
        headers = {"X-CSRF-Token": answer.json()["csrf_token"]}
        return httpx.Client(base_url=self.url, timeout=60, cookies=answer.cookies, headers=headers)


@contextlib.contextmanager
def world() -> Iterator[World]:
    home = Path(tempfile.mkdtemp(prefix="gridboard-bench-"))
    home.chmod(0o755)
    cluster = Cluster(home)
    cluster.start()
    database = Database(cluster.url(OWNER), cluster.url(APP))
    try:
        schema.migrate(cluster.url(OWNER))
        load_demo(database)
        with serving(cluster) as url:
            yield World(cluster, database, url)
    finally:
        database.close()
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def serving(cluster: Cluster) -> Iterator[str]:
    """The real server in a process of its own, without the demonstration's life, and without what leaves files behind."""
    port = free_port()
    environment = dict(
        os.environ, GRIDBOARD_DATABASE_URL=cluster.url(OWNER, DATABASE), GRIDBOARD_APP_DATABASE_URL=cluster.url(APP, DATABASE),
        GRIDBOARD_PORT=str(port), GRIDBOARD_DEMO_LIVE="0", GRIDBOARD_SCHEDULER="0", GRIDBOARD_OUTBOX="0",
    )  # fmt: skip
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        time.sleep(0.2)
    raise RuntimeError("the server does not answer")
