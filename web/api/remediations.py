"""Targeted remediations: begin one, note on it, close it; and what it did."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from dashboard.words.effects import effect_shape
from data.commands import remediations as commands
from data.queries import areas, remediations
from rules.access import Act
from rules.numbers import MAX_INT
from web.dependencies import AreaQuery, ServicesDep, ViewerDep, as_json, as_list, needs
from web.schemas.remediations import ClosingForm, NoteForm, Remediation, RemediationForm, RemediationList

router = APIRouter(prefix="/api/remediations", tags=["remediations"], dependencies=[needs(Act.see_why)])
Number = Annotated[int, Path(ge=1, le=MAX_INT)]


@router.get("", response_model=RemediationList)
def listed(services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None) -> Response:
    """Remediations over some grid of an area, those that run first."""
    with services.database.reading(viewer) as connection:
        key = areas.key(connection, area or viewer.area_code)
        return as_json(as_list(remediations.listed(connection, key, viewer)))


@router.get("/{number}", response_model=Remediation)
def one(number: Number, services: ServicesDep, viewer: ViewerDep) -> Response:
    """One with its notes and its `effect`: `estimate` with a 90 % interval, in cases, or null with the reason in words."""
    with services.database.reading(viewer) as connection:
        found = remediations.find(connection, number, viewer)
    told = remediations.effect(services.database, number, now=services.clock.now())
    return as_json({**found, **effect_shape(told, viewer.locale)})


@router.post("", response_model=Remediation, status_code=201, dependencies=[needs(Act.remediate)])
def begin(form: RemediationForm, services: ServicesDep, viewer: ViewerDep) -> Response:
    """A remediation over some grids, with goal, measures, posts, period and checklist."""
    wanted = commands.RemediationForm(
        areas=form.areas,
        goal=form.goal,
        measures=form.measures,
        people=form.people,
        begins=form.begins,
        ends=form.ends,
        checklist=form.checklist,
        kinds=commands.KINDS if form.kinds is None else form.kinds,
    )
    number = commands.begin(services.database, viewer, wanted, now=services.clock.now())
    return _answer(services, viewer, number, status=201)


@router.post("/{number}/notes", response_model=Remediation, dependencies=[needs(Act.remediate)])
def note(number: Number, form: NoteForm, services: ServicesDep, viewer: ViewerDep) -> Response:
    """A note of progress, and what of the checklist is done now. 409 `closed` for one that is closed."""
    commands.note(services.database, viewer, number, form.note, done=form.done, now=services.clock.now())
    return _answer(services, viewer, number)


@router.post("/{number}/close", response_model=Remediation, dependencies=[needs(Act.remediate)])
def close(number: Number, form: ClosingForm, services: ServicesDep, viewer: ViewerDep) -> Response:
    """Its end, with words on what was reached."""
    commands.close(services.database, viewer, number, form.note, now=services.clock.now())
    return _answer(services, viewer, number)


def _answer(services: Any, viewer: Any, number: int, *, status: int = 200) -> Response:
    with services.database.reading(viewer) as connection:
        answer = as_json(remediations.find(connection, number, viewer))
    answer.status_code = status
    return answer
