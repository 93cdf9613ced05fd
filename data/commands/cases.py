"""Moves of cases. The rules decide, a guarded UPDATE settles races, the trace records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from data.commands.case_transaction import CaseTransaction, Overtaken
from data.commands.idempotency import run_once
from data.commands.move_inputs import look_up
from data.database import SYSTEM, Database
from data.queries import cases
from data.sql import load
from rules.access import Viewer, prefecture_seen
from rules.checks import check_move
from rules.effects import Rule, apply_move, take_up
from rules.errors import Problem
from rules.facts import CaseFacts, MoveRequest
from rules.moves import MOVES, OFFERED, REMARKS, Effect, Holder
from rules.ranking import CHOICES
from rules.sla import SlaPolicy

SLA = SlaPolicy()
REASON_LENGTH = 500
#: Remarks that may come between, one after the other, before somebody is told to look again.
ATTEMPTS = 5


def move_case(
    database: Database,
    request: MoveRequest,
    *,
    viewer: Viewer,
    now: datetime,
    sla: SlaPolicy = SLA,
    key: str | None = None,
    rule: Rule | None = None,
) -> dict:
    """Make one move, and what follows from it by rule; return the case as it is then.

    A repeated `key` has one effect and the same answer. `rule`: why the system itself moves it. Raises Problem not_found,
    forbidden, key_reused, what check_move raises, and stale_version (409) when another was first: with `current`, the
    case as it is now, and `winner`. Remarks of others (rules.moves.REMARKS) make nobody late.
    """
    _check_request(request)
    for _ in range(ATTEMPTS):
        try:
            with CaseTransaction.begin(database, viewer=viewer, now=now, sla=sla, rule=rule) as transaction:
                return run_once(transaction, key, _compared(request), partial(_move, transaction, request))
        except Overtaken:
            continue  # perhaps by a remark: the next look at the case tells
        except Problem as problem:
            if problem.code != "stale_version":
                raise
            break
    raise Problem("stale_version", extra=_who_was_first(database, viewer, request.case_no, now))


def _check_request(request: MoveRequest) -> None:
    if request.move not in OFFERED or request.move == "report":
        raise Problem("invalid", field="move", value=request.move)
    if request.reason is not None and len(request.reason) > REASON_LENGTH:
        raise Problem("invalid", field="reason", value=request.reason[:40])
    if request.choice is not None and request.choice not in CHOICES:
        raise Problem("invalid", field="choice", value=request.choice[:40])


def _compared(request: MoveRequest) -> dict[str, Any]:
    """What a request that comes again with its key has to say again."""
    given = {name: value for name, value in vars(request).items() if value not in (None, ())}
    given = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}
    return {"to": None, "into": None} | given


def _move(transaction: CaseTransaction, request: MoveRequest) -> dict:
    """Look up what the decision needs, ask the rules, write what they say."""
    connection, viewer, now = transaction.connection, transaction.viewer, transaction.now
    if request.into is not None:
        # both in one order, so that two merges of the same two cases cannot wait for each other
        numbers = sorted((request.case_no, request.into))
        connection.execute(load("lock_cases"), {"prefecture": prefecture_seen(viewer), "numbers": numbers})
    row = cases.row(connection, request.case_no, locale=viewer.locale or "zh_CN")
    if row["version"] != request.version and not _only_remarks_since(transaction, row, request.version):
        raise Problem("stale_version")
    case = cases.facts(row)
    inputs = look_up(transaction, request, row, case)
    check_move(case, request.move, viewer=viewer, inputs=inputs, now=now)
    if MOVES[request.move].holder == Holder.above and inputs.above is None:
        raise Problem("no_centre_above")
    acts = apply_move(case, request.move, inputs=inputs, viewer=viewer, now=now, sla=transaction.sla)
    after = transaction.apply(row, case, acts, to=inputs.to.id if inputs.to else None)
    if inputs.into is not None and Effect.merge in MOVES[request.move].effects:
        _absorb(transaction, inputs.into, case)
    # of what was settled just now everybody knows who did it, before the trace tells
    shown = cases.shape(after, now, viewer)
    if request.move == "settle" and viewer.user_id is not None:
        shown["moves"].append("undo_settle")
    return shown


def _only_remarks_since(transaction: CaseTransaction, row: Mapping[Any, Any], seen: int) -> bool:
    # others go on meanwhile: what counts is what led to the version that was read
    values = {"prefecture": row["prefecture"], "case_no": row["case_no"], "seen": seen, "present": row["version"]}
    acts = transaction.connection.execute(load("list_acts_since"), values).scalars().all()
    return 0 < len(acts) == row["version"] - seen and set(acts) <= REMARKS


def _absorb(transaction: CaseTransaction, into: CaseFacts, merged: CaseFacts) -> None:
    """The other case takes the duplicate up: its row was locked, so its version is the present one."""
    row = cases.row(transaction.connection, into.case_no)
    transaction.apply(row, into, (take_up(into, merged),), to=None)


def resume_ended(database: Database, *, now: datetime, sla: SlaPolicy = SLA, limit: int = 100) -> int:
    """Resume the cases whose pause has ended, each in a transaction of its own; returns how many.

    Their clocks go on from the end of the pause. A case that somebody moved meanwhile is left alone.
    """
    with database.reading(SYSTEM) as connection:
        found = connection.execute(load("list_ended_pauses"), {"now": now, "limit": limit}).all()
    resumed = 0
    for case in found:
        request = MoveRequest(case_no=case.case_no, move="resume", version=case.version)
        try:
            move_case(database, request, viewer=SYSTEM, now=now, sla=sla, rule=Rule.pause_ended)
            resumed += 1
        except Problem as problem:
            if problem.code not in ("stale_version", "move_not_allowed", "not_found"):
                raise
    return resumed


def _who_was_first(database: Database, viewer: Viewer, case_no: str, now: datetime) -> dict:
    with database.reading(viewer) as connection:
        current = cases.find(connection, case_no, now, viewer)
    with database.reading(SYSTEM) as connection:
        return {"current": current, "winner": cases.last_event(connection, case_no, locale=viewer.locale or "zh_CN")}
