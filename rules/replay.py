"""What a case is, told from its trace alone, without asking the rules that moved it: the check on both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from rules.cases import CLOSED, DONE, Kind, Severity, Status
from rules.facts import CaseFacts
from rules.sla import SlaPolicy, Step, deadline, resumed

TO_CENTRE = frozenset({"return", "refer_up", "send_down"})
TO_ORGANISATION = frozenset({"dispatch", "transfer"})
QUEUED = frozenset({"return", "refer_up", "send_down", "reopen"})
GIVEN_UP = frozenset({"return", "transfer", "refer_up"})
ALONE = frozenset({"return", "transfer", "refer_up", "send_down", "reopen", "recall"})
WITHOUT_EXTENSION = frozenset({"settle", "return", "transfer", "refer_up", "send_down", "reopen", "refuse_extension", "withdraw"})
# What an import may correct beside the words of a case; it stands in the details of `amend`.
AMENDED_TIMES = ("settled_at", "closed_at")


@dataclass
class Told:
    """A case as its trace tells it: the fields of CaseFacts that the trace can tell."""

    status: Status
    centre_id: int
    holder_id: int
    version: int
    reported_at: datetime
    status_since: datetime
    queued_at: datetime
    settle_from: datetime
    settle_due_at: datetime | None
    sender_id: int | None = None
    responsible_id: int | None = None
    settled_at: datetime | None = None
    closed_at: datetime | None = None
    returned_n: int = 0
    left_by: tuple[int, ...] = ()
    co_handlers: tuple[int, ...] = ()
    binding: bool = False
    paused_until: datetime | None = None
    extension_until: datetime | None = None
    mediations: int = 0
    first_mediation: str | None = None
    satisfaction: int | None = None
    merged_into: str | None = None


def replay(events: Iterable[Mapping[str, Any]], *, kind: Kind, severity: Severity, sla: SlaPolicy) -> Told:
    """Fold the rows of case_event (act, at, from_status, to_status, from_organisation_id, to_organisation_id,
    by_organisation_id, details, version), in order, the report first. Raises ValueError for a trace that does not begin so."""
    told: Told | None = None
    for event in events:
        if told is None:
            if event["act"] != "report":
                raise ValueError("a trace begins with the report")
            told = _reported(event, kind, severity, sla)
        else:
            _take(told, event, kind, severity, sla)
    if told is None:
        raise ValueError("a trace has at least one event")
    return told


def differences(told: Told, case: CaseFacts) -> dict[str, tuple[Any, Any]]:
    """Where the trace and the case differ: the field, what the trace says, what the case says."""
    return {
        field.name: (getattr(told, field.name), getattr(case, field.name))
        for field in fields(Told)
        if getattr(told, field.name) != getattr(case, field.name)
    }


def _reported(event: Mapping[str, Any], kind: Kind, severity: Severity, sla: SlaPolicy) -> Told:
    at, centre = event["at"], event["to_organisation_id"]
    due = deadline(Step.settle, kind, severity, at, sla)
    return Told(Status.reported, centre, centre, event["version"], at, at, at, at, due)


def _take(told: Told, event: Mapping[str, Any], kind: Kind, severity: Severity, sla: SlaPolicy) -> None:
    act, at, details = event["act"], event["at"], event["details"]
    before, holder = told.status, told.holder_id
    if act in ("resume", "reopen"):
        _go_on(told, act, at, kind, severity, sla)
    told.status, told.version = Status(event["to_status"]), event["version"]
    told.holder_id = event["to_organisation_id"]
    if (told.status, told.holder_id) != (before, holder):
        told.status_since = at
    told.settled_at = (told.settled_at or at) if told.status in DONE else None
    told.closed_at = (told.closed_at or at) if told.status in CLOSED else None
    _pass_on(told, event, holder)
    _note(told, act, details)


def _go_on(told: Told, act: str, at: datetime, kind: Kind, severity: Severity, sla: SlaPolicy) -> None:
    """The clock of the settlement after a pause, and of a case that is taken up again."""
    if act == "reopen":
        told.settle_from, told.settle_due_at = at, deadline(Step.settle, kind, severity, at, sla)
        return
    basis = sla.limit(Step.settle, kind, severity).basis
    ended = min(at, told.paused_until or at)
    told.settle_from = resumed(told.settle_from, told.status_since, ended, basis, sla)
    if told.settle_due_at is not None:
        told.settle_due_at = resumed(told.settle_due_at, told.status_since, ended, basis, sla)


def _pass_on(told: Told, event: Mapping[str, Any], holder: int) -> None:
    act = event["act"]
    if act in TO_CENTRE:
        told.centre_id = told.holder_id
    if act in ("refer_up", "send_down"):
        told.returned_n = 0
    if act == "return":
        told.returned_n += 1
    if act in TO_ORGANISATION:
        told.binding = told.binding or told.holder_id in told.left_by
        told.sender_id = event["by_organisation_id"] or told.centre_id
    elif act in ALONE:
        told.sender_id = None
    if act in GIVEN_UP and holder not in told.left_by:
        told.left_by = (*told.left_by, holder)
    if act == "sign":
        told.responsible_id = holder
    if act in QUEUED:
        told.queued_at = event["at"]
    if act in ALONE:
        told.co_handlers = ()


def _note(told: Told, act: str, details: Mapping[str, Any]) -> None:
    until = datetime.fromisoformat(details["until"]) if "until" in details else None
    if act == "grant_extension":
        told.settle_due_at = told.extension_until
    told.paused_until = until if act == "pause" else told.paused_until if told.status == Status.paused else None
    if act == "extend":
        told.extension_until = until
    elif act == "grant_extension" or act in WITHOUT_EXTENSION:
        told.extension_until = None
    if act == "co_handle":
        told.co_handlers = (*told.co_handlers, details["co_handler"])
    if act == "record_mediation":
        told.mediations += 1
        told.first_mediation = told.first_mediation or details["outcome"]
    if act == "visit":
        told.satisfaction = details.get("satisfaction")  # an imported visit tells none
    if act == "reopen":
        told.binding, told.satisfaction = False, None
    if act == "merge":
        told.merged_into = details.get("into")  # nor an imported merge the other case
    if act == "amend":
        _amend(told, details)


def _amend(told: Told, details: Mapping[str, Any]) -> None:
    """The facts that another system has corrected."""
    told.centre_id = details.get("centre", told.centre_id)
    for name in AMENDED_TIMES:
        if name in details:
            setattr(told, name, datetime.fromisoformat(details[name]))
