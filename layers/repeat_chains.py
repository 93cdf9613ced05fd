"""Repeat disputes: chains of the same type within 90 days and 200 m, drawn from one to the next where they can be told apart."""

from __future__ import annotations

from layers.base import Entry, Layer
from layers.colours import GROUND, themed
from rules.access import Act

LINE = {"dark": "#4FD1E8", "light": "#0B7285"}

LAYER = Layer(
    id="repeat_chains",
    text="js.layer.repeat_chains",
    icon="repeat",
    act=Act.see_cases,
    min_zoom=12.0,
    legend=(Entry("chain", "js.legend.chain", "line"),),
    style=themed(line=LINE, text=LINE, halo={theme: style["halo"] for theme, style in GROUND.items()}),
)
