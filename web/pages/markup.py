"""Dash components as plain HTML, so that pages without Dash share the panels of those with it. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from dash.development.base_component import Component
from markupsafe import Markup

VOID = frozenset({"img", "input", "br", "hr"})
NAMES = {"className": "class", "dateTime": "datetime", "tabIndex": "tabindex", "maxLength": "maxlength",
         "autoComplete": "autocomplete", "href": "href", "defaultChecked": "checked"}  # fmt: skip
SKIPPED = frozenset({"children", "key", "style"})
FLAGS = frozenset({"hidden", "disabled", "defaultChecked"})


def markup(part: Any) -> Markup:
    """The HTML of a component, of text, or of a list of both, as a template takes it."""
    return Markup(_html(part))  # noqa: S704 - every text and attribute is escaped below


def _html(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return "".join(map(_html, part))
    if not isinstance(part, Component):
        return escape(str(part))
    component = part.to_plotly_json()
    tag, properties = component["type"].lower(), component["props"]
    opened = " ".join([tag, *_attributes(properties)])
    if tag in VOID:
        return f"<{opened}>"
    return f"<{opened}>{_html(properties.get('children'))}</{tag}>"


def _attributes(properties: dict[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        if name in SKIPPED or value is None or (name in FLAGS and not value):
            continue
        if name in FLAGS:
            yield NAMES.get(name, name)
        elif isinstance(value, str | int | float):
            yield f'{NAMES.get(name, name)}="{escape(str(value))}"'
    style = properties.get("style")
    if style:
        yield f'style="{escape("; ".join(f"{name}: {value}" for name, value in style.items()))}"'
