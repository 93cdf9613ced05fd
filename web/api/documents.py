"""Documents of a case: its record as PDF, its route as a picture."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.loaders.case import read_case
from dashboard.loaders.reader import reader_of
from dashboard.pages.case_record import document
from dashboard.panels.route_map import place_svg, route_svg
from data.queries import case_route, deployment
from rules.access import Act
from web.dependencies import CaseNo, ServicesDep, ViewerDep, Whole, needs

router = APIRouter(prefix="/api", tags=["cases"], dependencies=[needs(Act.see_events)])


@router.get(
    "/cases/{no}/route.svg",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}}},
)
def route(
    no: CaseNo,
    services: ServicesDep,
    viewer: ViewerDep,
    theme: Literal["dark", "light"] = "light",
    view: Literal["route", "place"] = "route",
    version: Annotated[int | None, Query(ge=1), Whole] = None,
) -> Response:
    """The route of the case from organisation to organisation, on a map; with `view=place` where it lies alone. `version`:
    of the case on the page, so that a page that is drawn anew asks for another picture."""
    with services.database.reading(viewer) as connection:
        case_map = case_route.route(connection, no, place_only=view == "place", locale=viewer.locale)
    drawn = (place_svg if view == "place" else route_svg)(case_map, theme=theme)
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@router.get(
    "/cases/{no}/document.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
def record(request: Request, no: CaseNo, services: ServicesDep, viewer: ViewerDep) -> Response:
    """The record of the case as PDF: facts, time in each stage, way, trace."""
    case = read_case(services, viewer, no)
    with services.database.reading(viewer) as connection:
        case_map = case_route.route(connection, no, locale=viewer.locale)
        facts = deployment.facts(connection, locale=viewer.locale)
    page = document(
        case,
        reader_of(services, viewer),
        deployment=facts["name"],
        synthetic=facts["synthetic"],
        route=route_svg(case_map, theme="light"),
    )
    headers = {"Content-Disposition": f'inline; filename="{file_name(no)}"', "Cache-Control": "no-store"}
    return Response(request.app.state.printer.print(page), media_type="application/pdf", headers=headers)


def file_name(case_no: str) -> str:
    """The case's number, without what could leave a header."""
    return (
        "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in case_no)
        + ".pdf"
    )
