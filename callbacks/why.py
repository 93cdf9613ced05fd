"""Why an area has its tier: read after the scene, so that going down waits for nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output
from pydantic import ConfigDict
from typing_extensions import TypedDict

from callbacks.reading import moment_of, off_loop, seen
from dashboard import ids
from dashboard.loaders.why import read_why
from dashboard.panels import states, why
from dashboard.view_models import Reader
from rules.access import Viewer

if TYPE_CHECKING:
    from data.services import Services


class Asked(TypedDict):
    """When, and where the keyboard was: what forms tell (dashboard/assets/app/panels/api_forms.mjs)."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    at: int
    focus: str


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.WHY_HELD, "data"),
        Input(ids.WHY_AREA, "data"),
        Input(ids.WHY_REFRESH, "data"),
        Input(ids.AS_OF, "data"),
        prevent_initial_call=True,
    )
    async def show_why(area: str | None, _again: Asked | None, as_of: str | None) -> Any:
        return await off_loop(why_of, services, area, as_of)


def why_of(services: Services, area: str | None, as_of: str | None = None) -> dict[str, Any]:
    """What the panel shows, with the area as it was asked for: an answer that was overtaken is known by it."""

    def draw(viewer: Viewer, reader: Reader) -> list:
        return why.panel(read_why(services, viewer, area, as_of=moment_of(as_of)), reader)

    return {"area": area, "content": seen(services, draw, lambda locale, _problem: [states.failed(locale)])}
