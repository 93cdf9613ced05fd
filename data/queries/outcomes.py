"""Outcomes of organisations by category, and the reasons for choosing another than the first recommended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from data.queries import areas
from data.sql import load, prepared
from rules.cases import Kind
from rules.track_record import DAYS, Record, Tally
from rules.track_record import records as told

TALLIED = ("mediated", "at_first", "settled", "reopened", "judged", "on_time")
CHOICES_SHOWN = timedelta(days=90)


def records(
    connection: Connection, prefecture: str, category: str, *, now: datetime | None, organisations: Sequence[int]
) -> dict[int, Record]:
    """The record of each organisation with a category in the year before the local day of `now`, this day left out.

    Counts only, whatever the viewer may see of the cases. Empty where nobody has had the category.
    """
    values = {"prefecture": prefecture, "category": category, "now": now, "days": DAYS}
    rows = connection.execute(prepared("count_outcomes"), values).mappings().all()
    tallies = {row["organisation_id"]: Tally(**{name: row[name] for name in TALLIED}) for row in rows}
    return told(tallies, organisations, mediated=bool(rows) and rows[0]["kind"] == Kind.dispute)


def choices(
    connection: Connection, area: str, *, since: datetime, until: datetime, locale: str = "zh_CN"
) -> list[dict[str, Any]]:
    """How often another organisation than the first was chosen in an area, by reason, category and organisation, the most first."""
    key = areas.key(connection, area)
    values = {**key.range(), "since": since, "until": until, "locale": locale}
    return [dict(row) for row in connection.execute(load("count_choices"), values).mappings()]


def ways(connection: Connection) -> list[dict[str, Any]]:
    """Every act that moved a case between organisations or ended it, in the order of the world, with the case's place."""
    return [dict(row) for row in connection.execute(load("list_choices_made")).mappings()]


def placed_organisations(connection: Connection) -> list[dict[str, Any]]:
    """Every active organisation that may take cases, with its place and without a load."""
    return [dict(row) for row in connection.execute(load("list_placed_organisations")).mappings()]
