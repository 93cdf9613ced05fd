"""One private cluster a run, one database a test: cloned from a template, thrown away afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import logs, schema
from data.database import Database
from data.server.cluster import APP, OWNER, Cluster
from settings import DatabaseSettings, DemoSettings, LiveSettings, Settings, WorkSettings
from tests.world import World, build_world

DEMO_NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def logging_as_served() -> None:
    """Whatever ran before: a message of the application is a record that caplog sees."""
    logs.configure()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    home = Path(tempfile.mkdtemp(prefix="gridboard-test-"))
    home.chmod(0o755)
    made = Cluster(home, durable=False)
    # it ends with this process even when that is killed
    made.use()
    yield made
    made.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_template(cluster: Cluster) -> str:
    """A migrated database without rows."""
    cluster.make_database("template_empty")
    schema.migrate(cluster.url(OWNER, "template_empty"))
    return "template_empty"


@pytest.fixture(scope="session")
def demo_template(cluster: Cluster, empty_template: str) -> str:
    """A small demonstration, frozen at DEMO_NOW."""
    from demo.load import load_demo

    clone(cluster, empty_template, "template_demo")
    database = Database(cluster.url(OWNER, "template_demo"), cluster.url(APP, "template_demo"))
    load_demo(database, scale=0.05, now=DEMO_NOW)
    database.close()
    return "template_demo"


def clone(cluster: Cluster, template: str, name: str) -> None:
    cluster.run_sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}"')


def cloned(cluster: Cluster, template: str) -> Iterator[str]:
    """The name of a fresh clone, dropped afterwards whoever is still connected."""
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    clone(cluster, template, name)
    yield name
    cluster.run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def opened(cluster: Cluster, name: str) -> Database:
    return Database(cluster.url(OWNER, name), cluster.url(APP, name))


@pytest.fixture
def database_name(cluster: Cluster, empty_template: str) -> Iterator[str]:
    yield from cloned(cluster, empty_template)


@pytest.fixture
def database(cluster: Cluster, database_name: str) -> Iterator[Database]:
    made = opened(cluster, database_name)
    yield made
    made.close()


@pytest.fixture(scope="session")
def built_world(cluster: Cluster, empty_template: str) -> tuple[str, World]:
    """The small invented deployment, built once: the name of its template and what stands in it."""
    clone(cluster, empty_template, "template_world")
    database = opened(cluster, "template_world")
    made = build_world(database)
    database.close()
    return "template_world", made


@pytest.fixture
def world_name(cluster: Cluster, built_world: tuple[str, World]) -> Iterator[str]:
    yield from cloned(cluster, built_world[0])


@pytest.fixture
def world(cluster: Cluster, world_name: str, built_world: tuple[str, World]) -> Iterator[World]:
    """A clone of the small invented deployment, for this test alone."""
    database = opened(cluster, world_name)
    yield replace(built_world[1], database=database)
    database.close()


@pytest.fixture
def demo_name(cluster: Cluster, demo_template: str) -> Iterator[str]:
    yield from cloned(cluster, demo_template)


@pytest.fixture
def demo_database(cluster: Cluster, demo_name: str) -> Iterator[Database]:
    made = opened(cluster, demo_name)
    yield made
    made.close()


def settings_for(cluster: Cluster, name: str, **changes) -> Settings:
    return Settings(
        database=DatabaseSettings(url=cluster.url(OWNER, name), app_url=cluster.url(APP, name)),
        demo=DemoSettings(live=False),
        live=LiveSettings(heartbeat_s=0.5),
        work=WorkSettings(scheduler=False, outbox=False),
        **changes,
    )


@pytest.fixture
def settings(cluster: Cluster, database_name: str) -> Settings:
    return settings_for(cluster, database_name)


@pytest.fixture
def demo_settings(cluster: Cluster, demo_name: str) -> Settings:
    return settings_for(cluster, demo_name)
