"""One transaction on cases: rows and messages are written within it, the acts of the trace at its exit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from data.database import Database
from data.sql import prepared
from rules.access import Role, Viewer
from rules.cases import Status
from rules.effects import AppliedMove, Rule, timers_of
from rules.errors import Problem
from rules.facts import CaseFacts
from rules.moves import MOVES, Tell
from rules.reminders import first_look
from rules.sla import SlaPolicy

# the columns of `cases` that a move may change are the facts of the same names
CHANGED = (
    "status", "centre_id", "centre_path", "holder_id", "holder_path", "sender_id", "sender_path", "responsible_id",
    "version", "status_since", "queued_at", "settle_from", "settle_due_at", "due_at", "settled_at", "closed_at",
    "returned_n", "left_by", "co_handlers", "binding", "paused_until", "extension_until", "mediations",
    "first_mediation", "satisfaction", "merged_into",
)  # fmt: skip


class Overtaken(Problem):
    """Another has committed between the look at the case and the guarded update."""


@dataclass
class CaseTransaction:
    """Who acts and when, and what has been recorded so far. `rule`: why the system itself acts, where it does."""

    connection: Connection
    viewer: Viewer
    now: datetime
    sla: SlaPolicy
    rule: Rule | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def begin(
        cls, database: Database, *, viewer: Viewer, now: datetime, sla: SlaPolicy, rule: Rule | None = None
    ) -> Iterator[CaseTransaction]:
        """A transaction under row level security; any exception rolls it back.

        An act takes the world's lock until the commit, so the acts come after everything else, in their order.
        """
        with database.writing(viewer) as connection:
            transaction = cls(connection, viewer, now, sla, rule)
            yield transaction
            transaction._append_events()

    def _append_events(self) -> None:
        """The last one goes with the commit: the world's lock is what everybody waits for."""
        append = prepared("append_event")
        for event in self.events[:-1]:
            self.connection.execute(append, event)
        for event in self.events[-1:]:
            self.connection.execute(append.execution_options(commits=True), event)

    def record(
        self, case: Mapping[Any, Any], *, before: CaseFacts | None, applied: AppliedMove, from_organisation: int | None
    ) -> None:
        """Have an act appended at the exit: who by role and organisation, from where to where. An act of a rule has no
        person. `case` gives prefecture and path, `before` is None for a report."""
        rule = applied.rule or self.rule
        by = (Role.system, None, None) if rule else (self.viewer.role, self.viewer.user_id, self.viewer.organisation_id)
        details = {**applied.details, **({"rule": rule.value} if rule else {})}
        self.events.append(
            {
                "prefecture": case["prefecture"],
                "case_no": applied.case.case_no,
                "path": case["path"],
                "at": self.now,
                "act": applied.act,
                "role": by[0].value,
                "user_id": by[1],
                "by_organisation_id": by[2],
                "from_status": before and before.status.value,
                "to_status": applied.case.status.value,
                "from_organisation_id": from_organisation,
                "to_organisation_id": applied.case.holder_id,
                "reason": applied.reason,
                "details": orjson.dumps(details).decode(),
                "version": applied.case.version,
            }
        )

    def apply(self, row: Mapping[Any, Any], case: CaseFacts, acts: Sequence[AppliedMove], *, to: int | None) -> dict:
        """Write the case after its acts, write the messages about it, and return the new row.

        `to`: the organisation that the move named. Raises Overtaken for whoever finds the version gone.
        """
        after = acts[-1].case
        changed = {name: getattr(after, name) for name in CHANGED}
        changed |= {
            "status": after.status.value,
            "left_by": list(after.left_by),
            "co_handlers": list(after.co_handlers),
        }
        values = {
            "prefecture": row["prefecture"],
            "case_no": case.case_no,
            "seen": case.version,
            "notify_at": first_look(timers_of(after, self.sla), self.sla),
            "leaves_queue": case.status == Status.waiting != after.status,
            "messages": orjson.dumps(_messages(case, acts, row["reporter_id"], to)).decode(),
            "now": self.now,
            "locale": self.viewer.locale or "zh_CN",
        }
        moved = self.connection.execute(prepared("move_case"), {**changed, **values}).one_or_none()
        if moved is None:
            raise Overtaken("stale_version")
        for before, applied in _steps(case, acts):
            self.record(row, before=before, applied=applied, from_organisation=before.holder_id)
        return {**row, **changed, "holder_name": moved.holder_name}


def _steps(case: CaseFacts, acts: Sequence[AppliedMove]) -> Iterator[tuple[CaseFacts, AppliedMove]]:
    """Each act with the case as it was before it."""
    return zip((case, *(applied.case for applied in acts)), acts, strict=False)


def _messages(
    case: CaseFacts, acts: Sequence[AppliedMove], reporter: int | None, to: int | None
) -> list[dict[str, Any]]:
    """One message for each organisation that has to know of an act, as data/sql/move_case.sql takes them."""
    return [
        message(applied, organisation)
        for before, applied in _steps(case, acts)
        for organisation in sorted(_recipients(applied, before, reporter, to))
    ]


def message(applied: AppliedMove, organisation: int) -> dict[str, Any]:
    payload = {"case_no": applied.case.case_no, "act": applied.act, "status": applied.case.status.value}
    return {"topic": f"case.{applied.act}", "organisation": organisation, "payload": payload}


def _recipients(applied: AppliedMove, before: CaseFacts, reporter: int | None, to: int | None) -> set[int]:
    """The organisations that get a message about a move, by its row of the table."""
    known: dict[Tell, tuple[int | None, ...]] = {
        Tell.holder: (applied.case.holder_id,),
        Tell.former: (before.holder_id,),
        Tell.centre: (applied.case.centre_id,),
        Tell.reporter: (reporter,),
        Tell.co_handler: applied.case.co_handlers,
        Tell.to: (to,),
    }
    return {
        organisation for tell in MOVES[applied.act].tells for organisation in known[tell] if organisation is not None
    }
