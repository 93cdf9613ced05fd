"""The map as a Dash component: `GridMap`, drawn by dashboard/assets/app/map/grid_map.mjs around dash-leaflet's Map."""

from __future__ import annotations

from typing import Any

import dash_leaflet as dl
from dash.development.base_component import Component

from dashboard import ids

#: The whole world, until the present area is known.
START = (20.0, 0.0)
START_ZOOM = 2
MAX_ZOOM = 18


class GridMap(Component):
    """A map of one area with the layers of `layers/`.

    Told to it: `area` (code), `level` (the level that is filled; None: by zoom), `layers` (ids of those that are on; None: the
    usual ones), `theme` (dark or light), `filter` (a query of /api/cases: which of them
    are shown), `selection` ({"case": number, "cases": [numbers]}), `padding` (CSS pixels kept free:
    top, right, bottom, left). Told by it, each with a count `n`: `clickedArea` ({"area"}), `clickedCase` ({"caseNo"}),
    `hovered` ({"area"}, None for none), `box` ({"cases"}: what a drawn box holds).
    """

    _namespace = "gridboard_components"
    _type = "GridMap"
    _children_props: list[str] = []
    _base_nodes = ["children"]
    _prop_names = [
        "children", "id", "className", "area", "level", "layers", "theme", "filter", "selection", "padding", "clickedArea",
        "clickedCase", "hovered", "box",
    ]  # fmt: skip
    _valid_wildcard_attributes: list[str] = []
    available_properties = _prop_names
    available_wildcard_attributes: list[str] = []

    def __init__(self, children: Any = None, **properties: Any) -> None:
        super().__init__(children=children, **properties)


def grid_map(locale: str, *, area: str = "", case_no: str = "") -> GridMap:
    """The element `map`. Whole-number zooms would waste half the screen at "fit", so zoom snaps to tenths."""
    leaflet = dl.Map(
        center=START,
        zoom=START_ZOOM,
        maxZoom=MAX_ZOOM,
        zoomSnap=0.1,
        zoomDelta=1,
        wheelPxPerZoomLevel=90,
        zoomControl=False,
        attributionControl=False,
        boxZoom=False,
        doubleClickZoom=False,
        keyboard=False,
        worldCopyJump=False,
        className=f"map map-{locale}",
        style={"width": "100%", "height": "100%"},
        children=[],
    )
    return GridMap(leaflet, id=ids.MAP, className="grid-map", area=area, selection={"case": case_no, "cases": []})
