"""/case/NO: one case in one column, made to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import dcc, html

from dashboard import case_panel, ids, states
from dashboard.attributes import marked
from dashboard.formats import moment
from dashboard.icons import icon
from dashboard.pages import frame
from dashboard.texts import text
from dashboard.topbar import breadcrumb
from dashboard.views import AreaStep, CaseView, Reader, TraceEntry


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
    printed = html.P(
        text("case.printed", reader.locale, at=moment(reader.now, reader.locale, reader.zone)),
        className="quiet print-only",
    )
    return html.Div(
        [
            html.Div([back, print_it], className="sheet-tools no-print"),
            case_panel.head(case, reader, closable=False),
            place_line(case.path, reader),
            html.Div(case_panel.body(case, reader), className="sheet-body"),
            hand_path(case.trace, reader),
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


def hand_path(trace: Sequence[TraceEntry], reader: Reader) -> html.Section:
    """The bodies that had the case one after another, as a line of stations."""
    stations = stations_of(trace)
    items = [
        html.Li(
            [
                html.Span(className="station-dot"),
                html.Span(name, className="station-name"),
                html.Span(moment(at, reader.locale, reader.zone, form="short"), className="quiet"),
            ],
            className="station",
        )
        for name, at in stations
    ]
    return html.Section(
        [html.H3(text("case.path", reader.locale), className="section-title"), html.Ol(items, className="stations")],
        className="case-section",
    )


def stations_of(trace: Sequence[TraceEntry]) -> list[tuple[str, datetime]]:
    """Each holder once per stay, with the moment it got the case."""
    stations: list[tuple[str, datetime]] = []
    for entry in trace:
        holder = entry.to_organisation or entry.organisation
        if holder and (not stations or stations[-1][0] != holder):
            stations.append((holder, entry.at))
    return stations
