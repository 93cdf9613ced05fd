"""Deadlines are projections of the trace: computed again when the limits or the calendar have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from data.database import Database
from data.queries import cases
from data.sql import load
from rules.clock import Clocks
from rules.effects import runs_of, with_due
from rules.notices import first_look
from rules.replay import replay

BATCH = 500


def recompute_deadlines(database: Database, clocks: Clocks) -> int:
    """Compute the deadlines of every open case from its trace; returns how many have another one now.

    A case that was imported with a deadline of its own keeps that for its settlement.
    """
    changed, after = 0, ""
    while True:
        with database.owning() as connection:
            numbers = connection.execute(load("list_open_numbers"), {"after": after, "limit": BATCH}).scalars().all()
            found = [values for number in numbers if (values := _recomputed(connection, number, clocks))]
            if found:
                connection.execute(load("set_deadlines"), found)
                # last, for it takes the world's lock: new deadlines go into the chain of facts
                connection.execute(load("seal_deadlines"), found)
            changed += len(found)
        if len(numbers) < BATCH:
            return changed
        after = numbers[-1]


def _recomputed(connection: Connection, case_no: str, clocks: Clocks) -> dict[str, Any] | None:
    """The deadlines of a case when they are others than those in its row."""
    row = cases.row(connection, case_no)
    case = cases.facts(row)
    events = connection.execute(load("list_events"), {"case_no": case_no, "locale": "zh_CN"}).mappings().all()
    told = replay([dict(event) for event in events], kind=case.kind, severity=case.severity, clocks=clocks)
    if not events[0]["details"].get("imported"):
        case = replace(case, settle_from=told.settle_from, settle_due_at=told.settle_due_at)
    after = with_due(replace(case, queued_at=told.queued_at), clocks)
    stored = (row["due_at"], row["settle_due_at"], row["settle_from"])
    if (after.due_at, after.settle_due_at, after.settle_from) == stored:
        return None
    values = {"prefecture": row["prefecture"], "case_no": case_no, "due_at": after.due_at}
    values |= {"settle_from": after.settle_from, "settle_due_at": after.settle_due_at}
    return values | {"notify_at": first_look(runs_of(after, clocks), clocks)}
