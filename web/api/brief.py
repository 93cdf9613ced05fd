"""The morning brief of an area: as sentences, and as PDF."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.loaders.brief import read_brief
from dashboard.pages.brief import document
from dashboard.words.brief import sentence_shape
from data.commands import brief_settings
from rules.access import Act
from web.dependencies import AreaQuery, Moment, ServicesDep, ViewerDep, needs
from web.schemas.brief import BriefAnswer, BriefSetting, BriefSettingForm

router = APIRouter(prefix="/api", tags=["measures"], dependencies=[needs(Act.see_cases)])
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


@router.get("/brief", response_model=BriefAnswer)
def brief(services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None, at: Moment = None) -> dict[str, Any]:
    """The 24 hours before `at` (now) in at most eight sentences, what is unusual first. Each number opens its list."""
    page = read_brief(services, viewer, area or viewer.area_code, at)
    found, reader = page.brief, page.reader
    sentences = [sentence_shape(one, reader.locale, reader.zone) for one in found.sentences]
    return {"area": found.area, "name": found.name, "from": found.since, "at": found.until, "sentences": sentences}


@router.get("/brief.pdf", response_class=Response, responses=PDF)
def brief_pdf(
    request: Request, services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None, at: Moment = None
) -> Response:
    """The same as PDF."""
    page = read_brief(services, viewer, area or viewer.area_code, at)
    name = f"brief-{page.brief.until:%Y%m%d%H%M}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    printed = request.app.state.printer.print(document(page, paper=True))
    return Response(printed, media_type="application/pdf", headers=headers)


@router.get("/brief/setting", response_model=BriefSetting)
def setting(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """When the brief goes to the duty desk of one's organisation; `time` null: not at all."""
    with services.database.reading(viewer) as connection:
        return {"time": brief_settings.read(connection, viewer)}


@router.put("/brief/setting", response_model=BriefSetting)
def set_setting(form: BriefSettingForm, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Set the time (HH:MM of the deployment's clock), or null to end it."""
    with services.database.writing(viewer) as connection:
        brief_settings.keep(connection, viewer, form.time, services.clock.now())
        return {"time": brief_settings.read(connection, viewer)}
