"""The lists of cases. The first page of each comes by a callback (callbacks/lists.py), all else from /api/cases."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.words.texts import text
from rules.case_columns import COLUMNS, DEFAULT, SORTED_BY, ListSetting

KINDS = ("dispute", "incident", "hazard", "request")
SEVERITIES = ("grave", "major", "minor")
#: Width of a column in rem; what is composed takes the room that is left where nothing else was chosen.
WIDTHS = {
    "mark": 2.5, "case": 11, "clock": 7.5, "case_no": 11, "title": 14, "status": 7, "severity": 5, "kind": 6, "category": 8,
    "area": 9, "holder": 11, "reported_at": 7.5, "due_at": 7.5, "settled_at": 7.5,
}  # fmt: skip


def case_list(
    name: str,
    *,
    status: str,
    locale: str,
    title_key: str,
    turns: tuple[str, ...] = (),
    setting: ListSetting | None = None,
) -> html.Section:
    """A list with its title, the number of its rows, its filters and its empty state. `turns`: the sets that it shows by
    turns, as buttons instead of the title; its own is the first. `setting`: columns and order of whoever looks."""
    chosen = setting or ListSetting()
    title = _turns(turns, locale) if turns else [html.Span(text(title_key, locale), className="list-name")]
    return html.Section(
        [_head(name, locale, title), _filters(name, locale), _more(chosen, locale), _body(name, locale, chosen)],
        className="case-list",
        **marked(
            {
                "data-case-list": name,
                "data-status": status,
                "data-sort-order": chosen.sort,
                "data-usual": ",".join(DEFAULT),
                "aria-label": text(title_key, locale),
            }
        ),
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
    more = html.Button(
        icon("list", label=text("list.more", locale)),
        type="button",
        className="icon-button",
        title=text("list.more", locale),
        **marked({"data-action": "toggle-list-more", "aria-expanded": "false"}),
    )
    return html.Header([heading, chip, toggle, more], className="list-head")


def _more(setting: ListSetting, locale: str) -> html.Div:
    """Columns to be chosen, and what the list can be taken away as."""
    others = [column for column in COLUMNS if column not in setting.columns]
    choice = html.Div(
        [_column_choice(column, column in setting.columns, locale) for column in (*setting.columns, *others)],
        className="column-choice",
        role="group",
        **marked({"aria-label": text("list.columns", locale)}),
    )
    outputs = [
        html.Button(text(key, locale), type="button", className="button button-small", **marked({"data-action": act, **more}))
        for key, act, more in (
            ("list.reset", "reset-columns", {}),
            ("list.csv", "export-list", {"data-file": "csv"}),
            ("list.xlsx", "export-list", {"data-file": "xlsx"}),
            ("list.print", "print-list", {}),
        )
    ]
    words = html.Span(text("list.columns", locale), className="list-more-title")
    return html.Div([words, choice, html.Div(outputs, className="list-outputs")], className="list-more", hidden=True)


def _column_choice(column: str, chosen: bool, locale: str) -> html.Span:
    """A column as a chip to be pressed, with a button that moves it one place forward."""
    name = text(f"list.column.{column}", locale)
    chip = html.Button(
        name,
        type="button",
        className="column-chip",
        **marked({"data-action": "choose-column", "aria-pressed": str(chosen).lower()}),
    )
    words = text("list.earlier", locale, name=name)
    earlier = html.Button(
        icon("arrow-left"),
        type="button",
        className="column-earlier",
        title=words,
        **marked({"data-action": "column-earlier", "aria-label": words}),
    )
    return html.Span(
        [chip, earlier],
        className="column-item",
        **marked({"data-column": column, "data-place": str(COLUMNS.index(column))}),
    )


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


def _body(name: str, locale: str, setting: ListSetting) -> html.Div:
    """A grid of headings and rows. All headings are there, those of the chosen columns can be seen."""
    others = [column for column in COLUMNS if column not in setting.columns]
    headings = [_column(column, locale, setting) for column in (*setting.columns, *others)]
    head = html.Div(html.Div(headings, className="list-columns", role="row"), role="rowgroup")
    named = marked({"aria-label": text(f"list.{name.removeprefix('list-')}", locale)})
    rows = html.Div([], id=name, className="case-rows", role="rowgroup", tabIndex=-1, **named)
    grid = html.Div([head, rows], className="list-grid", role="grid", **named)
    nothing = html.Div(
        [html.P("", className="state-words"), html.P("", className="state-hint")],
        className="state state-empty list-empty",
        hidden=True,
    )
    return html.Div([grid, nothing], className="list-body")


def _column(column: str, locale: str, setting: ListSetting) -> html.Div:
    """A heading; one that sorts says by what the API calls it (`data-sort`, while it can be seen)."""
    chosen = column in setting.columns
    words = text(f"list.column.{column}", locale)
    sort = SORTED_BY.get(column)
    facts: dict[str, Any] = {"className": "list-column", "title": words, "tabIndex": -1, "aria-label": words}
    facts |= {"children": "" if column == "mark" else words} | ({"data-sorts": sort, "type": "button"} if sort else {})
    facts |= {"data-sort": sort} if sort and chosen else {}
    inner = html.Button(**facts) if sort else html.Span(**facts)
    ways = {sort: "ascending", f"-{sort}": "descending"} if sort else {}
    return html.Div(
        inner,
        className=f"column-{column}",
        role="columnheader",
        hidden=not chosen,
        **marked({"data-column": column, "data-width": str(WIDTHS[column]), "aria-sort": ways.get(setting.sort, "none")}),
    )
