"""Routing of addresses to pages, by role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from dash import Dash, Input, Output, State, html

from callbacks.reading import off_loop, seen
from dashboard import ids
from dashboard.current_viewer import current_visit
from dashboard.loaders.deployment import read_deployment
from dashboard.pages import audit, case, dispatch, displays, map, messages, profile, rules, users, wall
from dashboard.pages.frame import Place
from dashboard.panels import states
from dashboard.panels.topbar import PAGES_OF
from dashboard.view_models import Reader
from data import list_settings
from rules.access import Act, Viewer, may

if TYPE_CHECKING:
    from data.services import Services

PAGES = {
    "map": map.page,
    "dispatch": dispatch.page,
    "case": case.page,
    "wall": wall.page,
    "users": users.page,
    "displays": displays.page,
    "messages": messages.page,
    "automatic": messages.automatic_page,
    "audit": audit.page,
    "rules": rules.page,
    "profile": profile.page,
}
#: Pages beside whose map stand lists of cases.
WITH_LISTS = ("map",)
#: Pages that no bar links to, for every role that may do this.
UNLISTED = {"case": Act.see_cases, "wall": Act.see_map}


def register(app: Dash, services: Services) -> None:
    @app.callback(Output(ids.PAGE, "children"), Input(ids.URL, "pathname"), State(ids.URL, "search"))
    async def show_page(pathname: str | None, search: str | None) -> Any:
        return await off_loop(page_at, services, pathname or "/", search or "")


def place_in(pathname: str, search: str) -> Place:
    """Area and case that an address asks for."""
    asked = parse_qs(search.removeprefix("?"))
    case_no = unquote(pathname.removeprefix("/case/")) if pathname.startswith("/case/") else asked.get("case", [""])[0]
    area, as_of = (asked.get(name, [""])[0] for name in ("area", "as_of"))
    return Place(area=area, case_no=case_no, query=search, as_of=as_of)


def page_at(services: Services, pathname: str, search: str = "") -> html.Div:
    """The page of that address. A key on it makes the browser build it anew instead of bending the last one."""
    name = pathname.strip("/").split("/", 1)[0]

    def draw(viewer: Viewer, reader: Reader) -> html.Div:
        wanted = name or PAGES_OF.get(str(viewer.role), ("map",))[0]
        if wanted not in PAGES:
            return html.Div(states.not_found(reader.locale), key="nowhere")
        unlisted = _is_unlisted(viewer, wanted)
        if wanted not in PAGES_OF.get(str(viewer.role), ()) and not unlisted:
            return html.Div(states.forbidden(reader.locale), key="forbidden")
        visit = current_visit.get()
        shown = reader if visit is None or not visit.display_name else _named(reader, visit.display_name)
        shown = _set_up(services, viewer, shown) if wanted in WITH_LISTS else shown
        return html.Div(PAGES[wanted](shown, read_deployment(services, viewer), place_in(pathname, search)), key=wanted)

    return seen(services, draw, lambda locale, problem: html.Div(states.failed(locale), key="failed"))


def _is_unlisted(viewer: Viewer, wanted: str) -> bool:
    """One's own account is everybody's who has one."""
    if wanted == "profile":
        return viewer.user_id is not None
    return wanted in UNLISTED and may(viewer.role, UNLISTED[wanted])


def _set_up(services: Services, viewer: Viewer, reader: Reader) -> Reader:
    """With the columns that the person has chosen; a display has none of its own."""
    if viewer.user_id is None or not may(viewer.role, Act.see_cases):
        return reader
    with services.database.reading(viewer) as connection:
        return replace(reader, lists=list_settings.read(connection, viewer))


def _named(reader: Reader, name: str) -> Reader:
    """On a wall the display's name replaces that of a person."""
    return Reader(**{**reader.__dict__, "username": name})
