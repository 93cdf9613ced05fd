"""Radios and boxes as the browser has them, as chips or cards: one of several, or some of several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.attributes import marked


class Input(Component):
    """A native input, drawn by dashboard/assets/app/panels/native_input.mjs: Dash has none without a box around it.

    Its state is the browser's alone: the modules read it from the form, and no callback hears of it. A password that
    is typed into it never reaches Dash.
    """

    _namespace = "gridboard_components"
    _type = "Input"
    _children_props: list[str] = []
    _base_nodes: list[str] = []
    _prop_names = [
        "id", "className", "type", "name", "value", "defaultValue", "defaultChecked", "role", "placeholder", "autoComplete",
        "spellCheck", "maxLength", "readOnly", "inputMode", "enterKeyHint", "min", "max", "step",
    ]  # fmt: skip
    _valid_wildcard_attributes = ["data-", "aria-"]
    available_properties = _prop_names
    available_wildcard_attributes = _valid_wildcard_attributes

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)


def option(name: str, value: str, face: Component, *, many: bool = False, chosen: bool = False) -> html.Label:
    """A choice that looks like its face: a chip or a card."""
    box = Input(type="checkbox" if many else "radio", name=name, value=value, defaultChecked=chosen)
    return html.Label([box, face], className="option")


def chips(name: str, options: Iterable[tuple[str, str]], *, many: bool = False, chosen: str | None = None) -> html.Div:
    """Options are (value, words)."""
    drawn = [
        option(name, value, html.Span(words, className="choice"), many=many, chosen=value == chosen)
        for value, words in options
    ]
    return html.Div(drawn, className="choices")


def fieldset(label: str, *content: Component, **attributes: Any) -> html.Fieldset:
    """Controls under one name; `attributes` are data and aria ones."""
    return html.Fieldset(
        [html.Legend(label, className="field-name"), *content], className="field", **marked(attributes)
    )
