"""The dispatch desk: queue, next free case, claims, viewers, duplicates, bulk dispatch."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dashboard.current_viewer import Visit, note_shown
from data.commands import batches, claims
from data.commands.claims import Wish
from data.queries import cases, organisations, queue, viewers
from data.queries.cases import CaseFilter
from rules.access import Act
from rules.errors import Problem
from web.dependencies import (
    AreaQuery,
    CaseNo,
    Choice,
    Cursor,
    IdempotencyKey,
    KindChoice,
    Limit,
    ServicesDep,
    SeverityChoice,
    ViewerDep,
    VisitDep,
    Words,
    as_list,
    needs,
)
from web.schemas.desk import (
    BodyList,
    BulkAnswer,
    BulkForm,
    Claim,
    Claimed,
    DuplicateList,
    NextCase,
    NextForm,
    PlanList,
    PresenceForm,
    PresenceList,
    PreviewForm,
    QueueList,
    TabForm,
)
from web.serializers import bulk_shape, plan_shape

router = APIRouter(prefix="/api", tags=["desk"], dependencies=[needs(Act.assign)])
CLAIMED: dict[int | str, dict[str, Any]] = {
    409: {"model": Claimed, "description": "Another has it in hand"}
}


def tab_of(form: TabForm, visit: Visit) -> str:
    """The tab that a page names, or one for the whole login. The token itself is a secret and is written nowhere."""
    return form.tab or hashlib.sha256(visit.csrf_token.encode()).hexdigest()[:24]


@router.get("/queue", response_model=QueueList)
def queue_page(
    services: ServicesDep,
    viewer: ViewerDep,
    area: AreaQuery = None,
    kind: KindChoice = None,
    severity: SeverityChoice = None,
    category: Choice = None,
    q: Words = None,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The waiting cases of an area: least time left first, then the graver, then the older; with who looks at each."""
    wanted = CaseFilter(
        area=area or viewer.area_code, kind=kind, severity=severity, category=category, q=q, limit=limit, cursor=cursor
    )
    with services.database.reading(viewer) as connection:
        return queue.page(connection, wanted, services.clock.now(), viewer)


@router.post("/queue/next", response_model=NextCase, responses={204: {"description": "None is free"}})
def next_case(form: NextForm, services: ServicesDep, viewer: ViewerDep, visit: VisitDep) -> Any:
    """Claim the first free case for 90 seconds: never the same to two, however many ask at once."""
    wish = Wish(
        area=form.area or viewer.area_code,
        kind=form.kind,
        category=form.category,
        severity=form.severity,
        passed=tuple(form.passed),
    )
    case_no = claims.claim_next(services.database, viewer=viewer, tab=tab_of(form, visit), wish=wish)
    if case_no is None:
        return Response(status_code=204)
    note_shown(case_no)
    with services.database.reading(viewer) as connection:
        return {
            "case": cases.find(connection, case_no, services.clock.now(), viewer),
            "seconds": claims.CLAIM_SECONDS,
        }


@router.post("/cases/{no}/claim", response_model=Claim, responses=CLAIMED)
def claim(no: CaseNo, form: TabForm, services: ServicesDep, viewer: ViewerDep, visit: VisitDep) -> dict[str, Any]:
    """Take a waiting case in hand, or renew that. 409 `claimed` with its holder when another has it."""
    taken = claims.claim(services.database, viewer=viewer, case_no=no, tab=tab_of(form, visit))
    return {**taken, "seconds": claims.CLAIM_SECONDS}


@router.delete("/cases/{no}/claim", status_code=204)
def release(no: CaseNo, services: ServicesDep, viewer: ViewerDep) -> Response:
    """Let a case go. A page that is left sends this with keepalive."""
    claims.release(services.database, viewer=viewer, case_no=no)
    return Response(status_code=204)


@router.post("/presence", response_model=PresenceList)
def tell_presence(form: PresenceForm, services: ServicesDep, viewer: ViewerDep, visit: VisitDep) -> dict[str, Any]:
    """Tell which case this tab shows, and hear who looks at which; a page asks every 10 s."""
    claims.look_at(services.database, viewer=viewer, tab=tab_of(form, visit), case_no=form.case)
    with services.database.reading(viewer) as connection:
        seen = viewers.watchers(connection, form.area or viewer.area_code, viewer)
    return as_list([{"case_no": number, "watching": watching} for number, watching in seen.items()])


@router.get("/cases/{no}/duplicates", response_model=DuplicateList)
def duplicates(no: CaseNo, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Open cases that may be the same matter."""
    with services.database.reading(viewer) as connection:
        return as_list(queue.duplicates(connection, no, services.clock.now(), viewer))


@router.get("/bodies", response_model=BodyList)
def bodies(
    services: ServicesDep,
    viewer: ViewerDep,
    area: AreaQuery = None,
    category: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Who may take cases in an area, with the open load of each."""
    with services.database.reading(viewer) as connection:
        candidates = organisations.in_area(connection, area or viewer.area_code, category=category, locale=viewer.locale)
    return as_list(
        [
            {"organisation": body.id, "name": name, "open_load": body.open_load, "capacity": body.capacity}
            for body, name in candidates
        ]
    )


@router.post("/bulk/preview", response_model=PlanList)
def preview(form: PreviewForm, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """What a dispatch of these cases would do to each, without doing it."""
    now = services.clock.now()
    with services.database.reading(viewer) as connection:
        numbers = form.cases or _filtered(connection, form, now, viewer)
        previews = batches.plan(connection, viewer, numbers, to=form.to, now=now)
    return as_list([plan_shape(one, viewer.locale) for one in previews])


def _filtered(connection: Any, form: PreviewForm, now: Any, viewer: Any) -> list[str]:
    if form.filter is None:
        raise Problem("invalid", field="cases", value="")
    wanted = CaseFilter(
        area=form.filter.area or viewer.area_code,
        kind=form.filter.kind,
        severity=form.filter.severity,
        category=form.filter.category,
        q=form.filter.q,
        limit=batches.MOST_CASES,
    )
    return [item["case_no"] for item in queue.page(connection, wanted, now, viewer)["items"]]


@router.post("/bulk", response_model=BulkAnswer)
def bulk(form: BulkForm, services: ServicesDep, viewer: ViewerDep, key: IdempotencyKey = None) -> dict[str, Any]:
    """Dispatch each case by itself, and report what became of each. Repeated with the same key it has one effect."""
    results = batches.dispatch_all(
        services.database,
        viewer=viewer,
        items=[batches.DispatchItem(one.case_no, one.version, one.to) for one in form.items],
        reason=form.reason,
        choice=form.choice,
        key=key,
        clock=services.clock.now,
        sla=services.sla,
    )
    return bulk_shape(results, viewer.locale)
