"""Updates of imported cases: moves of the table, and one act that names the facts that were replaced.

The case is then what its trace tells (rules/replay.py): nothing is computed here beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, text

from data import bulk
from data.sql import load
from imports.case_changes import Change
from imports.standing import HELD_BY_ORGANISATION
from imports.ways import BY_ORGANISATION, HANDS, Step
from rules.access import Role
from rules.cases import OPEN, Kind, Severity, Status
from rules.moves import MOVES
from rules.replay import ProjectedCase, replay
from rules.sla import SlaPolicy

FACTS = ("kind", "category", "title", "description", "severity", "source", "area_id", "path", "lon", "lat")
TOLD = (
    "status", "centre_id", "holder_id", "sender_id", "responsible_id", "version", "status_since", "queued_at",
    "settle_from", "settled_at", "closed_at", "returned_n", "left_by", "co_handlers", "binding", "paused_until",
    "extension_until", "mediations", "first_mediation", "satisfaction", "merged_into",
)  # fmt: skip
COLUMNS = ("case_no", *FACTS, *TOLD, "settle_due_at", "due_at")


def apply_changes(
    connection: Connection, changes: Sequence[Change], *, prefecture: str, now: datetime, sla: SlaPolicy
) -> None:
    """Within a bulk transaction. The caller counts the roll-ups again."""
    if not changes:
        return
    events = [event for change in changes for event in _events(change, now)]
    bulk.insert_trace(connection, prefecture, events)
    numbers = [change.stored.case_no for change in changes]
    rows = connection.execute(load("list_events_of_cases"), {"prefecture": prefecture, "numbers": numbers}).mappings()
    traces = {number: list(trace) for number, trace in groupby(rows, key=lambda row: row["case_no"])}
    columns = ", ".join(COLUMNS)
    connection.execute(
        text(f"CREATE TEMP TABLE changed_case ON COMMIT DROP AS SELECT {columns} FROM cases WITH NO DATA")
    )
    after = (_row(change, traces[change.stored.case_no], sla) for change in changes)
    bulk.copy_rows(connection, "changed_case", COLUMNS, after)
    connection.execute(load("update_imported_cases"), {"prefecture": prefecture})
    left = [change.stored.case_no for change in changes if change.steps and change.stored.status == Status.waiting]
    for number in left:
        connection.execute(load("drop_claim"), {"prefecture": prefecture, "case_no": number})


def free_to_change(connection: Connection, changes: Sequence[Change], prefecture: str) -> set[str]:
    """The cases that nobody is changing at this moment: their rows are ours until the end. The world's lock is held, so
    waiting for somebody who has a row and waits for that lock would be for ever."""
    numbers = [change.stored.case_no for change in changes]
    rows = connection.execute(
        load("lock_imported_cases"),
        {"prefecture": prefecture, "numbers": numbers},
    )
    seen = {change.stored.case_no: change.stored.version for change in changes}
    return {row.case_no for row in rows if row.version == seen[row.case_no]}


def _events(change: Change, now: datetime) -> Iterator[dict[str, Any]]:
    stored = change.stored
    version, status, holder = stored.version, Status(stored.status), stored.holder_id
    centre = change.draft.centre.id if "place" in change.columns else stored.centre_id
    if change.columns:
        version += 1
        at_centre = holder == stored.centre_id and status not in HELD_BY_ORGANISATION
        after = centre if at_centre else holder
        yield _event(change, "amend", now, version, status, status, holder, after, amendment(change, centre))
        holder = after
    organisation = change.draft.holder.id if holder == stored.centre_id or not _keeps_organisation(change) else holder
    for step in change.steps:
        version += 1
        target = MOVES[step.move].target or status
        after = {"new": organisation, "centre": centre}.get(HANDS.get(step.move, ""), holder)
        details = {"imported": True, "time_unknown": not step.told}
        by = holder if step.move in BY_ORGANISATION else centre
        yield _event(change, step.move, step.at, version, status, target, holder, after, details, by=by, step=step)
        status, holder = target, after


def _keeps_organisation(change: Change) -> bool:
    """The file names the organisation that has the case, or none."""
    return change.draft.holder.id in (change.stored.holder_id, change.draft.centre.id)


def _event(
    change: Change, act: str, at: datetime, version: int, before: Status, target: Status, holder: int, after: int,
    details: dict[str, Any], *, by: int | None = None, step: Step | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "case_no": change.stored.case_no,
        "at": at,
        "act": act,
        "role": Role.system.value,
        "user_id": None,
        "by_organisation_id": by,
        "from_status": before.value,
        "to_status": target.value,
        "from_organisation_id": holder,
        "to_organisation_id": after,
        "reason": change.draft.reason if step and step.move in ("reject", "merge", "pause", "withdraw") else None,
        "details": details,
        "version": version,
        "path": _facts(change)["path"],
    }


def amendment(change: Change, centre: int) -> dict[str, Any]:
    """The details of `amend`, the one act that writes facts of a case over: their names, and a digest of all of them
    as they are from then on. No words of people: these may have to be taken back one day."""
    details: dict[str, Any] = {"imported": True, "changed": list(change.columns), "digest": facts_digest(change)}
    if centre != change.stored.centre_id:
        details["centre"] = centre
    return details | {name: at.isoformat() for name, at in change.times.items()}


def facts_digest(change: Change) -> str:
    facts = [_facts(change)[name] for name in FACTS]
    return hashlib.sha256(orjson.dumps(facts)).hexdigest()


def _facts(change: Change) -> dict[str, Any]:
    """The facts as they are afterwards: the file's where they are written over."""
    draft, stored = change.draft, change.stored
    facts = {name: getattr(draft if name in change.columns else stored, name) for name in FACTS[:6]}
    if "place" in change.columns:
        return facts | {"area_id": draft.area.id, "path": draft.area.path, "lon": draft.lon, "lat": draft.lat}
    return facts | {name: getattr(stored, name) for name in FACTS[6:]}


def _row(change: Change, trace: Sequence[Any], sla: SlaPolicy) -> list[Any]:
    facts = _facts(change)
    projected: ProjectedCase = replay(trace, kind=Kind(facts["kind"]), severity=Severity(facts["severity"]), sla=sla)
    values = facts | {name: getattr(projected, name) for name in TOLD}
    values |= {"case_no": change.stored.case_no, "status": projected.status.value}
    values["settle_due_at"], values["due_at"] = _deadlines(change, projected)
    return [values[name] for name in COLUMNS]


def _deadlines(change: Change, projected: ProjectedCase) -> tuple[datetime | None, datetime | None]:
    """The file's deadline while the case is open; what a settlement was due at stays known."""
    stored, draft = change.stored, change.draft
    if projected.status not in OPEN:
        return stored.settle_due_at, None
    if "due_at" in change.columns or change.steps:
        return draft.due_at, draft.due_at
    return stored.settle_due_at, stored.due_at
