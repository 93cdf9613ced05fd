"""SLA timers of imported cases: none for the time before the import, and no reminders of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from data.sql import load


def begin(connection: Connection, numbers: Sequence[str], now: datetime) -> None:
    """From `now` on our clocks may run for these cases: from the first step that is made here. Within a bulk transaction."""
    connection.execute(load("begin_clocks"), {"numbers": list(numbers), "now": now})
