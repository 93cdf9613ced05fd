"""Deadlines are projections of the trace: computed again when the limits or the calendar have changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.database import Database
from data.queries import cases
from data.sql import load
from rules.effects import timers_of, with_due
from rules.facts import CaseFacts
from rules.reminders import first_look
from rules.replay import replay
from rules.sla import SlaPolicy

BATCH = 500
#: The act that gives an imported case a time to settle of ours.
RESTARTS = "reopen"


@dataclass(frozen=True)
class Recomputed:
    """How many open cases were looked at, have another deadline, and what that changes for them at a moment."""

    looked_at: int = 0
    changed: int = 0
    newly_overdue: int = 0
    no_longer_overdue: int = 0

    def with_case(self, before: datetime | None, values: dict[str, Any] | None, now: datetime) -> Recomputed:
        """With one case more: its deadline before, and its new row where it has changed."""
        counted = replace(self, looked_at=self.looked_at + 1)
        if values is None:
            return counted
        was, after = _late(before, now), _late(values["due_at"], now)
        return replace(
            counted,
            changed=self.changed + 1,
            newly_overdue=self.newly_overdue + (after and not was),
            no_longer_overdue=self.no_longer_overdue + (was and not after),
        )


def _late(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at < now


def recompute_deadlines(database: Database, sla: SlaPolicy, *, now: datetime, dry_run: bool = False) -> Recomputed:
    """Compute the deadlines of every open case from its trace, or with `dry_run` only say what that would change.

    Only what the rules set is set anew: a deadline that came with an imported case stays, and a case that came without
    one has none.
    """
    summary, after = Recomputed(), ""
    while True:
        with database.owning() as connection:
            numbers = connection.execute(load("list_open_numbers"), {"after": after, "limit": BATCH}).scalars().all()
            changes = []
            for number in numbers:
                before, values = _recomputed(connection, number, sla)
                summary = summary.with_case(before, values, now)
                changes += [values] if values else []
            if changes and not dry_run:
                connection.execute(load("set_deadlines"), changes)
                # last, for it takes the world's lock: new deadlines go into the chain of facts
                connection.execute(load("seal_deadlines"), changes)
                connection.execute(load("record_spans"), [change | {"now": now} for change in changes])
        if len(numbers) < BATCH:
            return summary
        after = numbers[-1]


def _recomputed(connection: Connection, case_no: str, sla: SlaPolicy) -> tuple[datetime | None, dict[str, Any] | None]:
    """The deadline of a case, and its deadlines when they are others than those in its row."""
    row = cases.row(connection, case_no)
    case = cases.facts(row)
    after = with_due(_by_the_rules(connection, case, sla), sla)
    stored = (row["due_at"], row["settle_due_at"], row["settle_from"])
    if (after.due_at, after.settle_due_at, after.settle_from) == stored:
        return row["due_at"], None
    values = {"prefecture": row["prefecture"], "case_no": case_no, "due_at": after.due_at}
    values |= {"settle_from": after.settle_from, "settle_due_at": after.settle_due_at}
    return row["due_at"], values | {"notify_at": first_look(timers_of(after, sla), sla)}


def _by_the_rules(connection: Connection, case: CaseFacts, sla: SlaPolicy) -> CaseFacts:
    """The case with the times of its trace. The trace has no deadline of what an import brought."""
    rows = connection.execute(load("list_events"), cases.numbered(connection, case.case_no, locale="zh_CN")).mappings()
    events = [dict(row) for row in rows]
    if case.clocks_since is not None and not any(event["act"] == RESTARTS for event in events):
        return case
    projected = replay(events, kind=case.kind, severity=case.severity, sla=sla)
    return replace(
        case, settle_from=projected.settle_from, settle_due_at=projected.settle_due_at, queued_at=projected.queued_at
    )  # fmt: skip
