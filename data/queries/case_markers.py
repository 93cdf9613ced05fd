"""Markers of cases for the map, column by column."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, text

from data.queries import areas
from data.queries.case_filter import CaseFilter, conditions
from data.sql import load
from rules.cases import OPEN, Status

MARKER_COLUMNS = ("case_no", "lon", "lat", "kind", "severity", "status", "due_at", "reported_at", "version")


def markers(connection: Connection, wanted: CaseFilter, now: datetime) -> dict[str, list]:
    """The cases of a list that have a place, column by column; times in seconds since 1970 (UTC). Open ones where the filter
    says nothing."""
    area = areas.key(connection, wanted.area)
    if wanted == CaseFilter(area=wanted.area):
        rows = connection.execute(load("list_markers"), area.range()).all()
    else:
        where, values = conditions(wanted, area, now)
        statement = f"{load('select_markers').text} FROM cases c WHERE {where} AND c.lon IS NOT NULL ORDER BY c.case_no"
        rows = connection.execute(text(statement), values).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(MARKER_COLUMNS)
    return {name: list(values) for name, values in zip(MARKER_COLUMNS, columns, strict=True)}


REDACTED_COLUMNS = ("lon", "lat", "kind", "severity", "status", "due_at", "reported_at")


def redacted_markers(connection: Connection, code: str) -> dict[str, list]:
    """What a wall may show of cases: that there is one, where, and how urgent. `case_no` is empty."""
    area = areas.key(connection, code)
    rows = connection.execute(load("list_redacted_markers"), area.range()).all()
    columns = {name: [row[place] for row in rows] for place, name in enumerate(REDACTED_COLUMNS)}
    return {"case_no": [""] * len(rows), **columns}


def marker(row: RowMapping) -> dict | None:
    """One marker as a live event carries it; None when the case shows none (settled, closed, or without a place)."""
    if row["lon"] is None or Status(row["status"]) not in OPEN:
        return None
    return {
        name: int(row[name].timestamp()) if isinstance(row[name], datetime) else row[name] for name in MARKER_COLUMNS
    }
