"""/case/NO: one case in one column, made to be printed."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.pages import frame
from dashboard.panels import case_panel, states
from dashboard.panels.stage_line import dwell_table
from dashboard.panels.topbar import breadcrumb
from dashboard.panels.trace_list import station_time, stations_of
from dashboard.view_models import AreaStep, CaseView, Reader
from dashboard.words.formats import moment
from dashboard.words.texts import text


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """The column, filled once the case is read."""
    box = html.Article(states.skeleton(lines=10), id=ids.CASE_BOX, className="sheet")
    stores = [dcc.Store(id=ids.SHEET_CASE, data=place.case_no), dcc.Store(id=ids.SHEET_REFRESH, data=0)]
    return [*stores, *frame.framed([box, *frame.foot(reader, deployment)], reader, deployment, page="case")]


def sheet(case: CaseView, reader: Reader) -> html.Div:
    """Everything about the case, one part under the other."""
    back = html.A(
        [icon("arrow-left"), html.Span(text("case.on-map", reader.locale))],
        className="button no-print",
        href=f"/map?area={case.area}&case={case.case_no}",
    )
    print_it = html.Button(
        [icon("printer"), html.Span(text("case.print", reader.locale))],
        type="button",
        className="button no-print",
        **marked({"data-action": "print"}),
    )
    pdf = html.A(
        [icon("printer"), html.Span(text("document.pdf", reader.locale))],
        className="button no-print",
        href=f"/api/cases/{case.case_no}/document.pdf",
        target="_blank",
    )
    printed = html.P(
        text("case.printed", reader.locale, at=moment(reader.now, reader.locale, reader.zone)),
        className="quiet print-only",
    )
    return html.Div(
        [
            html.Div([back, html.Span([pdf, print_it], className="sheet-out")], className="sheet-tools no-print"),
            case_panel.head(case, reader, closable=False),
            place_line(case.path, reader),
            html.Div(case_panel.body(case, reader), className="sheet-body"),
            *dwell_section(case, reader),
            hand_path(case, reader),
            case_panel.actions(case, reader),
            printed,
        ],
        className="case",
        **case_panel.facts(case),
    )


def place_line(path: Sequence[AreaStep], reader: Reader) -> html.Nav:
    """The areas from the root to the place, each a way back to the map."""
    return html.Nav(
        breadcrumb(path, base="/map"),
        id=ids.BREADCRUMB,
        className="breadcrumb",
        **marked({"aria-label": text("breadcrumb", reader.locale)}),
    )


def dwell_section(case: CaseView, reader: Reader) -> list:
    """The time in each stage to the minute, with its total; nothing for who does not see the trace."""
    table = dwell_table(case, reader)
    if table is None:
        return []
    title = html.H3(text("dwell.title", reader.locale), className="section-title")
    return [html.Section([title, table], className="case-section")]


def hand_path(case: CaseView, reader: Reader) -> html.Section:
    """The organisations that had the case one after another: on a map, and as a line of numbered stations."""
    stations = stations_of(case.trace)
    items = [
        html.Li(
            [
                html.Span(str(number), className="station-dot"),
                html.Span(name, className="station-name"),
                html.Span(station_time(at, reader), className="quiet"),
            ],
            className="station",
        )
        for number, (name, at) in enumerate(stations, 1)
    ]
    address = f"/api/cases/{case.case_no}/route.svg?version={case.version}&theme="
    maps = [
        html.Img(src=address + theme, alt=text("route.alt", reader.locale), className=f"route-map route-{theme}")
        for theme in ("dark", "light")
    ]
    title = html.H3(text("route.title", reader.locale), className="section-title")
    return html.Section(
        [title, *(maps if stations else []), html.Ol(items, className="stations")], className="case-section"
    )
