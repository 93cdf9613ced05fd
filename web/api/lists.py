"""How one has set up the own lists of cases."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from data import list_settings
from rules.access import Act, Viewer
from rules.case_columns import ListSetting, check_sort, checked
from rules.errors import Problem
from web.dependencies import ServicesDep, ViewerDep, as_list, needs
from web.schemas.lists import ListForm, ListSettings, OneListSetting
from web.sessions import machine_now

router = APIRouter(prefix="/api/profile/lists", tags=["session"], dependencies=[needs(Act.see_cases)])
ListName = Literal["open", "waiting"]


def _person(viewer: Viewer) -> Viewer:
    if viewer.user_id is None:
        raise Problem("forbidden")
    return viewer


def _shape(name: str, setting: ListSetting) -> dict[str, Any]:
    usual = setting == ListSetting()
    return {"list": name, "columns": list(setting.columns), "sort": setting.sort, "usual": usual}


@router.get("", response_model=ListSettings)
def settings(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Columns and order of each list, as one has set them up or as for everybody (`usual`)."""
    with services.database.reading(_person(viewer)) as connection:
        kept = list_settings.read(connection, viewer)
    return as_list([_shape(name, setting) for name, setting in kept.items()])


@router.put("/{name}", response_model=OneListSetting)
def keep(name: ListName, form: ListForm, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Columns in their order, and what the list is sorted by ("" for its usual order)."""
    setting = ListSetting(checked(form.columns), check_sort(form.sort))
    with services.database.writing(_person(viewer)) as connection:
        list_settings.keep(connection, viewer, name, setting, machine_now())
    return _shape(name, setting)


@router.delete("/{name}", status_code=204, response_class=Response)
def forget(name: ListName, services: ServicesDep, viewer: ViewerDep) -> None:
    """As for everybody again."""
    with services.database.writing(_person(viewer)) as connection:
        list_settings.forget(connection, viewer, name)
