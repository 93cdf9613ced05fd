"""Key places (schools, clinics, markets ...) as quiet glyphs; their categories come with the data."""

from __future__ import annotations

from layers.base import Layer
from layers.colours import GROUND, themed
from rules.access import Act

LAYER = Layer(
    id="key_places",
    text="js.layer.key_places",
    icon="map-pin",
    act=Act.see_map,
    min_zoom=12.0,
    legend_from_data=True,
    style=themed(
        glyph={theme: style["muted"] for theme, style in GROUND.items()},
        text={theme: style["muted"] for theme, style in GROUND.items()},
        halo={theme: style["halo"] for theme, style in GROUND.items()},
        back={"dark": "rgba(17, 27, 46, .92)", "light": "rgba(255, 255, 255, .94)"},
        line={"dark": "#3A4D70", "light": "#C3CFDF"},
    ),
)
