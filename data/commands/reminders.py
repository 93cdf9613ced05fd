"""Reminders of SLA timers: one for each level of each timer, however many processes look and however late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping

from data.database import SYSTEM, Database
from data.queries import cases, organisations
from data.sql import load
from rules.effects import timers_of
from rules.facts import CaseFacts
from rules.reminders import Level, Reminder, next_look, reached
from rules.sla import SlaPolicy, SlaTimer, Step

BATCH = 100
#: What was missed for longer is written down and not sent: after an import no messages go out about last year's timers.
STALE = timedelta(days=3)


def tell_due(database: Database, *, now: datetime, sla: SlaPolicy, batch: int = BATCH, past: bool = False) -> int:
    """Look at up to `batch` cases whose clocks have reached a level; returns how many were looked at.

    `past`: of cases that were loaded with their history; each level is written down at the moment when it was reached,
    and no message is sent.

    Notices and messages of a batch are one transaction; two schedulers at once skip each other's cases.
    """
    with database.writing(SYSTEM) as connection:
        rows = connection.execute(load("pick_due_clocks"), {"now": now, "limit": batch}).mappings().all()
        looks = [_tell_case(connection, row["case_no"], now, sla, past) for row in rows]
        if looks:
            # last, for it takes the world's lock: the reminders written go into the chain of facts
            connection.execute(load("note_look"), looks)
    return len(rows)


def _tell_case(connection: Connection, case_no: str, now: datetime, sla: SlaPolicy, past: bool) -> dict[str, Any]:
    row = cases.row(connection, case_no)
    case = cases.facts(row)
    timers = timers_of(case, sla)
    told = [one for timer in timers for one in _remind(connection, row, case, timer, now, sla, past)]
    after = {"at": next_look(timers, now, sla), "told": orjson.dumps(told).decode()}
    return {"prefecture": row["prefecture"], "case_no": case_no, **after}


def _remind(
    connection: Connection, row: RowMapping, case: CaseFacts, timer: SlaTimer, now: datetime, sla: SlaPolicy, past: bool
) -> list[dict[str, Any]]:
    """Write down every level reached; of the new ones only the highest is sent.

    Returns the keys of the new ones.
    """
    began = _began(connection, row, timer)
    fresh = [
        reminder
        for reminder in reached(timer, now, sla)
        if _note(connection, row, case, timer, reminder.level, began, reminder.reached_at if past else now)
    ]
    told = [{"step": timer.step.value, "began": began.isoformat(), "level": reminder.level.value} for reminder in fresh]
    if past or not fresh or now - fresh[-1].reached_at > STALE or _before_import(case, fresh[-1]):
        return told
    level = fresh[-1].level
    for recipient in _recipients(connection, case, level):
        connection.execute(
            load("append_reminder_message"),
            {
                "prefecture": row["prefecture"],
                "case_no": case.case_no,
                "topic": level.topic,
                "organisation": recipient,
                "path": row["path"],
                "now": now,
                "dedupe": f"{case.case_no}/{timer.step}/{began.isoformat()}/{level}/{recipient}",
                "payload": orjson.dumps(
                    {
                        "case_no": case.case_no,
                        "step": timer.step,
                        "due_at": timer.due.isoformat(),
                        "status": case.status,
                    }
                ).decode(),
            },
        )
    return told


def _before_import(case: CaseFacts, reminder: Reminder) -> bool:
    """No message for levels reached before the case was imported: another system may have sent them."""
    return case.clocks_since is not None and reminder.reached_at < case.clocks_since


def _began(connection: Connection, row: RowMapping, timer: SlaTimer) -> datetime:
    """The start that identifies a timer of a step; for the settlement the report or the last reopening,
    which a pause does not move."""
    if timer.step != Step.settle:
        return timer.started
    key = {"prefecture": row["prefecture"], "case_no": row["case_no"]}
    reopened: datetime | None = connection.execute(load("last_reopened"), key).scalar()
    return reopened or row["reported_at"]


def _note(
    connection: Connection, row: RowMapping, case: CaseFacts, timer: SlaTimer, level: Level, began: datetime, at: datetime
) -> bool:  # fmt: skip
    """Whether this level was not written down before."""
    values = {
        "prefecture": row["prefecture"],
        "case_no": case.case_no,
        "step": timer.step.value,
        "began": began,
        "level": level.value,
        "due_at": timer.due,
        "at": at,
        "organisation": case.holder_id,
        "path": row["path"],
    }
    return connection.execute(load("insert_reminder"), values).rowcount == 1


def _recipients(connection: Connection, case: CaseFacts, level: Level) -> set[int]:
    """The holder; from the deadline on also the centre over it; at twice the time the centre above the routing one."""
    recipients = {case.holder_id}
    if level in (Level.leader, Level.above):
        over = organisations.centre_for(connection, case.holder_path)
        recipients.add(over[0] if over else case.centre_id)
    if level == Level.above:
        above = organisations.centre_above(connection, case.centre_path)
        recipients.add(above.id if above else case.centre_id)
    return recipients
