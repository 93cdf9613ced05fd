"""The queue of the desk, most urgent first; the browser draws its rows from the JSON API."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.pages import frame
from dashboard.panels.case_lists import KINDS, SEVERITIES
from dashboard.panels.options import option
from dashboard.view_models import Reader
from dashboard.words.texts import text

GROUPS = ("none", "area", "category")
STEPS = (("list", "list"), ("map", "map-pin"), ("case", "building-community"))


def queue(reader: Reader, categories: Sequence[tuple[str, str, str]]) -> html.Div:
    """Three tabs: what waits, every open case, what is to be filed; the last two show one list. Categories: (kind, code, name)."""
    locale = reader.locale
    waiting = html.Section(
        [_tools(locale), _filters(locale, categories), _told(), _rows(locale)],
        id="tab-waiting",
        className="queue-tab",
        role="tabpanel",
        **marked({"aria-label": text("list.waiting", locale)}),
    )
    every = html.Div(
        frame.open_list(reader),
        id="tab-open",
        className="queue-tab",
        hidden=True,
        role="tabpanel",
        **marked({"aria-label": text("list.open", locale)}),
    )
    return html.Div([_tabs(locale), waiting, every], className="queue-box")


def _tabs(locale: str) -> html.Div:
    total = html.Span("", className="list-total", id=f"{ids.LIST_WAITING}-total")
    tabs = [
        _tab("waiting", [html.Span(text("desk.tab.waiting", locale)), total], chosen=True),
        _tab("open", [html.Span(text("desk.tab.open", locale))], chosen=False, panel="open"),
        _tab("to_file", [html.Span(text("metric.to_file", locale))], chosen=False, panel="open"),
    ]
    return html.Div(tabs, className="queue-tabs", role="tablist")


def _tab(name: str, words: list, *, chosen: bool, panel: str = "waiting") -> html.Button:
    return html.Button(
        words,
        type="button",
        role="tab",
        className="queue-tab-name",
        **marked(
            {
                "data-action": "queue-tab",
                "data-tab": name,
                "aria-selected": "true" if chosen else "false",
                "aria-controls": f"tab-{panel}",
            }
        ),
    )


def _tools(locale: str) -> html.Div:
    following = html.Button(
        [html.Span(text("desk.next", locale)), html.Kbd("N")],
        type="button",
        className="button button-main queue-next",
        title=text("desk.next.hint", locale),
        **marked({"data-action": "next-case"}),
    )
    groups = html.Fieldset(
        [
            html.Legend(text("desk.group", locale), className="unseen"),
            *(
                option(
                    "group",
                    name,
                    html.Span(text(f"desk.group.{name}", locale), className="segment"),
                    chosen=name == "none",
                )
                for name in GROUPS
            ),
        ],
        className="segments",
    )
    narrow = html.Button(
        icon("filter", label=text("list.filter", locale)),
        type="button",
        className="icon-button",
        title=text("list.filter", locale),
        **marked({"data-action": "queue-filters", "aria-expanded": "false"}),
    )
    return html.Div([following, groups, narrow], className="queue-tools")


def _filters(locale: str, categories: Sequence[tuple[str, str, str]]) -> html.Div:
    """Kind, severity, category, words: kept in the address, asked of the server."""
    kinds = [(name, text(f"kind.{name}", locale), "") for name in KINDS]
    grades = [(name, text(f"severity.{name}", locale), "") for name in SEVERITIES]
    matters = [(code, name, kind) for kind, code, name in categories]
    words = text("list.query", locale)
    box = dcc.Input(
        id="queue-query", type="text", className="input", autoComplete="off", placeholder=words, maxLength=100
    )
    return html.Div(
        [
            _chips("kind", kinds, text("list.kind", locale)),
            _chips("severity", grades, text("list.severity", locale)),
            _chips("category", matters, text("desk.category", locale)),
            html.Label([html.Span(words, className="unseen"), box], className="queue-words"),
        ],
        id="queue-filters",
        className="queue-filters",
        hidden=True,
    )


def _chips(field: str, values: Sequence[tuple[str, str, str]], label: str) -> html.Div:
    chips = [
        html.Button(
            words,
            type="button",
            className="desk-chip",
            hidden=bool(kind),
            **marked({"data-narrow": field, "data-value": value, "data-kind": kind, "aria-pressed": "false"}),
        )
        for value, words, kind in values
    ]
    return html.Div(chips, className="filter-chips", role="group", **marked({"aria-label": label}))


def _told() -> html.Div:
    """What is chosen, and what is not as usual: filled by the browser."""
    return html.Div(
        [
            html.Div([], id="queue-narrowed", className="queue-narrowed", hidden=True),
            html.Div([], id="queue-picked", className="queue-picked", hidden=True),
            html.Div("", id="queue-stale", className="queue-stale", role="status", hidden=True),
        ],
        className="queue-told",
    )


def _rows(locale: str) -> html.Div:
    return html.Div(
        [
            html.Div(
                [],
                id=ids.LIST_WAITING,
                className="queue-list",
                role="grid",
                tabIndex=-1,
                **marked({"aria-label": text("list.waiting", locale), "aria-multiselectable": "true"}),
            ),
            html.Div([], id="queue-state", className="queue-state"),
        ],
        className="queue-body",
    )


def claim_bar() -> html.Div:
    """Who has the open case in hand: filled by the browser."""
    return html.Div([], id=ids.CLAIM_BAR, className="claim-bar", role="status", hidden=True)


def organisation_load(locale: str) -> html.Section:
    """Who has how much in hand, while no case is open."""
    return html.Section(
        [
            html.H2(text("desk.bodies", locale), className="section-title"),
            html.P(text("desk.bodies.hint", locale), className="state-hint"),
            html.Div([], id="bodies-load", className="bodies-load"),
        ],
        className="bodies",
    )


def steps(locale: str) -> html.Nav:
    """On a narrow screen the three columns are three steps."""
    buttons = [
        html.Button(
            [icon(sign), html.Span(text(f"desk.step.{name}", locale))],
            type="button",
            className="desk-step",
            **marked(
                {"data-action": "desk-step", "data-step": name, "aria-pressed": "true" if name == "list" else "false"}
            ),
        )
        for name, sign in STEPS
    ]
    return html.Nav(buttons, className="desk-steps", **marked({"aria-label": text("desk.steps", locale)}))
