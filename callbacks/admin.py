"""Pages of an admin: undelivered messages, switches of the automatic dispatch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output
from pydantic import ConfigDict
from typing_extensions import TypedDict

from callbacks.reading import off_loop, seen
from dashboard import ids
from dashboard.pages import messages
from dashboard.panels import states
from dashboard.view_models import Reader
from data import calendar_changes
from data.commands import automatic, message_routes
from data.queries import outbox
from rules.access import Act, Viewer, may
from rules.errors import Problem
from rules.numbers import digits

if TYPE_CHECKING:
    from data.services import Services

class Wanted(TypedDict, total=False):
    """Which deliveries the browser asks for: their state, and the one that the page begins after."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    state: str
    before: int | None


class Switched(TypedDict, total=False):
    """The category that was just switched."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    code: str
    on: bool


#: A table that a browser draws at once.
SHOWN = 50


def register(app: Dash, services: Services) -> None:
    @app.callback(Output(ids.MESSAGES_BOX, "children"), Input(ids.MESSAGES_REFRESH, "data"))
    async def show_messages(wanted: Wanted | None) -> Any:
        return await off_loop(messages_of, services, *asked(wanted))

    @app.callback(Output(ids.AUTOMATIC_BOX, "children"), Input(ids.AUTOMATIC_REFRESH, "data"))
    async def show_automatic(_changed: Switched | None) -> Any:
        return await off_loop(automatic_of, services)


def asked(wanted: Wanted | None) -> tuple[str, int | None]:
    """The state, the dead ones at first, and the delivery that the page begins after."""
    wanted = wanted or {}
    return wanted.get("state") or "dead", digits(str(wanted.get("before") or ""))


def messages_of(services: Services, state: str, before: int | None = None) -> Any:
    """The deliveries of a state, the newest or those before one."""

    def draw(viewer: Viewer, reader: Reader) -> Any:
        if not may(viewer.role, Act.manage_messages):
            raise Problem("forbidden")
        routes = message_routes.listed(services.database, viewer)
        with services.database.reading(viewer) as connection:
            change = calendar_changes.pending(connection)
            page = outbox.page(connection, state=state, limit=SHOWN, before=before, locale=reader.locale)
            counts = outbox.counts(connection)
        return messages.deliveries(state, page, counts, reader, routes=routes, calendar=change)

    return seen(services, draw, _instead)


def automatic_of(services: Services) -> Any:
    """Every category with its switch."""

    def draw(viewer: Viewer, reader: Reader) -> Any:
        return messages.switches(automatic.switched(services.database, viewer), reader)

    return seen(services, draw, _instead)


def _instead(locale: str, problem: Problem) -> Any:
    return states.forbidden(locale) if problem.code == "forbidden" else states.failed(locale)
