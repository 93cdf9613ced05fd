"""Cases: lists, one case, its trace, its candidates, report and move."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.words.texts import text, text_or
from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.queries import cases, outcomes, past, summaries
from data.queries.outcomes import CHOICES_SHOWN
from data.queries.recommendations import advise
from rules.access import Act
from rules.facts import MoveRequest
from rules.moves import MOVES
from web.case_filters import Listed
from web.dependencies import (
    AreaQuery,
    AsOf,
    CaseNo,
    Cursor,
    IdempotencyKey,
    Limit,
    Moment,
    ServicesDep,
    ViewerDep,
    as_json,
    as_list,
    encoded,
    needs,
)
from web.schemas.cases import Case, CaseForm, CaseList, EventList, MoveForm, MoveTable, ReportedCase
from web.schemas.problems import Conflict
from web.schemas.recommendations import ChoiceList, RecommendationList
from web.serializers import advice_shape, move_shape
from web.stored_answers import AnswerStore, respond, stored

router = APIRouter(prefix="/api", tags=["cases"])
SEES = [needs(Act.see_cases)]
CONFLICTS: dict[int | str, dict[str, Any]] = {
    409: {"model": Conflict, "description": "Another was first"},
}


@router.get("/cases", response_model=CaseList, dependencies=SEES)
def case_list(
    request: Request,
    services: ServicesDep,
    viewer: ViewerDep,
    listed: Listed,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_of: AsOf = None,
) -> Response:
    """Cases of an area and below, page by page. `status` is a status, or open (not settled yet), waiting, at_work, to_file
    (settled, still to be filed), done, overdue.

    A page is kept, for this viewer, until the stamp of the world is another or a deadline on it passes. `as_of`: as the list
    was at that moment; nothing can be done then, so `moves` is empty.
    """
    wanted = replace(listed, limit=limit, cursor=cursor)
    now = services.clock.now()
    if as_of is not None:
        with past.reading(services.database, viewer, as_of=as_of, now=now) as connection:
            page = cases.page(connection, wanted, as_of, viewer)
        return as_json(page | {"items": [item | {"moves": []} for item in page["items"]]})
    answers: AnswerStore = request.app.state.answers
    key = ("cases", viewer, wanted, summaries.world_stamp(services.database))
    answer = answers.find(key, now)
    if answer is None:
        with services.database.reading(viewer) as connection:
            page = cases.page(connection, wanted, now, viewer)
        answer = stored(encoded(page), until=cases.unchanged_until(wanted, page, now))
        if not answer.has_ended(now):
            answers.keep(key, answer)
    return respond(answer, request, media_type="application/json", caching="no-store")


@router.post("/cases", response_model=ReportedCase, status_code=201, responses=CONFLICTS)
def report(form: CaseForm, services: ServicesDep, viewer: ViewerDep, key: IdempotencyKey = None) -> dict[str, Any]:
    """Report a case. Repeated with the same Idempotency-Key it has one effect and the same answer."""
    filled = form.model_dump(exclude_none=True) | {"needs": tuple(form.needs)}
    made = report_case(
        services.database,
        viewer=viewer,
        report=CaseReport(**filled),
        key=key,
        now=services.clock.now(),
        sla=services.sla,
    )
    warnings = [{"code": code, "text": text(f"warning.{code}", viewer.locale)} for code in made.get("warnings", [])]
    return made | {"warnings": warnings}


@router.get("/cases/{no}", response_model=Case, dependencies=SEES)
def case(no: CaseNo, services: ServicesDep, viewer: ViewerDep, as_of: AsOf = None) -> dict[str, Any]:
    """One case, with the moves that this person may take now; none in the past."""
    if as_of is not None:
        with past.reading(services.database, viewer, as_of=as_of, now=services.clock.now()) as connection:
            return cases.find(connection, no, as_of, viewer) | {"moves": []}
    with services.database.reading(viewer) as connection:
        return cases.find(connection, no, services.clock.now(), viewer)


@router.get("/cases/{no}/events", response_model=EventList, dependencies=[needs(Act.see_events)])
def events(no: CaseNo, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """The trace of a case, oldest first."""
    with services.database.reading(viewer) as connection:
        return as_list(cases.events(connection, no, locale=viewer.locale))


@router.post("/cases/{no}/moves", response_model=Case, responses=CONFLICTS)
def move(
    no: CaseNo, form: MoveForm, services: ServicesDep, viewer: ViewerDep, key: IdempotencyKey = None
) -> dict[str, Any]:
    """Move a case on. 409 when it is not any more as it was seen: with the case as it is and who was first."""
    request = MoveRequest(case_no=no, **{**form.model_dump(), "people": tuple(form.people)})
    return move_case(services.database, request, viewer=viewer, now=services.clock.now(), sla=services.sla, key=key)


@router.get("/moves", response_model=MoveTable)
def move_table(viewer: ViewerDep) -> dict[str, Any]:
    """The table of moves: from where to where, who may, what it needs, which clocks run afterwards."""
    return as_list([move_shape(row, viewer.locale) for row in MOVES.values()])


@router.get(
    "/cases/{no}/recommendations",
    response_model=RecommendationList,
    dependencies=[needs(Act.see_recommendations)],
)
def recommendations(no: CaseNo, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Who could take the case, best first, with score, reasons and what puts each below the one above.

    Where nobody may take it: which condition failed for whom, and the centre that it can be referred up to.
    """
    with services.database.reading(viewer) as connection:
        row = cases.row(connection, no, locale=viewer.locale)
        advice = advise(connection, no, viewer, services.clock.now())
    return advice_shape(advice, row["category_name"], viewer.locale)


@router.get("/choices", response_model=ChoiceList, dependencies=[needs(Act.see_recommendations)])
def choices(
    services: ServicesDep,
    viewer: ViewerDep,
    area: AreaQuery = None,
    since: Annotated[Moment, Query(alias="from")] = None,
) -> dict[str, Any]:
    """Why another body than the first recommended was chosen, counted by reason, category and body; `from`: since when,
    by default the past 90 days."""
    now = services.clock.now()
    with services.database.reading(viewer) as connection:
        counted = outcomes.choices(
            connection, area or viewer.area_code, since=since or now - CHOICES_SHOWN, until=now, locale=viewer.locale
        )
    return as_list(
        [{**one, "text": text_or(f"choice.{one['choice']}", viewer.locale, one["choice"])} for one in counted]
    )
