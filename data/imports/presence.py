"""Which properties a GeoJSON feature has at all: its reader gives nothing for those that are null and those that are not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson


def drop_absent(source: object, rows: Sequence[dict[str, Any]]) -> None:
    """Take out of each row the columns that its feature does not have; `source` is the GeoJSON's bytes, or no GeoJSON."""
    if not isinstance(source, bytes) or all(value is not None for row in rows for value in row.values()):
        return
    try:
        told = orjson.loads(source)
    except orjson.JSONDecodeError:
        return
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or len(features) != len(rows):
        return
    for row, feature in zip(rows, features, strict=True):
        has = {*feature, *(feature.get("properties") or {})} if isinstance(feature, dict) else set(row)
        for column in [column for column, value in row.items() if value is None and column not in has]:
            del row[column]
