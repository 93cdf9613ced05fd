"""/dispatch, for dispatchers: the queue at the left, the map, the case at the right; on a narrow screen three steps."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.pages import frame
from dashboard.panels import dialogs, queue, states
from dashboard.view_models import Reader


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """Counts and queue, map, and the chosen case over the load of the organisations."""
    head = html.Div(states.skeleton(lines=3), id=ids.RAIL, className="rail rail-compact")
    left = html.Div(
        [head, queue.queue(reader, deployment.categories), *frame.foot(reader, deployment)], className="left queue"
    )
    flow = html.Div([queue.organisation_load(reader.locale), frame.charts_column()], className="right-flow")
    right = html.Div(
        [queue.claim_bar(), html.Div([flow, frame.case_place()], className="desk-case")], className="right desk-right"
    )
    return [
        *frame.stores(place, page="dispatch"),
        *frame.framed(
            [left, frame.map_column(reader, place), right, queue.steps(reader.locale)], reader, deployment, page="dispatch"
        ),
        dialogs.choice_dialog(reader.locale),
        dialogs.compare_dialog(reader.locale),
    ]
