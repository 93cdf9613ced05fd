"""Replay of a case from its trace alone, without the rules that moved it: a check on both."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
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
# What an import may correct beside the words of a case; it is in the details of `amend`.
AMENDED_TIMES = ("settled_at", "closed_at")


@dataclass
class ProjectedCase:
    """A case computed from its trace: the fields of CaseFacts that follow from it."""

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


def replay(events: Iterable[Mapping[str, Any]], *, kind: Kind, severity: Severity, sla: SlaPolicy) -> ProjectedCase:
    """Fold the rows of case_event (act, at, from_status, to_status, from_organisation_id, to_organisation_id,
    by_organisation_id, details, version), in order, the report first. Raises ValueError for a trace that does not begin so."""
    last = deque(states(events, kind=kind, severity=severity, sla=sla), maxlen=1)
    if not last:
        raise ValueError("a trace has at least one event")
    return last[0]


def states(
    events: Iterable[Mapping[str, Any]], *, kind: Kind, severity: Severity, sla: SlaPolicy
) -> Iterator[ProjectedCase]:
    """The case after each act, one object that goes from act to act. Raises ValueError for a trace that does not begin with
    the report."""
    projected: ProjectedCase | None = None
    for event in events:
        if projected is None:
            if event["act"] != "report":
                raise ValueError("a trace begins with the report")
            projected = _reported(event, kind, severity, sla)
        else:
            _take(projected, event, kind, severity, sla)
        yield projected


def differences(projected: ProjectedCase, case: CaseFacts) -> dict[str, tuple[Any, Any]]:
    """Where the trace and the case differ: the field, what the trace says, what the case says."""
    return {
        field.name: (getattr(projected, field.name), getattr(case, field.name))
        for field in fields(ProjectedCase)
        if getattr(projected, field.name) != getattr(case, field.name)
    }


def _reported(event: Mapping[str, Any], kind: Kind, severity: Severity, sla: SlaPolicy) -> ProjectedCase:
    at, centre = event["at"], event["to_organisation_id"]
    due = deadline(Step.settle, kind, severity, at, sla)
    return ProjectedCase(Status.reported, centre, centre, event["version"], at, at, at, at, due)


def _take(projected: ProjectedCase, event: Mapping[str, Any], kind: Kind, severity: Severity, sla: SlaPolicy) -> None:
    act, at, details = event["act"], event["at"], event["details"]
    before, holder = projected.status, projected.holder_id
    if act in ("resume", "reopen"):
        _go_on(projected, act, at, kind, severity, sla)
    projected.status, projected.version = Status(event["to_status"]), event["version"]
    projected.holder_id = event["to_organisation_id"]
    if (projected.status, projected.holder_id) != (before, holder):
        projected.status_since = at
    projected.settled_at = (projected.settled_at or at) if projected.status in DONE else None
    projected.closed_at = (projected.closed_at or at) if projected.status in CLOSED else None
    _pass_on(projected, event, holder)
    _note(projected, act, details)


def _go_on(projected: ProjectedCase, act: str, at: datetime, kind: Kind, severity: Severity, sla: SlaPolicy) -> None:
    """The clock of the settlement after a pause, and of a case that is taken up again."""
    if act == "reopen":
        projected.settle_from, projected.settle_due_at = at, deadline(Step.settle, kind, severity, at, sla)
        return
    basis = sla.limit(Step.settle, kind, severity).basis
    ended = min(at, projected.paused_until or at)
    projected.settle_from = resumed(projected.settle_from, projected.status_since, ended, basis, sla)
    if projected.settle_due_at is not None:
        projected.settle_due_at = resumed(projected.settle_due_at, projected.status_since, ended, basis, sla)


def _pass_on(projected: ProjectedCase, event: Mapping[str, Any], holder: int) -> None:
    act = event["act"]
    if act in TO_CENTRE:
        projected.centre_id = projected.holder_id
    if act in ("refer_up", "send_down"):
        projected.returned_n = 0
    if act == "return":
        projected.returned_n += 1
    if act in TO_ORGANISATION:
        projected.binding = projected.binding or projected.holder_id in projected.left_by
        projected.sender_id = event["by_organisation_id"] or projected.centre_id
    elif act in ALONE:
        projected.sender_id = None
    if act in GIVEN_UP and holder not in projected.left_by:
        projected.left_by = (*projected.left_by, holder)
    if act == "sign":
        projected.responsible_id = holder
    if act in QUEUED:
        projected.queued_at = event["at"]
    if act in ALONE:
        projected.co_handlers = ()


def _note(projected: ProjectedCase, act: str, details: Mapping[str, Any]) -> None:
    until = datetime.fromisoformat(details["until"]) if "until" in details else None
    if act == "grant_extension":
        projected.settle_due_at = projected.extension_until
    projected.paused_until = until if act == "pause" else projected.paused_until if projected.status == Status.paused else None
    if act == "extend":
        projected.extension_until = until
    elif act == "undo_settle":
        projected.extension_until = datetime.fromisoformat(details["extension"]) if "extension" in details else None
    elif act == "grant_extension" or act in WITHOUT_EXTENSION:
        projected.extension_until = None
    if act == "co_handle":
        projected.co_handlers = (*projected.co_handlers, details["co_handler"])
    if act == "record_mediation":
        projected.mediations += 1
        projected.first_mediation = projected.first_mediation or details["outcome"]
    if act == "visit":
        projected.satisfaction = details.get("satisfaction")  # an imported visit tells none
    if act == "reopen":
        projected.binding, projected.satisfaction = False, None
    if act == "merge":
        projected.merged_into = details.get("into")  # nor an imported merge the other case
    if act == "amend":
        _amend(projected, details)


def _amend(projected: ProjectedCase, details: Mapping[str, Any]) -> None:
    """The facts that another system has corrected."""
    projected.centre_id = details.get("centre", projected.centre_id)
    for name in AMENDED_TIMES:
        if name in details:
            setattr(projected, name, datetime.fromisoformat(details[name]))
