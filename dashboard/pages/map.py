"""/map, for leaders: the area at the left, the map, its cases and charts at the right."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.pages import frame
from dashboard.panels import states
from dashboard.panels.override import override_dialogs
from dashboard.panels.time_machine import time_machine
from dashboard.view_models import Reader


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """Rail, map, right column with the case panel over it."""
    rail = html.Div(
        [html.Div(states.skeleton(lines=9), id=ids.RAIL, className="rail"), *frame.foot(reader, deployment)],
        className="left",
    )
    lists = html.Div([frame.waiting_list(reader), frame.open_list(reader, turns=("open", "to_file"))], className="lists")
    right = html.Div(
        [html.Div([lists, frame.charts_column()], className="right-flow"), frame.case_place()], className="right"
    )
    column = frame.map_column(reader, place, *time_machine(reader.locale))
    return [
        *frame.stores(place, page="map"),
        *frame.framed([rail, column, right], reader, deployment, page="map"),
        *override_dialogs(reader),
    ]
