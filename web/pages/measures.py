"""/measures: the measures of an area as a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from dashboard.loaders.measures import read_measures
from dashboard.pages.measures import document
from rules.access import Act
from web.dependencies import AreaQuery, Choice, ServicesDep, ViewerDep, needs

router = APIRouter(include_in_schema=False, dependencies=[needs(Act.see_cases)])


@router.get("/measures", response_class=HTMLResponse)
def page(
    services: ServicesDep,
    viewer: ViewerDep,
    area: AreaQuery = None,
    period: Annotated[str, Query(max_length=40)] = "",
    metric: Choice = None,
) -> HTMLResponse:
    """Three months when no period is said."""
    found = read_measures(services, viewer, area or viewer.area_code, period, metric or "")
    return HTMLResponse(document(found), headers={"Cache-Control": "no-store"})
