"""Areas as polygons, coloured by tier: colour, pattern and letter, never colour alone."""

from __future__ import annotations

from layers.base import Entry, Layer
from layers.colours import ACCENT, FILL_OPACITY, GROUND, TIER, same, themed
from rules.access import Act

#: For readers whose system asks for more contrast: full lines, stronger colours.
STRONG: dict[str, object] = {**themed(
    opacity=same({"key": 0.75, "watch": 0.6, "normal": 0.3}),
    leaf_line={"dark": "rgba(190, 210, 240, .6)", "light": "rgba(20, 44, 84, .6)"},
    child_line={"dark": "#E8EEF8", "light": "#13202F"},
    area_line={"dark": "#FFFFFF", "light": "#000000"},
    watch_line={"dark": "#FFD76A", "light": "#7A4A00"},
    key_line={"dark": "#FF9A9B", "light": "#8E0F13"},
    hatch={"dark": "rgba(255, 225, 225, .7)", "light": "rgba(90, 0, 4, .7)"},
    muted={theme: style["text"] for theme, style in GROUND.items()},
    outside=same(0.2),
    width=same(1.6),
)}  # fmt: skip

LAYER = Layer(
    id="boundaries",
    text="js.layer.boundaries",
    icon="polygon",
    act=Act.see_map,
    legend=tuple(Entry(tier, f"tier.{tier}", f"tier-{tier}", colour) for tier, colour in TIER.items()),
    style=themed(
        tier=same(TIER),
        on_tier=same({"key": "#FFFFFF", "watch": "#2B2100"}),
        opacity=same(FILL_OPACITY),
        ground={theme: style["ground"] for theme, style in GROUND.items()},
        land={theme: style["land"] for theme, style in GROUND.items()},
        text={theme: style["text"] for theme, style in GROUND.items()},
        muted={theme: style["muted"] for theme, style in GROUND.items()},
        halo={theme: style["halo"] for theme, style in GROUND.items()},
        accent=ACCENT,
        leaf_line={"dark": "rgba(160, 186, 226, .16)", "light": "rgba(35, 66, 110, .16)"},
        child_line={"dark": "rgba(190, 210, 240, .72)", "light": "rgba(35, 66, 110, .50)"},
        area_line={"dark": "#DCE8FA", "light": "#21406B"},
        area_halo={"dark": "rgba(91, 155, 255, .28)", "light": "rgba(27, 95, 208, .20)"},
        watch_line={"dark": "rgba(255, 201, 60, .85)", "light": "rgba(160, 104, 0, .85)"},
        key_line={"dark": "rgba(255, 107, 109, .95)", "light": "rgba(190, 30, 34, .90)"},
        hatch={"dark": "rgba(255, 214, 214, .34)", "light": "rgba(120, 10, 14, .34)"},
        watch_letter={"dark": "#FFE08A", "light": "#6B4000"},
        key_letter={"dark": "#FFFFFF", "light": "#7A0C10"},
        outside=same(0.35),
        width=same(1),
        strong=STRONG,
    ),
)
