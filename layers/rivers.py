"""Rivers under the boundaries."""

from __future__ import annotations

from layers.base import Entry, Layer
from layers.colours import GROUND, RIVER, themed
from rules.access import Act

LAYER = Layer(
    id="rivers",
    text="js.layer.rivers",
    icon="ripple",
    act=Act.see_map,
    legend=(Entry("river", "js.legend.river", "line", RIVER["dark"]),),
    style=themed(
        line=RIVER,
        text={"dark": "#6FA3D4", "light": "#4A7FB0"},
        outline={"dark": "rgba(157, 176, 204, .34)", "light": "rgba(82, 100, 124, .34)"},
        place={"dark": "#7086A8", "light": "#7B8CA4"},
        halo={theme: style["ground"] for theme, style in GROUND.items()},
    ),
)
