"""The chosen case, beside the map and on its own page; drawn again after each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output

from callbacks.reading import moment_of, off_loop, seen
from dashboard import ids
from dashboard.loaders.case import read_case
from dashboard.loaders.case_access import noted
from dashboard.pages.case import sheet
from dashboard.panels import states
from dashboard.panels.case_panel import case_panel
from dashboard.view_models import Reader
from rules.access import Viewer
from rules.access_log import Via
from rules.errors import Problem

if TYPE_CHECKING:
    from data.services import Services


def register(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.CASE_PANEL, "children"),
        Output(ids.CASE_PANEL, "className"),
        Input(ids.CHOSEN, "data"),
        Input(ids.CASE_REFRESH, "data"),
        Input(ids.AS_OF, "data"),
    )
    async def show_case(case_no: str | None, _refresh: float | None, as_of: str | None) -> Any:
        return await off_loop(panel_of, services, case_no or "", as_of)

    @app.callback(Output(ids.CASE_BOX, "children"), Input(ids.SHEET_CASE, "data"), Input(ids.SHEET_REFRESH, "data"))
    async def show_sheet(case_no: str | None, _refresh: float | None) -> Any:
        return await off_loop(sheet_of, services, case_no or "")


def panel_of(services: Services, case_no: str, as_of: str | None = None) -> tuple:
    """The panel and its class: shown when there is a case to show."""
    if not case_no:
        return [], "case-panel"

    def draw(viewer: Viewer, reader: Reader) -> tuple:
        with noted(services, viewer, case_no, Via.panel):
            case = read_case(services, viewer, case_no, as_of=moment_of(as_of))
        return case_panel(case, reader), "case-panel shown"

    return seen(services, draw, lambda locale, problem: (_instead(locale, problem), "case-panel shown"))


def sheet_of(services: Services, case_no: str) -> Any:
    """The case as a sheet of its own."""

    def draw(viewer: Viewer, reader: Reader) -> Any:
        with noted(services, viewer, case_no, Via.page):
            case = read_case(services, viewer, case_no)
        return sheet(case, reader)

    return seen(services, draw, _instead)


def _instead(locale: str, problem: Problem) -> Any:
    return states.not_found(locale) if problem.code in ("not_found", "forbidden") else states.failed(locale)
