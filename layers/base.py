"""The contract of a map layer: text keys, style per theme, legend entries; its module has its id for a name."""

from __future__ import annotations

from dataclasses import dataclass, field

from layers.colours import Themed
from rules.access import Act


@dataclass(frozen=True)
class Entry:
    """One line of the legend; it switches what it names on and off. `mark` says how the line's sign is drawn."""

    id: str
    text: str
    mark: str
    colour: str = ""


@dataclass(frozen=True)
class Layer:
    """A layer as the browser needs it; dashboard/assets/app/map/layers/ID.mjs draws it."""

    id: str
    text: str
    icon: str
    act: Act
    style: Themed
    default_on: bool = True
    legend: tuple[Entry, ...] = ()
    min_zoom: float = 0.0
    legend_from_data: bool = field(default=False)
