"""Move cases. The rules say whether; the guarded UPDATE says who was first; the trace says what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from data.commands.case_events import append_event, append_messages
from data.commands.idempotency import once
from data.database import SYSTEM, Database
from data.queries import cases, organisations
from data.sql import load
from rules.access import Viewer
from rules.cases import Status
from rules.checks import check_move, loops
from rules.effects import AppliedMove, Rule, apply_move, take_up, timers_of
from rules.errors import Problem
from rules.facts import CaseFacts, Inputs, OrganisationFacts
from rules.moves import MOVES, OFFERED, Effect, Holder, Tell
from rules.ranking import CHOICES, rank
from rules.reminders import first_look
from rules.sla import SlaPolicy

SLA = SlaPolicy()
REASON_LENGTH = 500
NOTHING = Inputs()


def move_case(
    database: Database,
    *,
    viewer: Viewer,
    case_no: str,
    move: str,
    seen_version: int,
    to: int | None = None,
    into: str | None = None,
    reason: str | None = None,
    inputs: Inputs = NOTHING,
    key: str | None = None,
    now: datetime,
    sla: SlaPolicy = SLA,
    rule: Rule | None = None,
) -> dict:
    """Make one move, and what follows from it by rule; return the case as it is then.

    `to` (organisation), `into` (case number) and `reason` complete `inputs`. A repeated `key` has one effect and the
    same answer. `rule`: why the system itself moves it. Raises Problem not_found, forbidden, key_reused, what check_move
    raises, and stale_version (409) when another was first: with `current`, the case as it is now, and `winner`.
    """
    if move not in OFFERED or move == "report":
        raise Problem("invalid", field="move", value=move)
    if reason is not None and len(reason) > REASON_LENGTH:
        raise Problem("invalid", field="reason", value=reason[:40])
    if inputs.choice is not None and inputs.choice not in CHOICES:
        raise Problem("invalid", field="choice", value=inputs.choice[:40])
    given = replace(inputs, reason=reason)
    request = {"case_no": case_no, "move": move, "version": seen_version, "to": to, "into": into, **_told(given)}
    try:
        with database.writing(viewer) as connection:
            mover = _Mover(connection, viewer, now, sla, rule)
            return once(
                connection,
                viewer,
                key,
                request,
                now,
                lambda: mover.move(case_no, move, seen_version, to, into, given),
                mover.finish,
            )
    except Problem as problem:
        if problem.code != "stale_version":
            raise
        raise Problem("stale_version", extra=_who_was_first(database, viewer, case_no, now)) from None


def _told(given: Inputs) -> dict[str, Any]:
    """What was given beside the names, as it is compared when a key comes again."""
    given_values = {name: value for name, value in vars(given).items() if value not in (None, ())}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given_values.items()}


class _Mover:
    """One transaction: looks up what the decision needs, asks the rules, writes what they say."""

    def __init__(
        self, connection: Connection, viewer: Viewer, now: datetime, sla: SlaPolicy, rule: Rule | None
    ) -> None:
        self.connection, self.viewer, self.now, self.sla, self.rule = connection, viewer, now, sla, rule
        self.events: list[dict[str, Any]] = []

    def move(self, case_no: str, move: str, seen_version: int, to: int | None, into: str | None, given: Inputs) -> dict:
        if into is not None:
            # both in one order, so that two merges of the same two cases cannot wait for each other
            self.connection.execute(load("lock_cases"), {"numbers": sorted((case_no, into))})
        row = cases.row(self.connection, case_no)
        if row["version"] != seen_version:
            raise Problem("stale_version")
        case = cases.facts(row)
        given = self._looked_up(case, row, move, to, into, given)
        check_move(case, move, viewer=self.viewer, inputs=given, now=self.now)
        if MOVES[move].holder == Holder.above and given.above is None:
            raise Problem("no_centre_above")
        acts = apply_move(case, move, inputs=given, viewer=self.viewer, now=self.now, sla=self.sla)
        _guarded_update(self.connection, row, acts[-1].case, self.sla)
        if case.status == Status.waiting != acts[-1].case.status:
            self.connection.execute(load("drop_claim"), {"prefecture": row["prefecture"], "case_no": case_no})
        self._tell(row, case, acts, given)
        self._note(row, case, acts)
        if given.into is not None and Effect.merge in MOVES[move].effects:
            self._absorb(given.into, case)
        return cases.find(self.connection, case_no, self.now, self.viewer)

    def _looked_up(
        self, case: CaseFacts, row: RowMapping, move: str, to: int | None, into: str | None, given: Inputs
    ) -> Inputs:
        """The inputs with what the names in them stand for."""
        organisation = _organisation(self.connection, row, to)
        needed = MOVES[move]
        given = replace(given, to=organisation)
        if needed.holder in (Holder.above, Holder.sender) or (organisation is not None and loops(case, organisation)):
            routes = case.sender_path if needed.holder == Holder.sender and case.sender_path else case.centre_path
            given = replace(given, above=organisations.centre_above(self.connection, routes))
        if needed.holder == Holder.to and organisation is not None:
            given = self._compared(case, organisation, given)
        if "into" in needed.needs and into is not None:
            try:
                given = replace(given, into=cases.facts(cases.row(self.connection, into)))
            except Problem:
                raise Problem("invalid", field="into", value=into[:40]) from None
        return given

    def _compared(self, case: CaseFacts, organisation: OrganisationFacts, given: Inputs) -> Inputs:
        """How the chosen body stood in the recommendation at this moment: kept with the choice."""
        candidates = [found for found, _ in organisations.candidates(self.connection, case.case_no, now=self.now)]
        ranked = {found.organisation_id: found.rank for found in rank(case, candidates)}
        first = next(iter(ranked), None)
        return replace(given, rank=ranked.get(organisation.id), recommended=first)

    def _tell(self, row: RowMapping, before: CaseFacts, acts: tuple[AppliedMove, ...], given: Inputs) -> None:
        for applied in acts:
            append_messages(
                self.connection,
                prefecture=row["prefecture"],
                case_no=before.case_no,
                path=row["path"],
                at=self.now,
                act=applied.act,
                status=applied.case.status.value,
                to=_recipients(applied, before, row["reporter_id"], given),
            )
            before = applied.case

    def _note(self, row: RowMapping, before: CaseFacts, acts: tuple[AppliedMove, ...]) -> None:
        """What `finish` will append to the trace."""
        for applied in acts:
            rule = applied.rule or self.rule
            self.events.append(
                {
                    "by_rule": rule is not None,
                    "prefecture": row["prefecture"],
                    "case_no": before.case_no,
                    "path": row["path"],
                    "at": self.now,
                    "act": applied.act,
                    "from_status": before.status.value,
                    "to_status": applied.case.status.value,
                    "from_organisation_id": before.holder_id,
                    "to_organisation_id": applied.case.holder_id,
                    "reason": applied.reason,
                    "details": {**applied.details, **({"rule": rule.value} if rule else {})},
                    "version": applied.case.version,
                }
            )
            before = applied.case

    def finish(self) -> None:
        """Append the acts to the trace: from here on the world's lock is held, so nothing else is left to do."""
        for event in self.events:
            append_event(self.connection, viewer=self.viewer, **event)

    def _absorb(self, into: CaseFacts, merged: CaseFacts) -> None:
        """The other case takes the duplicate up: its row was locked, so its version is the present one."""
        applied = take_up(into, merged)
        row = cases.row(self.connection, into.case_no)
        _guarded_update(self.connection, row, applied.case, self.sla)
        self._tell(row, into, (applied,), NOTHING)
        self._note(row, into, (applied,))


