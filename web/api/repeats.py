"""Repeat disputes: the same type within 90 days and 200 m of a settled one, as chains."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from data.queries import areas, past
from data.queries.repeat_chains import RepeatChains
from rules.access import Act
from web.dependencies import AreaQuery, AsOf, ServicesDep, ViewerDep, as_json, as_list, needs
from web.schemas.clusters import RepeatList

router = APIRouter(prefix="/api", tags=["clusters"])


@router.get("/repeats", response_model=RepeatList, dependencies=[needs(Act.see_cases)])
def chains(
    request: Request, services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None, as_of: AsOf = None
) -> Response:
    """Chains of repeat disputes with a case in an area, among the cases that this person may see; the longest first."""
    known: RepeatChains = request.app.state.repeat_chains
    with past.reading(services.database, viewer, as_of=as_of, now=services.clock.now()) as connection:
        key = areas.key(connection, area or viewer.area_code)
        found = known.within(connection, key, viewer, in_past=as_of is not None)
    return as_json(as_list(found))
