"""/print/cases: a list of cases to be printed, as the same query of /api/cases finds it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from dashboard.loaders.case_table import opened
from dashboard.pages.case_table import document
from rules.access import Act
from rules.access_log import Via
from web.api.exports import note
from web.case_filters import Columns, Listed, columns_of
from web.dependencies import ServicesDep, ViewerDep, needs

router = APIRouter(include_in_schema=False, dependencies=[needs(Act.see_cases)])
#: Rows on paper: some forty pages; the heading says when there are more.
MOST = 1_000


@router.get("/print/cases", response_class=HTMLResponse)
def page(services: ServicesDep, viewer: ViewerDep, listed: Listed, columns: Columns = None) -> HTMLResponse:
    """The list as a page of tables, with its heading."""
    with opened(services, viewer, listed, columns_of(columns), most=MOST) as table:
        body, n = document(table)
    note(services, viewer, listed, "cases.print", n, via=Via.page)
    return HTMLResponse(body, headers={"Cache-Control": "no-store"})
