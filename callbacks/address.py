"""The address as the state of the view: its area and case are the inputs of the other callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import ids

if TYPE_CHECKING:
    from data.services import Services


def register(app: Dash, _services: Services) -> None:
    """In the browser: nothing of this needs the server."""
    app.clientside_callback(
        ClientsideFunction("gridboard_page", "url"),
        Output(ids.SINK, "data"),
        Input(ids.URL, "search"),
        Input(ids.URL, "pathname"),
    )
    app.clientside_callback(
        ClientsideFunction("gridboard_page", "charts"),
        Output(ids.CHARTS, "children"),
        Input(ids.CHARTS_HELD, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("gridboard_page", "scene"),
        Output(ids.SCENE_TOLD, "data"),
        Input(ids.SCENE, "data"),
    )
