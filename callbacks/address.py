"""The address as the state of the view, and the events of the map: both settled in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import ids

if TYPE_CHECKING:
    from data.services import Services

#: What somebody did on the map, and the function of dashboard/assets/app/page.mjs that answers it.
MAP_EVENTS = (
    ("clickedArea", "areaClicked"),
    ("clickedCase", "caseClicked"),
    ("box", "casesPicked"),
    ("hovered", "hovered"),
)


def register(app: Dash, _services: Services) -> None:
    """In the browser: nothing of this needs the server."""
    app.clientside_callback(_function("arrived"), Output(ids.SINK, "data"), Input(ids.URL, "search"))
    app.clientside_callback(_function("drawn"), Output(ids.PAGE_SINK, "data"), Input(ids.PAGE, "children"))
    app.clientside_callback(_function("charts"), Output(ids.CHARTS, "children"), Input(ids.CHARTS_HELD, "data"))
    app.clientside_callback(
        _function("why"), Output(ids.WHY, "children"), Input(ids.WHY_HELD, "data"), prevent_initial_call=True
    )
    app.clientside_callback(_function("scene"), Output(ids.SCENE_TOLD, "data"), Input(ids.SCENE, "data"))
    app.clientside_callback(_function("firstPages"), Input(ids.FIRST_PAGES, "data"))
    for event, answer in MAP_EVENTS:
        app.clientside_callback(_function(answer), Input(ids.MAP, event))


def _function(name: str) -> ClientsideFunction:
    return ClientsideFunction("gridboard", name)
