"""One private cluster a process, one database a test: cloned from a template, thrown away afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace

import hypothesis
import pytest

from data import logs
from data.database import Database
from data.server.cluster import APP, OWNER, Cluster
from settings import DatabaseSettings, DemoSettings, LiveSettings, Settings, WorkSettings
from tests import templates
from tests.command_line import CommandLine
from tests.templates import DEMO_NOW as DEMO_NOW
from tests.templates import Prepared, clone, opened
from tests.world import World

#: The files that take longest, so that no process works on one of them alone at the end.
FIRST = ("test_run.py", "test_odd_values.py", "test_small_counts.py", "test_desk.py", "test_audit.py", "test_import_nightly.py")


#: An example that takes long on a busy machine is no failure: durations are measured by the benchmark.
hypothesis.settings.register_profile("gridboard", deadline=None, print_blob=True)
hypothesis.settings.load_profile("gridboard")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; all others stay in their order, which `--no-loadscope-reorder` keeps."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture(scope="session", autouse=True)
def logging_as_served() -> None:
    """Whatever ran before: a message of the application is a record that caplog sees."""
    logs.configure()


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    with templates.quick_hashes():
        yield


@pytest.fixture(scope="session")
def prepared(request: pytest.FixtureRequest) -> Iterator[Prepared]:
    """The demonstration takes long to build: only where a test of this run asks for it."""
    demo = any("demo_template" in getattr(item, "fixturenames", ()) for item in request.session.items)
    with templates.prepared(demo=demo) as found:
        yield found


@pytest.fixture(scope="session")
def cluster(prepared: Prepared) -> Cluster:
    """A cluster of this process alone."""
    return prepared.cluster


@pytest.fixture(scope="session")
def command_line() -> Iterator[CommandLine]:
    made = CommandLine()
    yield made
    made.close()


@pytest.fixture(scope="session")
def empty_template() -> str:
    """A migrated database without rows."""
    return templates.EMPTY


@pytest.fixture(scope="session")
def demo_template() -> str:
    """A small demonstration, frozen at DEMO_NOW."""
    return templates.DEMO


def cloned(cluster: Cluster, template: str) -> Iterator[str]:
    """The name of a fresh clone, dropped afterwards whoever is still connected."""
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    clone(cluster, template, name)
    yield name
    cluster.run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_name(cluster: Cluster, empty_template: str) -> Iterator[str]:
    yield from cloned(cluster, empty_template)


@pytest.fixture
def database(cluster: Cluster, database_name: str) -> Iterator[Database]:
    made = opened(cluster, database_name)
    yield made
    made.close()


@pytest.fixture(scope="session")
def built_world(prepared: Prepared) -> tuple[str, World]:
    """The small invented deployment: the name of its template and what stands in it."""
    return templates.WORLD, prepared.world


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
