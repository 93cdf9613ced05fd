"""Chains of repeat disputes among the cases that a viewer may see."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, text

from analysis.repeats import Chain, repeats
from data.database import Database
from data.queries import summaries
from data.queries.areas import AreaKey
from data.sql import load
from rules.access import Viewer

#: Viewers whose chains are kept until something happens in the world.
KEPT = 4
#: A list can be asked for so many numbers (web/case_filters.py).
MOST_LISTED = 200


@dataclass(frozen=True)
class Found:
    """Chains, the longest first; their `rows` are of `cases`."""

    cases: Sequence[Row]
    chains: Sequence[Chain]


class RepeatChains:
    """What was found for the latest viewers: the same answers every area that they look at."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._kept: OrderedDict[tuple[Any, ...], Found] = OrderedDict()
        self._lock = Lock()

    def of(self, viewer: Viewer) -> Found:
        key = (viewer, summaries.world_stamp(self.database))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self.database.reading(viewer) as connection:
            found = _find(connection, viewer)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def within(
        self, connection: Connection, area: AreaKey, viewer: Viewer, *, in_past: bool = False
    ) -> list[dict[str, Any]]:
        """Chains with a case in an area: `cases` in the order of their reports, `points` beside them, `open` of them, when the
        `last` was reported, and the `list` of them, None where they are too many for one. `in_past`: `connection` reads
        another moment than now, of which nothing is kept."""
        found = _find(connection, viewer) if in_past else self.of(viewer)
        names = _names(connection, viewer.locale)
        inside = [area.lo <= case.path < area.hi for case in found.cases]
        chains = [chain for chain in found.chains if any(inside[row] for row in chain.rows)]
        return [_shape(chain, [found.cases[row] for row in chain.rows], names) for chain in chains]


def _find(connection: Connection, viewer: Viewer) -> Found:
    rows = connection.execute(load("list_placed_disputes"), {"prefecture": viewer.prefecture}).all()
    if not rows:
        return Found((), ())
    settled = [np.nan if row.settled is None else row.settled for row in rows]
    lon, lat, category, reported = ([getattr(row, name) for row in rows] for name in ("lon", "lat", "category", "reported"))
    return Found(rows, repeats(lon, lat, category, reported, settled).chains)


def _names(connection: Connection, locale: str) -> dict[str, str]:
    rows = connection.execute(text("SELECT code, coalesce(names ->> :locale, code) AS name FROM category"), {"locale": locale})
    return {row.code: row.name for row in rows}


def _shape(chain: Chain, cases: Sequence[Row], names: dict[str, str]) -> dict[str, Any]:
    numbers = [case.case_no for case in cases]
    category = cases[0].category
    return {
        "cases": numbers,
        "category": category,
        "name": names.get(category, category),
        "span_m": round(chain.span_m, 1),
        "span_days": round(chain.span_days, 2),
        "points": [[case.lon, case.lat] for case in cases],
        "open": sum(case.open for case in cases),
        "last": cases[-1].reported_at,
        "list": f"/api/cases?cases={','.join(numbers)}" if len(numbers) <= MOST_LISTED else None,
    }
