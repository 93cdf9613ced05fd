"""The layers of the map, from the ground up. Adding one: docs/adding-a-layer.md."""

from __future__ import annotations

from layers import boundaries, cases, clusters, key_places, repeat_chains, rivers
from layers.base import Entry, Layer

LAYERS: tuple[Layer, ...] = (rivers.LAYER, boundaries.LAYER, key_places.LAYER, clusters.LAYER, repeat_chains.LAYER, cases.LAYER)

__all__ = ["LAYERS", "Entry", "Layer"]
