"""Targeted remediations, and what each of them did, as far as that can be told from chance."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from analysis.effects import Effect, effect_of
from analysis.matching import Panel
from analysis.refusals import TooLittle
from data.database import SYSTEM, Database
from data.queries.areas import AreaKey
from data.sql import load
from rules.access import Viewer
from rules.errors import Problem

#: Counts are taken by stretches of so many days, twelve of them before the start.
DAYS, BEFORE, MOST_AFTER = 30, 12, 12
#: Households of settings that are told apart: open country, village, town, by household density of a grid.
DENSITIES = (50.0, 500.0)
SMALLEST_EXPOSURE = 20.0


def listed(connection: Connection, area: AreaKey, viewer: Viewer) -> list[dict[str, Any]]:
    """Those over some grid of an area, those that run first."""
    values = {"id": None, "lo": area.lo, "hi": area.hi, "locale": viewer.locale}
    return [_shape(dict(row)) for row in connection.execute(load("list_remediations"), values).mappings()]


def find(connection: Connection, number: int, viewer: Viewer) -> dict[str, Any]:
    """One with its notes. Raises Problem not_found."""
    values = {"id": number, "lo": None, "hi": None, "locale": viewer.locale}
    row = connection.execute(load("list_remediations"), values).mappings().one_or_none()
    if row is None:
        raise Problem("not_found")
    notes = connection.execute(load("list_remediation_notes"), values).mappings()
    return {**_shape(dict(row)), "notes": [dict(one) for one in notes]}


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    begins, ends = row.pop("begins"), row.pop("ends")
    row.pop("prefecture")
    return {**row, "state": "closed" if row["closed_at"] else "running", "from": begins, "to": ends}


def effect(database: Database, number: int, *, now: datetime) -> Effect | TooLittle:
    """What came of it until now, in whole stretches after its beginning; TooLittle where nothing can be estimated.

    Its grids are compared with all others of the prefecture that no other remediation touched meanwhile.
    """
    with database.reading(SYSTEM) as connection:
        found = connection.execute(
            text("SELECT prefecture, kinds, begins, deployment_timezone() AS zone FROM remediation WHERE id = :id"),
            {"id": number},
        ).one()
        today = now.astimezone(ZoneInfo(found.zone)).date()
        after = min(max((today - found.begins).days // DAYS, 0), MOST_AFTER)
        first = found.begins - timedelta(days=DAYS * BEFORE)
        last = found.begins + timedelta(days=DAYS * after)
        values = {
            "id": number, "zone": found.zone, "first": first, "last": last, "days": DAYS, "prefecture": found.prefecture,
            "kinds": found.kinds, "now": now,
        }  # fmt: skip
        rows = connection.execute(load("count_periods"), values).all()
        others = set(connection.execute(load("list_other_remedied"), values).scalars())
    try:
        return effect_of(_panel(rows, others, after))
    except TooLittle as refusal:
        return refusal


def _panel(rows: Any, others: set[int], after: int) -> Panel:
    grids = {row.id: row for row in rows if row.treated or row.id not in others}
    position = {grid: at for at, grid in enumerate(grids)}
    counts = np.zeros((len(grids), BEFORE + after))
    for row in rows:
        if row.id in position and row.period is not None and 0 <= row.period < counts.shape[1]:
            counts[position[row.id], row.period] += row.n
    households = np.array([max(float(row.households), SMALLEST_EXPOSURE) for row in grids.values()])
    density = np.array([row.households / max(row.area_km2, 0.01) for row in grids.values()])
    treated = np.array([row.treated for row in grids.values()])
    return Panel.of(counts, BEFORE, treated, exposure=households, setting=np.digitize(density, DENSITIES))
