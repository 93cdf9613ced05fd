"""Areas, their counts, and the map's data inside them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from dashboard.words.tiers import lowering_words
from data.queries import areas, base, case_markers, past, places, summaries, tier_reasons, tier_surroundings, tiers
from data.queries.cases import CaseFilter
from rules.access import Act, Viewer, may
from rules.errors import Problem
from web.case_filters import Listed
from web.dependencies import (
    AreaCode,
    AreaQuery,
    AsOf,
    BaseKind,
    Choice,
    ServicesDep,
    ViewerDep,
    as_json,
    as_list,
    encoded,
    needs,
)
from web.schemas.areas import Area, AreaList, AreaSteps, FeatureCollection, PlaceList, Summary
from web.schemas.cases import Markers
from web.stored_answers import AnswerStore, StoredAnswer, stored

router = APIRouter(prefix="/api", tags=["areas"], dependencies=[needs(Act.see_map)])
Categories = Annotated[list[str] | None, Query(max_length=64)]


class GeoJson(JSONResponse):
    """GeoJSON that the database has written already."""

    media_type = "application/geo+json"

    def render(self, content: str) -> bytes:
        return content.encode()


@router.get("/areas/{code}", response_model=Area)
def area(code: AreaCode, services: ServicesDep, viewer: ViewerDep, as_of: AsOf = None) -> dict[str, Any]:
    """One area."""
    with past.reading(services.database, viewer, as_of=as_of, now=services.clock.now()) as connection:
        return areas.find(connection, code, locale=viewer.locale)


@router.get("/areas/{code}/children", response_model=AreaList)
def children(code: AreaCode, services: ServicesDep, viewer: ViewerDep, as_of: AsOf = None) -> Response:
    """The areas directly below, each with its tier and counts; key areas first."""
    now = services.clock.now()
    with past.reading(services.database, viewer, as_of=as_of, now=now) as connection:
        key = areas.key(connection, code)
        found = summaries.children(connection, key, as_of or now, viewer, locale=viewer.locale)
    return as_json(as_list(found))


@router.get("/areas/{code}/path", response_model=AreaSteps)
def path(code: AreaCode, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """The way down to the area, from the top of what this person may see."""
    with services.database.reading(viewer) as connection:
        return as_list(areas.ancestors(connection, code, locale=viewer.locale))


@router.get("/areas/{code}/summary", response_model=Summary)
def summary(
    code: AreaCode, request: Request, services: ServicesDep, viewer: ViewerDep, as_of: AsOf = None
) -> Response:
    """The counts of an area at one moment. Each is the length of a list of /api/cases.

    They are kept, for this viewer, until the stamp of the world is another or time alone changes them.
    """
    now = services.clock.now()
    if as_of is not None:
        return as_json(_past_summary(services, viewer, code, as_of=as_of, now=now))
    answers: AnswerStore = request.app.state.answers
    key = ("summary", viewer, code, summaries.world_stamp(services.database))
    answer = answers.find(key, now) or answers.keep(key, _read_summary(services, viewer, code, now))
    moment = encoded({"as_of": now})
    return Response(moment[:-1] + b"," + answer.plain[1:], media_type="application/json")


def _past_summary(
    services: ServicesDep, viewer: Viewer, code: str, *, as_of: datetime, now: datetime
) -> dict[str, Any]:
    with past.reading(services.database, viewer, as_of=as_of, now=now) as connection:
        return summaries.summary(connection, areas.key(connection, code), as_of, viewer, past=True)


def _read_summary(services: ServicesDep, viewer: Viewer, code: str, now: datetime) -> StoredAnswer:
    with services.database.reading(viewer) as connection:
        area = areas.key(connection, code)
        counts = summaries.summary(connection, area, now, viewer)
    until = summaries.unchanged_until(counts, area)
    return stored(encoded({name: value for name, value in counts.items() if name != "as_of"}), until=until)


@router.get("/areas/{code}/why", dependencies=[needs(Act.see_why)])
def why(code: AreaCode, services: ServicesDep, viewer: ViewerDep, as_of: AsOf = None) -> dict[str, Any]:
    """Why an area has its tier. A grid: score, factors that add up to it with what is behind each, history, override, and
    the smallest changes that would lower it; open cases by holder, duties by post, comparable grids. Above the grids
    `distribution` (grids by tier), `worst` (those that need eyes first), `turned` and `pushed` (against a quarter before)
    say it."""
    present = services.clock.now()
    now = as_of or present
    with past.reading(services.database, viewer, as_of=as_of, now=present) as connection:
        area = areas.key(connection, code)
        if not area.leaf:
            return {"area": code, "as_of": now, **tiers.below(connection, area, viewer, now=now)}
        found = tier_reasons.why(connection, area, viewer, now=now, as_of=as_of)
        around = tier_surroundings.surroundings(connection, area, viewer)
    if found is None:
        nothing: dict[str, Any] = {"tier": None, "score": None, "override": None}
        return {"area": code, "as_of": now, **nothing, "factors": [], "history": [], "lower": [], **around}
    lower = [{**one, "text": lowering_words(one, found, viewer.locale)} for one in found["lower"]]
    return {"area": code, "as_of": now, **found, "lower": lower, **around}


@router.get("/markers", response_model=Markers, dependencies=[needs(Act.see_markers)])
def markers(services: ServicesDep, viewer: ViewerDep, wanted: Listed, as_of: AsOf = None) -> Response:
    """Cases with a place, column by column: open ones, or those of the list that the same query of /api/cases shows. A display
    learns where open ones are and how urgent, not which."""
    present, sees_cases = services.clock.now(), may(viewer.role, Act.see_cases)
    now = as_of or present
    # what a filter leaves out would tell of the cases
    if not sees_cases and wanted != CaseFilter(area=wanted.area):
        raise Problem("forbidden")
    with past.reading(services.database, viewer, as_of=as_of, now=present) as connection:
        if sees_cases:
            items = case_markers.markers(connection, wanted, now)
        else:
            items = case_markers.redacted_markers(connection, wanted.area)
        answer = {"seq": summaries.world_seq(connection), "as_of": now, "items": items}
    return as_json(answer)


@router.get("/places", response_model=PlaceList)
def key_places(
    services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None, category: Categories = None, factor: Choice = None
) -> Response:
    """Key places in an area, of all categories or of those named; those that count for a factor of the tiers."""
    with services.database.reading(viewer) as connection:
        places_inside = places.in_area(connection, area or viewer.area_code, locale=viewer.locale, factor=factor)
        kinds = places.categories(connection, locale=viewer.locale)
    chosen = [place for place in places_inside if not category or place["category"] in category]
    return as_json(as_list(chosen) | {"categories": kinds})


@router.get("/base/{kind}", response_model=FeatureCollection, response_class=GeoJson)
def base_map(kind: BaseKind, services: ServicesDep, viewer: ViewerDep) -> Response:
    """What lies under the boundaries: rivers, outlines of the neighbours, names of places (GeoJSON, WGS84)."""
    with services.database.reading(viewer) as connection:
        text = base.features(connection, kind)
    headers = {"Cache-Control": "private, max-age=3600", "Vary": "Cookie"}
    return GeoJson(text, headers=headers)
