"""The database cluster of a test run, with the template databases ready in it.

They are built once and kept in var/tests under a hash of all they are built from; each process takes a copy of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pickle
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from argon2 import PasswordHasher

from data import accounts, schema
from data.database import Database
from data.server import postgres
from data.server.cluster import APP, OWNER, Cluster
from tests.world import World, build_world

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "tests"
#: Whatever the templates are built by or from; the demonstration is made on top of the others, where a test needs it.
SOURCES = ("analysis", "data", "geo", "rules", "settings.py", "tests/templates.py", "tests/world.py")
SOURCES_OF_DEMO = (*SOURCES, "demo", "imports")
EMPTY, WORLD, DEMO = "template_empty", "template_world", "template_demo"
DEMO_NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
MEMORY = Path("/dev/shm")
#: What the clones of one process may come to, in bytes.
ROOM = 2_000_000_000
#: A folder of this age may not be locked yet.
YOUNG_S = 60
#: A backend that has to load PostGIS itself takes 30 ms more for its first geometry.
CONFIGURATION = "autovacuum = off\nmax_wal_size = 4GB\nshared_preload_libraries = 'postgis-3'\n"
#: As they are outside of `quick_hashes`.
HASHER, NOBODY = accounts.HASHER, accounts.NOBODY
#: The production costs of a hash, paid for each login of each test, would be most of the run.
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@dataclass(frozen=True)
class Prepared:
    """A running cluster with the templates, and what stands in the one of the small world (without its database)."""

    cluster: Cluster
    world: World


@contextlib.contextmanager
def quick_hashes() -> Iterator[None]:
    """Passwords are hashed and checked at next to no cost; `data.accounts` keeps its own costs outside of this."""
    nobody = QUICK.hash("nobody")
    with mock.patch.object(accounts, "HASHER", QUICK), mock.patch.object(accounts, "NOBODY", nobody):
        yield


@contextlib.contextmanager
def prepared(*, demo: bool) -> Iterator[Prepared]:
    """A copy of the kept cluster, with or without the demonstration, running while this is open or the process lives."""
    with _home() as home:
        with _locked(KEPT / "lock"):
            kept = _kept(demo=demo)
            _copy(kept / "pg", home / "pg")
            world = pickle.loads((kept / "world.pickle").read_bytes())
        with _running(home) as cluster:
            yield Prepared(cluster, world)


@contextlib.contextmanager
def _running(home: Path) -> Iterator[Cluster]:
    cluster = Cluster(home, durable=False)
    with mock.patch("data.server.cluster.VOLATILE", postgres.VOLATILE + CONFIGURATION):
        # it ends with this process even when that is killed
        cluster.use()
    try:
        yield cluster
    finally:
        cluster.stop()


def _kept(*, demo: bool) -> Path:
    """The folder of the templates that fit the sources, built if there is none; those of other sources go."""
    plain = KEPT / f"plain-{_fingerprint(SOURCES)}"
    full = KEPT / f"demo-{_fingerprint(SOURCES_OF_DEMO)}"
    for place in KEPT.iterdir():
        if place.is_dir() and (place not in (plain, full) or not (place / "world.pickle").exists()):
            shutil.rmtree(place)
    if full.exists():
        return full
    if not plain.exists():
        _build(plain)
    if demo:
        _add_demo(plain, full)
    return full if demo else plain


def _build(place: Path) -> None:
    with _home() as home:
        with _running(home) as cluster:
            cluster.make_database(EMPTY)
            schema.migrate(cluster.url(OWNER, EMPTY))
            world = _fill(cluster, WORLD, build_world)
        _keep(home, place, pickle.dumps(replace(world, database=None)))


def _add_demo(plain: Path, place: Path) -> None:
    """A small demonstration, frozen at DEMO_NOW."""
    from demo.load import load_demo

    with _home() as home:
        _copy(plain / "pg", home / "pg")
        with _running(home) as cluster:
            _fill(cluster, DEMO, partial(load_demo, scale=0.05, now=DEMO_NOW))
        _keep(home, place, (plain / "world.pickle").read_bytes())


def _keep(home: Path, place: Path, world: bytes) -> None:
    place.mkdir()
    _copy(home / "pg", place / "pg")
    # the last file: with it the folder is whole
    (place / "world.pickle").write_bytes(world)


def _copy(source: Path, target: Path) -> None:
    """With owners and rights: the server's files may belong to another user."""
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)


def _fill(cluster: Cluster, name: str, fill: Callable[[Database], Any]) -> Any:
    clone(cluster, EMPTY, name)
    database = opened(cluster, name)
    with quick_hashes():
        made = fill(database)
    database.close()
    return made


def clone(cluster: Cluster, template: str, name: str) -> None:
    cluster.run_sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}" STRATEGY file_copy')


def opened(cluster: Cluster, name: str) -> Database:
    return Database(cluster.url(OWNER, name), cluster.url(APP, name))


def _fingerprint(sources: tuple[str, ...]) -> str:
    """Of the sources and of the server that runs them."""
    found = hashlib.sha256(str(postgres.tools()).encode())
    for source in sources:
        place = ROOT / source
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    """A folder for a cluster, in memory where there is room; those of killed runs are taken away first."""
    place = Path(tempfile.gettempdir())
    with contextlib.suppress(OSError):
        _sweep(MEMORY)
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
            place = MEMORY
    home = Path(tempfile.mkdtemp(prefix="gridboard-test-", dir=place))
    home.chmod(0o755)
    # held until the process ends: tells that the folder is in use
    with (home / "owner.lock").open("w") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        try:
            yield home
        finally:
            shutil.rmtree(home, ignore_errors=True)


def _sweep(place: Path) -> None:
    for lock in place.glob("gridboard-test-*/owner.lock"):
        with contextlib.suppress(OSError), lock.open() as owner:
            if time.time() - lock.stat().st_mtime < YOUNG_S:
                continue
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Cluster(lock.parent).stop()
            shutil.rmtree(lock.parent, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
