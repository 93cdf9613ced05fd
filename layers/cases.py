"""Open cases as markers: shape by kind, fill by severity, ring by the time left, hollow while they wait."""

from __future__ import annotations

from layers.base import Entry, Layer
from layers.colours import ACCENT, GROUND, SEVERITY, same, themed
from rules.access import Act

KINDS = ("dispute", "incident", "hazard", "request")

LAYER = Layer(
    id="cases",
    text="js.layer.cases",
    icon="alert-circle",
    act=Act.see_markers,
    legend=(
        *(Entry(kind, f"kind.{kind}", f"mark-{kind}") for kind in KINDS),
        *(Entry(severity, f"severity.{severity}", "severity", colour) for severity, colour in SEVERITY.items()),
    ),
    style=themed(
        severity=same(SEVERITY),
        accent=ACCENT,
        back={"dark": "#0B1220", "light": "#FFFFFF"},
        text={theme: style["text"] for theme, style in GROUND.items()},
        track={"dark": "rgba(232, 238, 248, .22)", "light": "rgba(19, 32, 47, .18)"},
        ring={"dark": "#E8EEF8", "light": "#2B3B52"},
        overdue=same("#E5383B"),
        badge={"dark": "#5B9BFF", "light": "#1B5FD0"},
        badge_text={"dark": "#06101F", "light": "#FFFFFF"},
        shade={"dark": "rgba(0, 0, 0, .55)", "light": "rgba(19, 32, 47, .28)"},
    ),
)
