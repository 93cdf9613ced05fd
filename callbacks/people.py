"""Accounts, displays, one's own account: each callback draws its list again when a form has changed something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from pydantic import ConfigDict
from typing_extensions import TypedDict

from callbacks.reading import off_loop, seen
from dashboard import ids
from dashboard.pages import displays, profile, users
from dashboard.panels import states
from dashboard.view_models import Reader
from dashboard.words.texts import text
from data.queries import accounts as account_queries
from data.queries import displays as display_queries
from data.queries.accounts import AccountFilter
from data.services import SENDERS_CLOCK
from rules.access import Act, Viewer, require
from rules.errors import Problem

if TYPE_CHECKING:
    from data.database import Connection
    from data.services import Services

#: A table that a browser draws at once.
SHOWN = 50


class Changed(TypedDict):
    """That a form has changed something, when, and the button that opened it."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    at: int
    focus: str


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.USERS_BOX, "children"),
        Output(ids.USERS_TOLD, "data"),
        Input(ids.USERS_REFRESH, "data"),
        State(ids.USERS_QUERY, "data"),
    )
    async def show_users(changed: Changed | None, query: str | None) -> Any:
        return await off_loop(users_of, services, query or ""), _focus(changed)

    @app.callback(
        Output(ids.DISPLAYS_BOX, "children"),
        Output(ids.DISPLAYS_TOLD, "data"),
        Input(ids.DISPLAYS_REFRESH, "data"),
    )
    async def show_displays(changed: Changed | None) -> Any:
        return await off_loop(displays_of, services), _focus(changed)

    @app.callback(
        Output(ids.PROFILE_BOX, "children"),
        Output(ids.PROFILE_TOLD, "data"),
        Input(ids.PROFILE_REFRESH, "data"),
    )
    async def show_profile(changed: Changed | None) -> Any:
        return await off_loop(profile_of, services), _focus(changed)

    for told in (ids.USERS_TOLD, ids.DISPLAYS_TOLD, ids.PROFILE_TOLD):
        app.clientside_callback(ClientsideFunction("gridboard", "told"), Input(told, "data"))


def _focus(changed: Changed | None) -> Any:
    """The rows are drawn anew: the keyboard goes back to the button that opened the form."""
    return {"focus": [changed["focus"]]} if changed and changed["focus"] else no_update


def users_of(services: Services, query: str) -> Any:
    """What an address of /users asks for."""
    given = {name: values[0][:100].replace("\0", "") for name, values in parse_qs(query.removeprefix("?")).items()}

    def draw(viewer: Viewer, reader: Reader, connection: Connection) -> list:
        fields = {name: given.get(name, "").strip() for name in users.FIELDS}
        after = given.get("after")
        try:
            page = account_queries.page(connection, AccountFilter(**fields), limit=SHOWN, after=after, locale=reader.locale)
        except Problem as problem:
            if problem.code not in ("invalid", "not_found"):
                raise
            return users.not_searched(fields, text("users.wrong", reader.locale), reader)
        return users.found(fields, page, reader, own=viewer.username, first=not after)

    return _drawn(services, Act.manage_users, draw)


def displays_of(services: Services) -> Any:
    """Every display of the admin's area."""

    def draw(_viewer: Viewer, reader: Reader, connection: Connection) -> list:
        return displays.listed(display_queries.listed(connection, locale=reader.locale), reader)

    return _drawn(services, Act.manage_displays, draw)


def profile_of(services: Services) -> Any:
    """The reader's own account; a display has none."""

    def draw(viewer: Viewer, reader: Reader, connection: Connection) -> list:
        if viewer.user_id is None:
            raise Problem("forbidden")
        return profile.account(account_queries.own(connection, viewer, SENDERS_CLOCK.now()), reader)

    return _drawn(services, None, draw)


def _drawn(
    services: Services, act: Act | None, draw: Callable[[Viewer, Reader, Connection], list]
) -> Any:
    def read(viewer: Viewer, reader: Reader) -> list:
        if act is not None:
            require(viewer, act)
        with services.database.reading(viewer) as connection:
            return draw(viewer, reader, connection)

    return seen(services, read, _instead)


def _instead(locale: str, problem: Problem) -> Any:
    return states.forbidden(locale) if problem.code == "forbidden" else states.failed(locale)
