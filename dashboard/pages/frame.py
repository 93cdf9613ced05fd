"""What the working pages share: bar, floating parts, the list of cases with its charts, the place of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from layers.view import map_view

from dashboard import dialogs, ids, lists, states
from dashboard.topbar import topbar
from dashboard.views import Reader


@dataclass(frozen=True)
class Deployment:
    """What every page says about the installation that it runs on."""

    name: str
    synthetic: bool
    categories: tuple[tuple[str, str, str], ...] = ()


def framed(body: list, reader: Reader, deployment: Deployment, *, page: str) -> list:
    """The bar above, the floating parts beside."""
    return [
        topbar(reader, page=page, synthetic=deployment.synthetic),
        html.Div(id="stale-banner", className="banner", role="alert", hidden=True),
        html.Main(body, className=f"work work-{page}"),
        dialogs.help_dialog(reader.locale),
        dialogs.report_dialog(reader, deployment.categories),
        dialogs.toast(),
    ]


def map_column(reader: Reader) -> html.Section:
    """The map with the tray of chosen cases under its lower edge."""
    return html.Section([map_view(reader.locale), dialogs.tray(reader.locale)], className="map-column")


def open_list(reader: Reader) -> html.Section:
    """All open cases of the area."""
    return lists.case_list(ids.LIST_OPEN, status="open", locale=reader.locale, title_key="list.open")


def waiting_list(reader: Reader) -> html.Section:
    """The cases that wait for dispatch."""
    return lists.case_list(ids.LIST_WAITING, status="waiting", locale=reader.locale, title_key="list.waiting")


def charts_column() -> html.Div:
    """Filled together with the rail, from the same snapshot."""
    return html.Div(states.skeleton(lines=5), id=ids.CHARTS, className="charts")


def case_place() -> html.Aside:
    """Where a chosen case slides in."""
    return html.Aside([], id=ids.CASE_PANEL, className="case-panel", tabIndex=-1)


def columns(parts: Sequence[object], class_name: str) -> html.Div:
    """A docked column beside the map."""
    return html.Div(list(parts), className=class_name)
