"""/mine: a handler's cases without Dash: opens fast on a phone, works through a lost connection."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from dashboard.loaders.case import read_case
from dashboard.loaders.deployment import read_deployment
from dashboard.loaders.reader import reader_of
from dashboard.pages import mine as mine_page
from dashboard.pages.frame import offered_of
from dashboard.templating import render
from data.queries import mine, organisations, summaries
from rules.access import Role
from rules.errors import Problem
from web.dependencies import ServicesDep, ViewerDep
from web.pages.markup import markup

router = APIRouter(include_in_schema=False)


@router.get("/mine", response_class=HTMLResponse)
def page(
    services: ServicesDep,
    viewer: ViewerDep,
    tab: Literal["work", "together", "reported", "done"] = "work",
    case: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """The cases of the handler's body; with `case` that one beside the list, on a phone in its place."""
    if viewer.role != Role.handler or viewer.organisation_id is None:
        raise Problem("forbidden")
    now, reader = services.clock.now(), reader_of(services, viewer)
    with services.database.reading(viewer) as connection:
        seq = summaries.world_seq(connection)
        counts = mine.counts(connection, viewer, now)
        listed = mine.listed(connection, viewer, tab, now)
        names = organisations.names(connection, [viewer.organisation_id], locale=viewer.locale)
    # after the list: what is newer than `seq` is told once more, what is older would not be
    chosen = read_case(services, viewer, case) if case else None
    body = mine_page.page(
        tab=tab,
        counts=counts,
        cases=listed,
        chosen=chosen,
        body=names.get(viewer.organisation_id, ""),
        offered=offered_of(read_deployment(services, viewer)),
        reader=reader,
        seq=seq,
    )
    return HTMLResponse(
        render("mine.html", reader.locale, body=markup(body)),
        headers={"Cache-Control": "no-store"},
    )
