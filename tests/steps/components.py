"""What Dash draws, as tests look at it: its parts, its words, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from dash.development.base_component import Component

from dashboard.view_models import Reader

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


def reader(locale: str = "zh_CN") -> Reader:
    return Reader(locale=locale, zone="Asia/Shanghai", now=NOW, role="dispatcher", username="dispatcher")


def parts(tree: Any) -> Iterator[Component]:
    if isinstance(tree, Component):
        yield tree
        yield from parts(getattr(tree, "children", None))
    elif isinstance(tree, (list, tuple)):
        for part in tree:
            yield from parts(part)


def words(tree: Any) -> str:
    if isinstance(tree, Component):
        return words(getattr(tree, "children", None))
    if isinstance(tree, (list, tuple)):
        return " ".join(filter(None, map(words, tree)))
    return "" if tree is None else str(tree)


def find(tree: Any, **attributes: Any) -> list[Component]:
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [part for part in parts(tree) if all(getattr(part, name, None) == value for name, value in wanted.items())]
