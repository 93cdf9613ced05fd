"""A server over the small invented deployment, with a Dash of one callback beside the routes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from unittest import mock

import anyio.from_thread
import pytest
import uvicorn
from dash import Dash, Input, Output, dcc, html
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dashboard.current_viewer import current_viewer
from data.live.hub import LiveHub
from data.server.cluster import Cluster
from data.services import Clock, Services
from settings import DatabaseSettings, DemoSettings, LiveSettings, ServerSettings, Settings, WorkSettings
from tests.conftest import cloned, opened
from tests.world import NOW, PASSWORD, World
from web import routes

ORIGIN = "http://127.0.0.1:8050"


@dataclass
class Site:
    """The server of a test: its application, its world, and what its callback was called with."""

    server: FastAPI
    services: Services
    world: World
    seen: list[str] = field(default_factory=list)

    def client(self, user: str | None = None) -> TestClient:
        """A program's client; with a user, logged in and carrying the token against forged requests."""
        client = TestClient(self.server, base_url=ORIGIN, client=("127.0.0.1", 50000), raise_server_exceptions=False)
        if user is not None:
            answer = client.post("/api/session", json={"username": user, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client


def build_site(world: World, *, settings: Settings | None = None) -> Site:
    settings = settings or Settings(
        database=DatabaseSettings(url=world.database.owner_url), live=LiveSettings(heartbeat_s=0.2)
    )
    clock = Clock(NOW)
    services = Services(settings, world.database, clock, LiveHub(world.database, settings.live, clock))

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI):
        await services.hub.start()
        yield
        await services.hub.stop()

    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    routes.mount(server, services)
    dash = Dash("tests.site", server=server, backend="fastapi", suppress_callback_exceptions=True)
    site = Site(server, services, world)
    dash.layout = html.Div([dcc.Location(id="url", refresh=False), html.Div(id="page")])

    @dash.callback(Output("page", "children"), Input("url", "pathname"))
    async def page(pathname):
        viewer = current_viewer.get()
        site.seen.append(viewer.username or viewer.role.value)
        return pathname

    routes.guard(server, services, dash)
    return site


@contextlib.contextmanager
def world_of_its_own(cluster: Cluster, built_world: tuple[str, World]) -> Iterator[World]:
    """A clone of the small world, for as long as a fixture of a module yields from it."""
    for name in cloned(cluster, built_world[0]):
        database = opened(cluster, name)
        yield replace(built_world[1], database=database)
        database.close()


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """All clients share one event loop, as a server has one; starting one for each request costs more than most answers."""
    with anyio.from_thread.start_blocking_portal() as portal, mock.patch.object(TestClient, "portal", portal):
        yield


@pytest.fixture
def site(world: World) -> Site:
    return build_site(world)


@pytest.fixture(scope="module")
def quiet(cluster: Cluster, built_world) -> Iterator[Site]:
    """One site for all tests of a module that are refused and leave nothing behind."""
    with world_of_its_own(cluster, built_world) as world:
        yield build_site(world)


@pytest.fixture(scope="module")
def whole(cluster: Cluster, built_world) -> Iterator[tuple[FastAPI, World]]:
    """The whole application, Dash and its callbacks included."""
    from app import create_app

    with world_of_its_own(cluster, built_world) as world:
        settings = Settings(
            database=DatabaseSettings(url=world.database.owner_url),
            demo=DemoSettings(live=False),
            work=WorkSettings(scheduler=False, outbox=False),
            server=ServerSettings(allowed_origins=("https://board.example",)),
        )
        server = create_app(settings)
        with TestClient(server):  # started: Dash answers for its pages from then on
            yield server, world


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application over a real socket; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The site served over a real socket, for streams and for connections that are cut."""
    with served(site.server) as base:
        yield base


def site_with(world: World, **server) -> Site:
    settings = Settings(
        database=DatabaseSettings(url=world.database.owner_url),
        live=LiveSettings(heartbeat_s=0.2),
        server=ServerSettings(**server),
        work=WorkSettings(scheduler=False, outbox=False),
    )
    return build_site(world, settings=settings)
