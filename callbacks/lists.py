"""First pages of the lists of cases beside the map. What is filtered, ordered or further down is asked of /api/cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State

from callbacks.reading import moment_of, off_loop, seen
from dashboard import ids
from dashboard.loaders.lists import read_first_pages
from dashboard.view_models import Reader
from rules.access import Viewer

if TYPE_CHECKING:
    from data.services import Services


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.FIRST_PAGES, "data"),
        Input(ids.LISTED_AREA, "data"),
        State(ids.AS_OF, "data"),
        prevent_initial_call=True,
    )
    async def first_pages(area: str | None, as_of: str | None) -> Any:
        return await off_loop(pages_of, services, area, as_of)


def pages_of(services: Services, area: str | None, as_of: str | None = None) -> dict[str, Any]:
    """The pages by list of an area, the viewer's own when none is named; or the code of the problem. With the area as it
    was asked for: an answer that was overtaken is known by it."""

    def draw(viewer: Viewer, _reader: Reader) -> dict[str, Any]:
        return {"area": area, "pages": read_first_pages(services, viewer, area, as_of=moment_of(as_of))}

    return seen(services, draw, lambda _locale, problem: {"area": area, "problem": problem.code})
