"""/dispatch, for dispatchers: the queue at the left, the map, the case at the right."""

from __future__ import annotations

from dash import html

from dashboard import ids, states
from dashboard.pages import frame
from dashboard.views import Reader


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """Counts and queue, map, all open cases under the panel of the chosen one."""
    head = html.Div(states.skeleton(lines=3), id=ids.RAIL, className="rail rail-compact")
    queue = html.Div([head, frame.waiting_list(reader), *frame.foot(reader, deployment)], className="left queue")
    right = html.Div(
        [html.Div([frame.open_list(reader), frame.charts_column()], className="right-flow"), frame.case_place()],
        className="right",
    )
    return [
        *frame.stores(place, page="dispatch"),
        *frame.framed([queue, frame.map_column(reader), right], reader, deployment, page="dispatch"),
    ]
