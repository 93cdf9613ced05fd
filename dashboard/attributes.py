"""Attributes whose names Python cannot spell: `data-code`, `aria-label`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def marked(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes to be unpacked into a component: `html.Div(**marked({"data-code": code}))`."""
    return dict(attributes)
