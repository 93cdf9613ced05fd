"""What helps to fill in a report: where a point lies, and what its texts would be refused for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query

from dashboard.words.points import point_words
from dashboard.words.problems import words_of
from dashboard.words.texts import text
from data.queries import points
from rules.access import Act
from rules.errors import Problem
from rules.personal_data import personal_data
from rules.texts import check_line, check_lines
from web.dependencies import ServicesDep, ViewerDep, as_list, needs
from web.schemas.reports import PointPlace, TextFaults, TextForm

router = APIRouter(prefix="/api", tags=["cases"], dependencies=[needs(Act.report)])
Lon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
CHECKS = {"title": check_line, "description": check_lines}


@router.get("/locate", response_model=PointPlace)
def locate(services: ServicesDep, viewer: ViewerDep, lon: Lon, lat: Lat) -> dict[str, Any]:
    """The grid of a point that is to be reported, and the key place that it is near, by name. WGS84."""
    with services.database.reading(viewer) as connection:
        point = points.describe(connection, lon=lon, lat=lat, viewer=viewer)
    return point | {"text": point_words(point, viewer.locale)}


@router.post("/texts/check", response_model=TextFaults)
def check_texts(form: TextForm, viewer: ViewerDep) -> dict[str, Any]:
    """What a report with these texts would be refused for: numbers of persons, letters that cannot be seen. Keeps nothing."""
    found = [fault for field in CHECKS for fault in _faults(field, getattr(form, field), viewer.locale)]
    return as_list(found)


def _faults(field: str, words: str, locale: str) -> Iterator[dict[str, str]]:
    try:
        CHECKS[field](field, words.strip())
    except Problem as problem:
        yield {"field": field, "code": problem.code, "text": words_of(problem, locale)}
    for one in personal_data(words):
        told = text(f"personal.{one.kind}", locale, found=words[one.start : one.end])
        yield {"field": field, "code": "personal_data", "text": told}
