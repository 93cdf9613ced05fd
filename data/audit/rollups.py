"""Verification of the roll-ups: counts of areas and outcomes of organisations against a recount."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from data.audit.faults import Fault
from data.sql import load


def counts(connection: Connection) -> Iterator[Fault]:
    """Rows that a recount of cases and trace does not give."""
    for row in connection.execute(load("compare_rollups")):
        day = f" on {row.day}" if row.day else ""
        yield Fault(row.prefecture, 0, "", 0, f"{row.name}: area {row.area}{day} has {row.kept}, a recount gives {row.found}")
    for row in connection.execute(load("compare_outcomes")):
        what = f"body_day: {row.body}, {row.category} on {row.day} has {row.kept}, a recount gives {row.found}"
        yield Fault(row.prefecture, 0, "", 0, what)
