"""/brief: the morning brief of an area as a page."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from dashboard.loaders.brief import read_brief
from dashboard.pages.brief import document
from rules.access import Act
from web.dependencies import AreaQuery, Moment, ServicesDep, ViewerDep, needs

router = APIRouter(include_in_schema=False, dependencies=[needs(Act.see_cases)])


@router.get("/brief", response_class=HTMLResponse)
def page(services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None, at: Moment = None) -> HTMLResponse:
    """The 24 hours before `at` (now)."""
    found = read_brief(services, viewer, area or viewer.area_code, at)
    return HTMLResponse(document(found), headers={"Cache-Control": "no-store"})
