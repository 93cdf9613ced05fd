"""The catalogue of metrics, and each of them for an area and a period."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from dashboard.words.measures import described
from data.queries import forecasts, measured
from data.queries.measured import Asked
from rules.access import Act
from rules.metrics import METRICS
from web.dependencies import AreaQuery, Choice, Moment, ServicesDep, ViewerDep, Whole, as_json, as_list, needs
from web.schemas.measures import CatalogueList, ForecastAnswer, MetricValue

router = APIRouter(prefix="/api", tags=["measures"], dependencies=[needs(Act.see_cases)])
Days = Annotated[int, Query(ge=1, le=7), Whole]
MetricName = Annotated[str, Path(max_length=64)]


@router.get("/metrics", response_model=CatalogueList)
def catalogue(viewer: ViewerDep) -> dict[str, Any]:
    """Every metric with its definition. `basis`: which moment lies in the period; `minimum_n`: units with less are not ranked."""
    return as_list([described(metric, viewer.locale) for metric in METRICS.values()])


@router.get("/metrics/{name}", response_model=MetricValue)
def metric(
    name: MetricName,
    services: ServicesDep,
    viewer: ViewerDep,
    area: AreaQuery = None,
    since: Annotated[Moment, Query(alias="from")] = None,
    until: Annotated[Moment, Query(alias="to")] = None,
    by: Choice = None,
) -> Response:
    """One metric of an area: `value` with its 90 % interval, `numerator` and `denominator` with the queries that list them, `n`.
    A period ends before `to`; three months when nothing is said. `by`: `area`, `body` or `month`."""
    now = services.clock.now()
    asked = Asked(name, area or viewer.area_code, since, until, by)
    with services.database.reading(viewer) as connection:
        return as_json(measured.answer(connection, asked, viewer, now=now, sla=services.sla))


@router.get("/forecast", response_model=ForecastAnswer)
def forecast(services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None, days: Days = 7) -> Response:
    """Cases expected in each child area on each of the next days, today first, with a 90 % interval. `skill`: how much smaller the
    squared error was than that of last week's mean, over past weeks; nothing is told where it is not above 0."""
    now = services.clock.now()
    with services.database.reading(viewer) as connection:
        return as_json(forecasts.ahead(connection, area or viewer.area_code, viewer, now=now, days=days))
