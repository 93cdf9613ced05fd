"""The lists of cases. The first page of each comes by a callback (callbacks/lists.py), all else from /api/cases."""

from __future__ import annotations

from dash import dcc, html

from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.words.texts import text

KINDS = ("dispute", "incident", "hazard", "request")
SEVERITIES = ("grave", "major", "minor")
#: Mark, case and clock; the names are those that the API sorts by.
COLUMNS = (("severity", "list.column.severity"), ("title", "list.column.case"), ("due_at", "list.column.clock"))


def case_list(
    name: str, *, status: str, locale: str, title_key: str, turns: tuple[str, ...] = ()
) -> html.Section:
    """A list with its title, the number of its rows, its filters and its empty state. `turns`: the sets that it shows by
    turns, as buttons instead of the title; its own is the first."""
    title = _turns(turns, locale) if turns else [html.Span(text(title_key, locale), className="list-name")]
    return html.Section(
        [_head(name, locale, title), _filters(name, locale), _body(name, locale)],
        className="case-list",
        **marked({"data-case-list": name, "data-status": status, "aria-label": text(title_key, locale)}),
    )


def _turns(sets: tuple[str, ...], locale: str) -> list[html.Button]:
    return [
        html.Button(
            text(f"js.list-title.{name}", locale),
            type="button",
            className="list-turn",
            title=text(f"metric.{name}.hint", locale),
            **marked({"data-turn": name, "aria-pressed": str(name == sets[0]).lower()}),
        )
        for name in sets
    ]


def _head(name: str, locale: str, title: list) -> html.Header:
    heading = html.H2([*title, html.Span("", className="list-total", id=f"{name}-total")], className="section-title")
    chip = html.Button(
        [html.Span("", className="list-filter-name"), icon("x")],
        type="button",
        className="list-filter",
        hidden=True,
        title=text("list.clear", locale),
        **marked({"data-action": "clear-filter"}),
    )
    toggle = html.Button(
        icon("filter", label=text("list.filter", locale)),
        type="button",
        className="icon-button",
        title=text("list.filter", locale),
        **marked({"data-action": "toggle-filters", "aria-expanded": "false"}),
    )
    return html.Header([heading, chip, toggle], className="list-head")


def _filters(name: str, locale: str) -> html.Div:
    return html.Div(
        [
            _choice("kind", KINDS, "kind", locale),
            _choice("severity", SEVERITIES, "severity", locale),
            html.Div(_search(name, locale), className="list-search"),
        ],
        className="list-filters",
        hidden=True,
    )


def _choice(field: str, values: tuple[str, ...], prefix: str, locale: str) -> html.Div:
    """A row of toggle chips instead of a native select: they look alike in both themes."""
    chips = [
        html.Button(
            text(f"{prefix}.{value}", locale),
            type="button",
            className="filter-chip",
            **marked({"data-filter": field, "data-value": value, "aria-pressed": "false"}),
        )
        for value in values
    ]
    return html.Div(
        chips, className="filter-chips", role="group", **marked({"aria-label": text(f"list.{field}", locale)})
    )


def _search(name: str, locale: str) -> html.Label:
    words = text("list.query", locale)
    box = dcc.Input(
        id=f"{name}-query", type="text", className="input list-query", autoComplete="off", placeholder=words
    )
    return html.Label([html.Span(words, className="unseen"), box])


def _body(name: str, locale: str) -> html.Div:
    columns = html.Div(
        [_column(field, key, locale) for field, key in COLUMNS], className="list-columns", role="row"
    )
    # a row needs a table around it; that of the cases is another, whose rows come and go
    head = html.Div(columns, role="table", **marked({"aria-label": text("list.columns", locale)}))
    rows = html.Div(
        [],
        id=name,
        className="case-rows",
        role="grid",
        tabIndex=-1,
        **marked({"aria-label": text(f"list.{name.removeprefix('list-')}", locale)}),
    )
    nothing = html.Div(
        [html.P("", className="state-words"), html.P("", className="state-hint")],
        className="state state-empty list-empty",
        hidden=True,
    )
    return html.Div([head, rows, nothing], className="list-body")


def _column(field: str, key: str, locale: str) -> html.Div:
    """A heading that sorts by what the API calls `field`."""
    words = text(key, locale)
    button = html.Button(
        "" if field == "severity" else words,
        type="button",
        className="list-column",
        title=words,
        **marked({"data-sort": field, "aria-label": words}),
    )
    return html.Div(button, className=f"column-{field}", role="columnheader", **marked({"aria-sort": "none"}))
