"""Parts that the working pages share: bar, dialogs, list of cases with charts, place of a case."""

from __future__ import annotations

from dataclasses import dataclass

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.grid_map import GridMap, grid_map
from dashboard.icons import icon
from dashboard.panels import case_lists, dialogs, states
from dashboard.panels.command_bar import command_bar
from dashboard.panels.report_dialog import SOURCES, Offered, pick_banner, report_dialog
from dashboard.panels.topbar import topbar
from dashboard.view_models import Reader
from dashboard.words.texts import text


@dataclass(frozen=True)
class Deployment:
    """What every page says about the installation that it runs on."""

    name: str
    synthetic: bool
    categories: tuple[tuple[str, str, str], ...] = ()
    sources: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """What the address asks for when the page is opened; later changes reach the stores from the browser."""

    area: str = ""
    case_no: str = ""
    query: str = ""
    as_of: str = ""


def stores(place: Place, *, page: str) -> list:
    """The inputs of the callbacks, on the page with their outputs: Dash refuses inputs whose outputs are not there."""
    return [
        dcc.Store(id=ids.AREA, data=place.area),
        dcc.Store(id=ids.CHOSEN, data=place.case_no),
        dcc.Store(id=ids.SCENE),
        dcc.Store(id=ids.SCENE_REFRESH, data=0),
        dcc.Store(id=ids.CASE_REFRESH, data=0),
        dcc.Store(id=ids.PAGE_NAME, data=page),
        dcc.Store(id=ids.SCENE_TOLD),
        dcc.Store(id=ids.LISTED_AREA),
        dcc.Store(id=ids.AS_OF, data=place.as_of if page == "map" else ""),
        dcc.Store(id=ids.FIRST_PAGES),
        dcc.Store(id=ids.CHARTS_HELD),
        dcc.Store(id=ids.WHY_AREA),
        dcc.Store(id=ids.WHY_REFRESH),
        dcc.Store(id=ids.WHY_HELD),
    ]


def framed(body: list, reader: Reader, deployment: Deployment, *, page: str) -> list:
    """The bar above, the floating parts beside."""
    return [
        topbar(reader, page=page),
        html.Div(id="stale-banner", className="banner", role="alert", hidden=True),
        html.Section([], id="pending", className="pending", hidden=True, **marked({"aria-live": "polite"})),
        html.Main(body, className=f"work work-{page}"),
        dialogs.help_dialog(reader.locale),
        report_dialog(reader, offered_of(deployment)),
        dialogs.bulk_dialog(reader.locale),
        dialogs.remarks_dialog(reader.locale),
        command_bar(reader.locale),
    ]


def offered_of(deployment: Deployment) -> Offered:
    """What the form of a report offers here."""
    return Offered(deployment.categories, deployment.sources or SOURCES, deployment.needs)


def foot(reader: Reader, deployment: Deployment) -> list:
    """Says that nothing on this screen happened, where that is so."""
    return [html.Footer(synthetic_chip(reader.locale), className="foot")] if deployment.synthetic else []


def synthetic_chip(locale: str) -> html.Span:
    """Says that nothing on this screen happened."""
    return html.Span(text("synthetic", locale), className="synthetic-chip", title=text("synthetic.hint", locale))


def map_of(reader: Reader, place: Place) -> GridMap:
    """The map of the area that the address asks for, the reader's own when it names none."""
    return grid_map(reader.locale, area=place.area, case_no=place.case_no)


def map_column(reader: Reader, place: Place, *more: html.Section) -> html.Section:
    """The map with the tray of chosen cases under its lower edge, and what else lies over it."""
    over = [filter_bar(reader.locale), pick_banner(reader.locale), *more]
    parts = [map_of(reader, place), *over, dialogs.tray(reader.role, reader.locale)]
    return html.Section(parts, className="map-column")


def filter_bar(locale: str) -> html.Div:
    """What is filtered, over the map; hidden while nothing is."""
    words = html.Div(
        [html.Span("", className="filter-words"), html.Span("", className="filter-total")],
        className="filter-said",
        role="status",
    )
    clear = html.Button(
        icon("x", label=text("list.clear", locale)),
        type="button",
        className="icon-button",
        title=text("filter.clear", locale),
        **marked({"data-action": "clear-filter"}),
    )
    return html.Div([icon("filter"), words, clear], id=ids.FILTER_BAR, className="filter-bar", hidden=True)


def open_list(reader: Reader, *, turns: tuple[str, ...] = ()) -> html.Section:
    """All open cases of the area; those of another set when the address asks for it (`list=to_file`)."""
    return case_lists.case_list(
        ids.LIST_OPEN,
        status="open",
        locale=reader.locale,
        title_key="list.open",
        turns=turns,
        setting=reader.lists.get("open"),
    )


def waiting_list(reader: Reader) -> html.Section:
    """The cases that wait for dispatch."""
    return case_lists.case_list(
        ids.LIST_WAITING,
        status="waiting",
        locale=reader.locale,
        title_key="list.waiting",
        setting=reader.lists.get("waiting"),
    )


def charts_column() -> html.Div:
    """Filled together with the rail, from the same snapshot."""
    return html.Div(states.skeleton(lines=5), id=ids.CHARTS, className="charts")


def case_place() -> html.Aside:
    """Where a chosen case slides in."""
    return html.Aside([], id=ids.CASE_PANEL, className="case-panel", tabIndex=-1)
