"""Assembly of the application; `python app.py` serves it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from dash import Dash
from fastapi import FastAPI

import callbacks
from callbacks import failures as callback_failures
from dashboard.loaders.deployment import take_own_words
from dashboard.pages import shell
from dashboard.words import messages
from data import logs, schema
from data.accounts import demo_accounts_exist
from data.database import Database
from data.deployment_settings import of_deployment
from data.jobs.background import Background
from data.live.hub import LiveHub
from data.outbox.routing import RouteError
from data.server.cluster import ClusterError, database_urls
from data.services import Clock, Services
from data.sla_settings import SlaSettingsError, sla_policy
from demo.live import DemoLife
from rules.errors import Problem
from settings import Settings, SettingsError, load_settings
from web import routes, serving

ASSETS = Path(__file__).parent / "dashboard" / "assets"


def create_services(settings: Settings) -> Services:
    owner_url, app_url = database_urls(settings)
    limits = settings.database
    database = Database(owner_url, app_url, pool_size=limits.pool_size, statement_timeout_ms=limits.statement_timeout_ms)
    settings = of_deployment(settings, database)
    clock = Clock(settings.deployment.now)
    return Services(settings, database, clock, LiveHub(database, settings.live, clock), sla_policy(settings))


def create_app(settings: Settings) -> FastAPI:
    """The application: FastAPI with its routes, and Dash mounted beside them. Works more than once a process."""
    services = create_services(settings)
    background = Background(services, messages.words_of(services.settings.deployment))
    running = partial(lifespan, services, background)
    server = FastAPI(title="Gridboard", docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    routes.mount(server, services, assets=ASSETS)
    dash = Dash(
        __name__,
        server=server,  # type: ignore[arg-type]
        backend="fastapi",
        assets_folder=str(ASSETS),
        **shell.DASH_OPTIONS,  # type: ignore[arg-type]
        index_string=shell.INDEX,
        on_error=callback_failures.tell,
    )
    dash.layout = lambda: shell.layout(services)
    callbacks.register_all(dash, services)
    routes.guard(server, services, dash)
    return server


@contextlib.asynccontextmanager
async def lifespan(services: Services, background: Background, server: FastAPI) -> AsyncIterator[None]:
    """The live feed, the clocks, the messages and, on a demonstration, its life run as long as the server does."""
    services.database.watch()
    await asyncio.to_thread(take_own_words, services)
    await services.hub.start()
    background.start()
    life = DemoLife(services)
    await life.start()
    try:
        yield
    finally:
        await life.stop()
        await asyncio.to_thread(background.stop)
        await services.hub.stop()
        await asyncio.to_thread(server.state.printer.close)
        services.database.close()


def serve(settings: Settings) -> None:
    """Serve until interrupted. Raises SchemaError, or SettingsError where it must not listen."""
    os.umask(0o077)
    logs.configure()
    schema.require_current(database_urls(settings)[0])
    if not settings.server.is_loopback:
        services = create_services(settings)
        try:
            if demo_accounts_exist(services.database):
                raise SettingsError(
                    f"Refusing to listen on {settings.server.host}: this database has demonstration accounts with a "
                    "known password. Disable them (manage.py user disable NAME) or listen on 127.0.0.1."
                )
        finally:
            services.database.close()
    serving.run(create_app(settings), settings.server)


if __name__ == "__main__":
    try:
        settings = load_settings()
        if settings.server.workers > 1 and settings.server.worker is None:
            # the same process goes on as the supervisor, so that systemd and its socket stay with it
            os.execv(sys.executable, [sys.executable, "-m", "scripts.supervise"])  # noqa: S606
        serve(settings)
    except (SlaSettingsError, ClusterError, RouteError, SettingsError, schema.SchemaError) as error:
        # 2: starting again would not help
        print(error, file=sys.stderr)
        sys.exit(2)
    except Problem as problem:
        sys.exit(f"The database does not answer ({problem.code}). Start it, or check GRIDBOARD_DATABASE_URL.")
