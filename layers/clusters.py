"""Emerging clusters (治安乱点): circles that hold more cases of the last days than their places and days explain."""

from __future__ import annotations

from layers.base import Entry, Layer
from layers.colours import GROUND, themed
from rules.access import Act

RING = {"dark": "#E08BFF", "light": "#8A1FB8"}

LAYER = Layer(
    id="clusters",
    text="js.layer.clusters",
    icon="focus-2",
    act=Act.see_map,
    legend=(Entry("cluster", "js.legend.cluster", "line"),),
    style=themed(
        line=RING,
        fill={"dark": "rgba(224, 139, 255, .10)", "light": "rgba(138, 31, 184, .08)"},
        text=RING,
        halo={theme: style["halo"] for theme, style in GROUND.items()},
    ),
)
