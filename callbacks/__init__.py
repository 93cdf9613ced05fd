"""Dash callbacks. Each file has `register(app, services)`; every callback reads in a worker thread.

A synchronous callback would run on the event loop of the server and hold up every stream and request with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callbacks import address, admin, audit, case, drill, lists, pages, people, rules, why

if TYPE_CHECKING:
    from dash import Dash

    from data.services import Services


def register_all(app: Dash, services: Services) -> None:
    """Every callback of the application, on this Dash and no other."""
    app.config.suppress_callback_exceptions = True
    for module in (address, pages, drill, why, lists, case, admin, people, audit, rules):
        module.register(app, services)
    # On FastAPI, Dash sets itself up only when `/` or one of its own routes is asked for: a browser that comes to
    # `/map` first would get a page without assets.
    app._setup_server()
