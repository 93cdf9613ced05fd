"""Puts the parts together; `python app.py` serves them."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import NoReturn

from dash import Dash
from fastapi import FastAPI

import callbacks
from dashboard import message_texts, shell
from data import schema
from data.accounts import demo_accounts_exist
from data.background import Background
from data.clock_settings import ClockSettingsError, clocks_of
from data.cluster import ClusterError, database_urls
from data.database import Database
from data.demo.live import DemoLife
from data.live import LiveHub
from data.outbox.routes import RouteError
from data.services import Clock, Services
from rules.errors import Problem
from settings import Settings, SettingsError, load_settings
from web import connections, routes

ASSETS = Path(__file__).parent / "dashboard" / "assets"


def create_services(settings: Settings) -> Services:
    owner_url, app_url = database_urls(settings)
    database = Database(
        owner_url,
        app_url,
        pool_size=settings.database.pool_size,
        statement_timeout_ms=settings.database.statement_timeout_ms,
    )
    clock = Clock(settings.deployment.now)
    return Services(settings, database, clock, LiveHub(database, settings.live, clock), clocks_of(settings))


def create_app(settings: Settings) -> FastAPI:
    """The whole application: FastAPI with its routes, and Dash standing beside them. Works more than once a process."""
    services = create_services(settings)
    background = Background(services, message_texts.words_of(settings.deployment.locale, settings.deployment.timezone))
    started = partial(lifespan, services, background)
    server = FastAPI(title="Gridboard", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lambda _: started())
    routes.mount(server, services)
    dash = Dash(
        __name__,
        server=server,  # type: ignore[arg-type]
        backend="fastapi",
        assets_folder=str(ASSETS),
        assets_path_ignore=["plain"],
        index_string=shell.INDEX,
        title="Gridboard",
        update_title=None,  # type: ignore[arg-type]
        serve_locally=True,
        suppress_callback_exceptions=True,
    )
    dash.layout = lambda: shell.layout(services)
    callbacks.register_all(dash, services)
    routes.guard(server, services, dash)
    return server


@contextlib.asynccontextmanager
async def lifespan(services: Services, background: Background) -> AsyncIterator[None]:
    """The live feed, the clocks, the messages and, on a demonstration, its life run as long as the server does."""
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
        services.database.close()


def serve(settings: Settings) -> None:
    """Serve until interrupted. Raises SchemaError, or SystemExit with one line where that must not be."""
    schema.require_current(database_urls(settings)[0])
    if not settings.server.is_loopback:
        services = create_services(settings)
        try:
            if demo_accounts_exist(services.database):
                raise SystemExit(
                    f"Refusing to listen on {settings.server.host}: this database has demonstration accounts with a "
                    "known password. Disable them (manage.py user disable NAME) or listen on 127.0.0.1."
                )
        finally:
            services.database.close()
    connections.run(create_app(settings), settings.server)


def refuse(words: str) -> NoReturn:
    """One line on the error output, and the code of a wrong setting."""
    print(words, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        serve(load_settings())
    except (ClockSettingsError, ClusterError, RouteError, SettingsError, schema.SchemaError) as error:
        refuse(str(error))
    except Problem as problem:
        refuse(f"The database does not answer ({problem.code}). Start it, or check GRIDBOARD_DATABASE_URL.")