def _recipients(applied: AppliedMove, before: CaseFacts, reporter: int | None, given: Inputs) -> set[int]:
    """The bodies that a move tells, by its row of the table."""
    known: dict[Tell, tuple[int | None, ...]] = {
        Tell.holder: (applied.case.holder_id,),
        Tell.former: (before.holder_id,),
        Tell.centre: (applied.case.centre_id,),
        Tell.reporter: (reporter,),
        Tell.co_handler: applied.case.co_handlers,
        Tell.to: (given.to.id if given.to else None,),
    }
    return {
        organisation for tell in MOVES[applied.act].tells for organisation in known[tell] if organisation is not None
    }


def _organisation(connection: Connection, row: RowMapping, to: int | None) -> OrganisationFacts | None:
    """The body named, if it stands in this prefecture; another prefecture's is as unknown as none."""
    if to is None:
        return None
    named = organisations.by_id(connection, to) if 0 < to < 2**31 else None
    if named is None or not named[0].path.startswith(row["prefecture"] + "/"):
        raise Problem("invalid", field="to", value=str(to))
    return named[0]


# the columns of `cases` that a move may change are the facts of the same names
CHANGED = (
    "status", "centre_id", "centre_path", "holder_id", "holder_path", "sender_id", "sender_path", "responsible_id",
    "version", "status_since", "queued_at", "settle_from", "settle_due_at", "due_at", "settled_at", "closed_at",
    "returned_n", "left_by", "co_handlers", "binding", "paused_until", "extension_until", "mediations",
    "first_mediation", "satisfaction", "merged_into",
)  # fmt: skip


def _guarded_update(connection: Connection, row: RowMapping, after: CaseFacts, sla: SlaPolicy) -> None:
    """Settles the race: whoever finds the version gone was second."""
    values = {name: getattr(after, name) for name in CHANGED}
    values |= {"left_by": list(after.left_by), "co_handlers": list(after.co_handlers), "status": after.status.value}
    values["notify_at"] = first_look(timers_of(after, sla), sla)
    values |= {"prefecture": row["prefecture"], "case_no": row["case_no"], "seen": row["version"]}
    if connection.execute(load("move_case"), values).rowcount != 1:
        raise Problem("stale_version")


def resume_ended(database: Database, *, now: datetime, sla: SlaPolicy = SLA, limit: int = 100) -> int:
    """Resume the cases whose pause has ended, each in a transaction of its own; returns how many.

    Their clocks go on from the end of the pause. A case that somebody moved meanwhile is left alone.
    """
    with database.reading(SYSTEM) as connection:
        ended = connection.execute(load("list_ended_pauses"), {"now": now, "limit": limit}).all()
    resumed = 0
    for case in ended:
        try:
            move_case(
                database,
                viewer=SYSTEM,
                case_no=case.case_no,
                move="resume",
                seen_version=case.version,
                now=now,
                sla=sla,
                rule=Rule.pause_ended,
            )
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
