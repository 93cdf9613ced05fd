"""Several cases at once, dispatched or remarked on: a preview, then each in a transaction of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from data.commands.cases import move_case
from data.database import Database
from data.queries import cases, organisations
from data.queries.organisations import Candidate
from rules.access import Viewer
from rules.checks import check_move, loops
from rules.errors import Problem
from rules.facts import CaseFacts, MoveInputs, MoveRequest, OrganisationFacts
from rules.mediation import Supervision
from rules.moves import REMARKS
from rules.ranking import rank
from rules.sla import SlaPolicy, Step, clock_of

MOST_CASES = 200


@dataclass(frozen=True)
class DispatchPreview:
    """What a dispatch would do to one case: `to` with its load before and after the whole batch, or the `problem`."""

    case_no: str
    title: str
    version: int
    to: int | None = None
    name: str = ""
    load: int = 0
    load_after: int = 0
    capacity: int = 0
    goes_up: bool = False
    problem: Problem | None = None


@dataclass(frozen=True)
class DispatchItem:
    """One case of a batch: the version that was seen in the preview, and the organisation."""

    case_no: str
    version: int
    to: int


@dataclass(frozen=True)
class BulkResult:
    """What became of an order: the case as it is now, or the problem."""

    case_no: str
    case: dict | None = None
    problem: Problem | None = None


def plan(
    connection: Connection, viewer: Viewer, numbers: Sequence[str], *, to: int | None, now: datetime
) -> list[DispatchPreview]:
    """Preview the dispatch of cases to one organisation, or each (`to` None) to the best one given what the batch itself adds."""
    given: Counter[int] = Counter()
    previews = [_preview(connection, viewer, number, to, given, now) for number in dict.fromkeys(numbers)]
    return [replace(one, load_after=one.load + given[one.to]) if one.to else one for one in previews]


def _preview(
    connection: Connection, viewer: Viewer, case_no: str, to: int | None, given: Counter[int], now: datetime
) -> DispatchPreview:
    try:
        row = cases.row(connection, case_no, locale=viewer.locale)
    except Problem as problem:
        return DispatchPreview(case_no, "", 0, problem=problem)
    case, first = cases.facts(row), DispatchPreview(case_no, row["title"], row["version"])
    named = organisations.candidates(connection, row, now=now, locale=viewer.locale)
    organisation, name = _chosen(connection, case, named, to, given, viewer)
    try:
        # a reason is asked for once, for the whole batch
        check_move(case, "dispatch", viewer=viewer, inputs=MoveInputs(to=organisation, reason="-"), now=now)
    except Problem as problem:
        nobody = organisation is None and problem.code == "invalid"
        return replace(first, problem=Problem("no_body") if nobody else problem, name=name)
    if organisation is None:
        return replace(first, problem=Problem("no_body"))
    given[organisation.id] += 1
    return replace(
        first,
        to=organisation.id,
        name=name,
        load=organisation.open_load,
        capacity=organisation.capacity,
        goes_up=loops(case, organisation),
    )


def _chosen(
    connection: Connection, case: CaseFacts, named: list[Candidate], to: int | None, given: Counter[int],
    viewer: Viewer,
) -> tuple[OrganisationFacts | None, str]:  # fmt: skip
    known = {organisation.id: (organisation, name) for organisation, name in named}
    if to is not None:
        return known.get(to) or organisations.by_id(connection, to, locale=viewer.locale) or (None, "")
    burdened = [
        replace(organisation, open_load=organisation.open_load + given[organisation.id]) for organisation, _ in named
    ]
    ranked = rank(case, burdened)
    return known[ranked[0].organisation_id] if ranked else (None, "")


def dispatch_all(
    database: Database,
    *,
    viewer: Viewer,
    items: Sequence[DispatchItem],
    reason: str | None,
    choice: str | None,
    key: str | None,
    clock: Callable[[], datetime],
    sla: SlaPolicy,
) -> list[BulkResult]:
    """Dispatch each case; a case that another took first or that cannot be dispatched fails alone. Repeated with the same key,
    each has one effect."""
    return [_dispatched(database, viewer, item, reason, choice, key, clock(), sla) for item in items]


def _dispatched(
    database: Database, viewer: Viewer, item: DispatchItem, reason: str | None, choice: str | None, key: str | None,
    now: datetime, sla: SlaPolicy,
) -> BulkResult:  # fmt: skip
    request = MoveRequest(
        case_no=item.case_no, move="dispatch", version=item.version, to=item.to, reason=reason, choice=choice
    )
    return _moved(database, viewer, request, key, now, sla)


def _moved(
    database: Database, viewer: Viewer, request: MoveRequest, key: str | None, now: datetime, sla: SlaPolicy
) -> BulkResult:
    own_key = None if key is None else f"{hashlib.sha256(key.encode()).hexdigest()[:40]}:{request.case_no}"
    try:
        moved = move_case(database, request, viewer=viewer, now=now, sla=sla, key=own_key)
    except Problem as problem:
        if problem.code in ("unavailable", "internal"):
            raise
        return BulkResult(request.case_no, problem=problem)
    return BulkResult(request.case_no, case=moved)


@dataclass(frozen=True)
class RemarkPreview:
    """Whether a remark can be made on a case: who hears of it and how its clock stands, or the `problem`."""

    case_no: str
    title: str = ""
    version: int = 0
    holder: str = ""
    due_at: datetime | None = None
    clock: Step | None = None
    problem: Problem | None = None


def plan_remarks(
    connection: Connection, viewer: Viewer, numbers: Sequence[str], *, move: str, now: datetime
) -> list[RemarkPreview]:
    """Preview a remark (rules.moves.REMARKS) on each of these cases. Raises Problem invalid (move)."""
    _require_remark(move)
    return [_preview_remark(connection, viewer, number, move, now) for number in dict.fromkeys(numbers)]


def _require_remark(move: str) -> None:
    if move not in REMARKS:
        raise Problem("invalid", field="move", value=move[:40])


def _preview_remark(connection: Connection, viewer: Viewer, case_no: str, move: str, now: datetime) -> RemarkPreview:
    try:
        row = cases.row(connection, case_no, locale=viewer.locale)
    except Problem as problem:
        return RemarkPreview(case_no, problem=problem)
    case = cases.facts(row)
    shown = RemarkPreview(
        case_no,
        title=row["title"],
        version=case.version,
        holder=row["holder_name"] or "",
        due_at=case.due_at,
        clock=clock_of(case.status, case.due_at, case.settle_due_at),
    )
    try:
        # reason and form are asked for once, for the whole batch
        check_move(case, move, viewer=viewer, inputs=MoveInputs(reason="preview", form=Supervision.letter), now=now)
    except Problem as problem:
        return replace(shown, problem=problem)
    return shown


def remark_all(
    database: Database, *, viewer: Viewer, requests: Sequence[MoveRequest], key: str | None,
    clock: Callable[[], datetime], sla: SlaPolicy,
) -> list[BulkResult]:  # fmt: skip
    """Make the same remark on each case; one that does not stand for it fails alone. Repeated with the same key, each has one
    effect. Raises Problem invalid (move)."""
    for request in requests:
        _require_remark(request.move)
    return [_moved(database, viewer, request, key, clock(), sla) for request in requests]
