"""What was at a past moment: the questions of the present, asked of the tables as they were then (schema `past`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from data.database import Database
from data.queries import case_markers, tiers
from data.queries.areas import AreaKey
from data.queries.case_filter import CaseFilter
from data.sql import load
from rules.access import Act, Viewer, may
from rules.errors import Fault, Problem, unfit


@contextmanager
def reading(database: Database, viewer: Viewer, *, as_of: datetime | None, now: datetime) -> Iterator[Connection]:
    """A snapshot of the present, or of `as_of`. Raises Problem invalid for a moment to come or before the first act, and busy
    while the past of what was loaded is still being made."""
    if as_of is not None and as_of > now:
        raise unfit([Fault("as_of", "as_of_future")])
    with database.reading(viewer, as_of=as_of) as connection:
        if as_of is not None:
            _check(connection, viewer, as_of)
        yield connection


def _check(connection: Connection, viewer: Viewer, as_of: datetime) -> None:
    row = connection.execute(load("read_first_act"), {"prefecture": viewer.prefecture or ""}).one()
    if row.first is None or as_of < row.first:
        raise unfit([Fault("as_of", "as_of_first")])
    if row.gaps:
        raise Problem("busy")


def first_act(connection: Connection, viewer: Viewer) -> datetime | None:
    """The first moment that can be asked about."""
    return connection.execute(load("read_first_act"), {"prefecture": viewer.prefecture or ""}).one().first


def days(connection: Connection, area: AreaKey, first: datetime) -> list[tuple[date, int]]:
    """How many cases were reported on each day since the first act, in the deployment's days; days without are left out."""
    values = {"prefecture": area.prefecture, "area": area.id, "first": first.astimezone(area.zone).date()}
    return [(row.day, row.reported) for row in connection.execute(load("list_days"), values)]


@dataclass(frozen=True)
class Frame:
    """What is another than in the frame before: of rows of the level, `[place, tier letter, open, waiting]`, and of markers
    those that came or changed (rows of MARKER_COLUMNS) and the numbers of those that went. `figures`: of the area."""

    at: datetime
    areas: list[list[Any]]
    came: list[list[Any]]
    went: list[str]
    figures: dict[str, int]


def frames(
    connection: Connection, area: AreaKey, level: str, moments: Sequence[datetime], viewer: Viewer
) -> tuple[dict[str, Any], list[Frame]]:
    """The level as /api/tiers has it at the first moment, and a frame for each moment: the first one is whole. The
    transaction is one about the past; each moment is asked in it as `as_of` would ask."""
    whole: dict[str, Any] = {}
    found: list[Frame] = []
    rows: list[list[Any]] = []
    marks: dict[str, list[Any]] = {}
    for at in moments:
        connection.execute(load("open_past"), {"as_of": at.isoformat()})
        now = tiers.compact(connection, area, level, locale=viewer.locale)
        whole = whole or now
        fresh = [list(row) for row in zip(now["tier"], now["open"], now["waiting"], strict=True)]
        shown = _markers(connection, area, at, viewer)
        found.append(
            Frame(
                at,
                [[place, *row] for place, row in enumerate(fresh) if not rows or rows[place] != row],
                [row for no, row in shown.items() if marks.get(no) != row],
                [no for no in marks if no not in shown],
                _figures(connection, area, at),
            )
        )
        rows, marks = fresh, shown
    return whole, found


def _markers(connection: Connection, area: AreaKey, at: datetime, viewer: Viewer) -> dict[str, list[Any]]:
    if not may(viewer.role, Act.see_cases):
        return {}
    columns = case_markers.markers(connection, CaseFilter(area=area.code), at)
    return {row[0]: list(row) for row in zip(*(columns[name] for name in case_markers.MARKER_COLUMNS), strict=True)}


def _figures(connection: Connection, area: AreaKey, at: datetime) -> dict[str, int]:
    row = connection.execute(load("count_moment"), dict(area.range(), now=at)).mappings().one()
    return dict(row)
