"""The past as a whole: how far back it goes, and many moments of it in one answer, to be played."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BeforeValidator
from starlette.responses import Response

from data.queries import areas, case_markers, past
from rules.access import Act
from rules.errors import Fault, unfit
from web.dependencies import AreaQuery, Choice, ServicesDep, ViewerDep, Whole, as_json, needs
from web.deployment_zone import local_moment
from web.schemas.past import Frames, Timeline

router = APIRouter(prefix="/api/past", tags=["past"], dependencies=[needs(Act.see_map)])
#: Moments of one answer.
MOST = 62
#: Minutes of a step, at most a year.
LONGEST_STEP = 525_600
Asked = Annotated[datetime, Query(), BeforeValidator(local_moment)]
Step = Annotated[int, Query(ge=1, le=LONGEST_STEP, description="minutes"), Whole]


@router.get("", response_model=Timeline)
def timeline(services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None) -> dict[str, Any]:
    """Since when there is a past (`first`, null when there is none), and the number of new cases of each day."""
    with services.database.reading(viewer) as connection:
        key = areas.key(connection, area or viewer.area_code)
        first = past.first_act(connection, viewer)
        days = [] if first is None else past.days(connection, key, first)
    return {"area": key.code, "first": first, "now": services.clock.now(), "days": days}


@router.get("/frames", response_model=Frames)
def frames(
    services: ServicesDep,
    viewer: ViewerDep,
    since: Annotated[Asked, Query(alias="from")],
    until: Annotated[Asked, Query(alias="to")],
    step: Step = 1440,
    area: AreaQuery = None,
    level: Choice = None,
) -> Response:
    """Tiers, counts, markers and figures at `from` and every `step` minutes after it until `to`, at most 62 moments: the
    first frame whole, of each later one what is another than in the frame before."""
    if until < since:
        raise unfit([Fault("to", "wrong_way_round")])
    moments = [since + timedelta(minutes=step) * n for n in range(MOST)]
    moments = [at for at in moments if at <= until]
    with past.reading(services.database, viewer, as_of=since, now=services.clock.now()) as connection:
        if until > services.clock.now():
            raise unfit([Fault("to", "as_of_future")])
        key = areas.key(connection, area or viewer.area_code)
        wanted = level or _level_below(areas.levels(connection), key.level)
        whole, found = past.frames(connection, key, wanted, moments, viewer)
    return as_json(
        {
            "area": key.code,
            "level": wanted,
            "code": whole["code"],
            "columns": case_markers.MARKER_COLUMNS,
            "frames": [frame.__dict__ for frame in found],
        }
    )


def _level_below(levels: list[dict[str, Any]], level: str) -> str:
    """The level under `level`; the lowest one itself."""
    codes = [entry["code"] for entry in levels]
    return str(codes[min(codes.index(level) + 1, len(codes) - 1)])
