"""A layer of a map file as every reader returns it: rows, geometries, stated coordinate system."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import shapely

from imports.report import InputError, did_you_mean


@dataclass
class Layer:
    """`crs` is an authority's code or WKT; `faults` says by number (from 1) why a geometry could not be read."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    shapes: list[shapely.Geometry | None]
    crs: str | None = None
    faults: dict[int, str] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)


def choose(file: str, what: str, names: list[str], wanted: str | None, option: str) -> str:
    """The layer or sheet that is named, or the only one. Raises InputError with the list."""
    if wanted is not None:
        if wanted not in names:
            raise InputError(f"{file}: there is no {what} '{wanted}'{did_you_mean(wanted, names)}")
        return wanted
    if not names:
        raise InputError(f"{file}: holds no {what} that can be read.")
    if len(names) > 1:
        shown = ", ".join(names[:20])
        raise InputError(f"{file}: holds {len(names)} {what}s with rows ({shown}); name one with {option}.")
    return names[0]


def shape_of(wkb: bytes) -> tuple[shapely.Geometry | None, str]:
    """A geometry of well-known binary, or None and why not."""
    try:
        shape = shapely.from_wkb(wkb)
    except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
        return None, f"cannot be read: {' '.join(str(error).split())[:80]}"
    if shape.geom_type not in KNOWN:
        return None, f"is a {shape.geom_type}: export curves as lines"
    return shape, ""


KNOWN = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection", "LinearRing")
