"""The map on a page: an empty Leaflet map that the scripts of the layers fill."""

from __future__ import annotations

import dash_leaflet as dl

#: The whole world, until the present area is known.
START = (20.0, 0.0)
START_ZOOM = 2
MAX_ZOOM = 18


def map_view(locale: str) -> dl.Map:
    """The element `map`. Whole-number zooms would waste half the screen at "fit", so zoom snaps to tenths."""
    return dl.Map(
        id="map",
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
