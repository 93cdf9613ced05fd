"""The two lists of cases. Rows come from the JSON API by keyset cursor; none passes through a callback."""

from __future__ import annotations

import dash_ag_grid as dag
from dash import dcc, html

from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.words.texts import catalogue, text

#: Texts of the grid itself, under their own names: `grid.noRowsToShow` and so on.
GRID_TEXTS = "grid."
KINDS = ("dispute", "incident", "hazard", "request")
SEVERITIES = ("grave", "major", "minor")
BLOCK = 100


def case_list(name: str, *, status: str, locale: str, title_key: str) -> html.Section:
    """A list with its title, the number of its rows, its filters and its empty state."""
    return html.Section(
        [_head(name, locale, title_key), _filters(name, locale), _body(name, locale)],
        className="case-list",
        **marked({"data-case-list": name, "data-status": status, "aria-label": text(title_key, locale)}),
    )


def _head(name: str, locale: str, title_key: str) -> html.Header:
    title = html.H2(
        [
            html.Span(text(title_key, locale), className="list-name"),
            html.Span("", className="list-total", id=f"{name}-total"),
        ],
        className="section-title",
    )
    chip = html.Button(
        [html.Span("", className="list-filter-name"), icon("x")],
        type="button",
        className="list-filter",
        hidden=True,
        title=text("list.clear", locale),
        **marked({"data-action": "clear-list"}),
    )
    toggle = html.Button(
        icon("filter", label=text("list.filter", locale)),
        type="button",
        className="icon-button",
        title=text("list.filter", locale),
        **marked({"data-action": "toggle-filters", "aria-expanded": "false"}),
    )
    return html.Header([title, chip, toggle], className="list-head")


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
    grid = dag.AgGrid(
        id=name,
        columnDefs=columns(locale),
        defaultColDef={"resizable": False, "suppressMovable": True, "suppressHeaderMenuButton": True},
        rowModelType="infinite",
        className="case-grid",
        style={"height": "100%", "width": "100%"},
        dashGridOptions=grid_options(locale),
    )
    nothing = html.Div(
        [html.P("", className="state-words"), html.P("", className="state-hint")],
        className="state state-empty list-empty",
        hidden=True,
    )
    return html.Div([grid, nothing], className="list-body")


def columns(locale: str) -> list[dict]:
    """Mark, case, step and clock; the names are those that the API sorts by."""
    return [
        {
            "field": "severity",
            "headerName": "",
            "headerTooltip": text("list.column.severity", locale),
            "width": 40,
            "cellRenderer": "GridboardMark",
            "sortable": True,
            "cellClass": "cell-mark",
        },
        {
            "field": "title",
            "headerName": text("list.column.case", locale),
            "flex": 1,
            "minWidth": 120,
            "cellRenderer": "GridboardTitle",
            "sortable": True,
            "cellClass": "cell-title",
        },
        {
            "field": "due_at",
            "headerName": text("list.column.clock", locale),
            "width": 96,
            "cellRenderer": "GridboardClock",
            "sortable": True,
            "cellClass": "cell-clock",
        },
    ]


def grid_options(locale: str) -> dict:
    """Options of the grid: infinite rows in blocks, own words, no animation, ids that are case numbers."""
    return {
        "rowHeight": 52,
        "headerHeight": 30,
        "cacheBlockSize": BLOCK,
        "maxConcurrentDatasourceRequests": 4,
        "infiniteInitialRowCount": 1,
        "rowBuffer": 6,
        "suppressCellFocus": False,
        "animateRows": False,
        "suppressNoRowsOverlay": True,
        "suppressMultiSort": True,
        "localeText": grid_texts(locale),
        "getRowId": {"function": "params.data.case_no"},
        "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": False},
    }


def grid_texts(locale: str) -> dict[str, str]:
    """AG Grid's own words in the reader's language."""
    return {
        key.removeprefix(GRID_TEXTS): text(key, locale) for key in catalogue(locale) if key.startswith(GRID_TEXTS)
    }
