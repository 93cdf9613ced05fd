"""The past of the map: closed to one button while live, else a bar along its lower edge, which panels/time_machine.mjs fills."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.words.texts import text


def time_machine(locale: str) -> list:
    """The banner that says which moment is shown, and the place of the bar."""
    back = html.Button(
        text("js.past.live", locale), type="button", className="button", **marked({"data-action": "time-live"})
    )
    banner = html.Div(
        [icon("clock"), html.Span("", className="past-words"), back],
        id="past-banner",
        className="past-banner",
        role="status",
        hidden=True,
    )
    opener = html.Button(
        [icon("clock"), html.Span(text("js.past.open", locale))],
        type="button",
        className="button time-open",
        **marked({"data-action": "time-open", "aria-expanded": "false"}),
    )
    bar = html.Div(
        [], className="time-bar", hidden=True, role="group", **marked({"aria-label": text("js.past.title", locale)})
    )
    machine = html.Section([opener, bar], id=ids.TIME_MACHINE, className="time-machine", **marked({"data-as-of": ""}))
    return [banner, machine]
