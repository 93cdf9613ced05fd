"""Report a case: where, what, how grave; the same form beside the map and on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.case_lists import KINDS, SEVERITIES
from dashboard.panels.dialogs import card
from dashboard.panels.options import Input, chips, fieldset
from dashboard.view_models import Reader
from dashboard.words.texts import text, text_or

#: Offered where the deployment names none.
SOURCES = ("grid_worker", "resident", "inspection", "police_110", "hotline_12345")


@dataclass(frozen=True)
class Offered:
    """What can be chosen: categories as (kind, code, name), sources with the usual one first, needs (none, no field)."""

    categories: Sequence[tuple[str, str, str]]
    sources: Sequence[str] = SOURCES
    needs: Sequence[str] = ()


def report_dialog(
    reader: Reader,
    offered: Offered,
    *,
    pick: str = "report.pick",
    unplaced: str = "report.place.area",
) -> html.Dialog:
    """A new case. `pick`: how a point is had without its name; `unplaced`: where a
    case goes without a place."""
    locale = reader.locale
    fields = [
        _draft(locale),
        fieldset(text("report.place", locale), _place(pick, unplaced, locale)),
        _search("category", locale),
        fieldset(text("report.kind", locale), chips("kind", _words("kind", KINDS, locale)), _missing("kind")),
        fieldset(text("report.category", locale), _categories(offered.categories, locale), _missing("category")),
        _written("title", _title(), locale),
        _written(
            "description",
            dcc.Textarea(id="report-description", name="description", maxLength=2000, className="input", rows=4),
            locale,
        ),
        _one_of("severity", tuple(reversed(SEVERITIES)), locale),
        _one_of("source", offered.sources, locale),
        *_needs(offered.needs, locale),
    ]
    title = text("report.open", locale)
    made = card(title, [html.Div(fields, className="form")], locale, foot=_foot(locale))
    return html.Dialog(html.Form(made), id=ids.REPORT_DIALOG, className="dialog", **marked({"aria-label": title}))


def pick_banner(locale: str) -> html.Div:
    """Over the map while a place is picked on it: what to do, and the way back."""
    back = html.Button(
        text("report.picking.cancel", locale),
        type="button",
        className="button",
        **marked({"data-action": "stop-picking"}),
    )
    words = html.Span(text("report.picking", locale), className="pick-words", role="status")
    return html.Div([icon("map-pin"), words, back], id="pick-banner", className="pick-banner", hidden=True)


def _foot(locale: str) -> list:
    return [
        html.P("", className="form-message", role="alert"),
        html.Button(
            text("cancel", locale), type="button", className="button", **marked({"data-action": "close-dialog"})
        ),
        html.Button(text("report.submit", locale), type="submit", className="button button-main", id="report-submit"),
    ]


def _draft(locale: str) -> html.Div:
    """Says that what stands here was kept, and throws it away."""
    clear = html.Button(
        text("report.draft.clear", locale),
        type="button",
        className="button",
        **marked({"data-action": "clear-report"}),
    )
    return html.Div(
        [html.Span(text("report.draft", locale)), clear], className="report-draft", role="status", hidden=True
    )


def _title() -> Input:
    return Input(
        id="report-title",
        name="title",
        type="text",
        inputMode="text",
        maxLength=120,
        className="input",
        autoComplete="off",
        **marked({"aria-describedby": "report-title-missing"}),
    )


def _needs(needs: Sequence[str], locale: str) -> list[html.Fieldset]:
    """Languages and specialities that the case asks of its handler; none by default, no field where no body has any."""
    if not needs:
        return []
    return [fieldset(text("report.needs", locale), chips("needs", _words("skill", needs, locale), many=True))]


def _place(pick: str, unplaced: str, locale: str) -> html.Div:
    """By name, or by a point; beneath them what became of it."""
    by_point = html.Button(
        [icon("map-pin"), html.Span(text(pick, locale))],
        type="button",
        className="button",
        **marked({"data-action": "pick-place"}),
    )
    clear = html.Button(
        icon("x", label=text("report.place.clear", locale)),
        type="button",
        className="icon-button report-place-clear",
        hidden=True,
        **marked({"data-action": "clear-place"}),
    )
    none = text(unplaced, locale)
    told = html.Span(none, className="report-place", role="status", **marked({"data-none": none}))
    ways = html.Div([_search("place", locale), by_point], className="report-where")
    return html.Div([ways, html.Div([told, clear], className="report-told"), _missing("place")])


def _search(what: str, locale: str) -> html.Div:
    """A box with the list of what it finds beneath it."""
    words, results = text(f"report.{what}.search", locale), text(f"report.{what}.results", locale)
    list_id = f"report-{what}-list"
    roles = {"aria-label": words, "aria-controls": list_id, "aria-expanded": "false", "aria-autocomplete": "list"}
    box = Input(
        id=f"report-{what}-search",
        type="text",
        role="combobox",
        inputMode="search",
        enterKeyHint="search",
        maxLength=100,
        className="input report-search-box",
        autoComplete="off",
        spellCheck="false",
        placeholder=words,
        **marked(roles),
    )
    found = html.Div(
        [], id=list_id, className="report-found", role="listbox", hidden=True, **marked({"aria-label": results})
    )
    return html.Div([icon("search"), box, found], className="report-search")


def _categories(categories: Sequence[tuple[str, str, str]], locale: str) -> html.Div:
    """Those of every kind; the browser shows those of the chosen one, a word about it before there is one."""
    groups = [
        html.Div(
            chips("category", [(code, name) for of, code, name in categories if of == kind]).children,
            className="choices",
            hidden=True,
            **marked({"data-kind": kind}),
        )
        for kind in KINDS
    ]
    hint = html.P(text("report.category.hint", locale), className="quiet report-category-hint")
    return html.Div([hint, *groups])


def _one_of(field: str, values: Sequence[str], locale: str) -> html.Fieldset:
    """The first one is chosen."""
    return fieldset(text(f"report.{field}", locale), chips(field, _words(field, values, locale), chosen=values[0]))


def _words(field: str, values: Sequence[str], locale: str) -> list[tuple[str, str]]:
    return [(value, text_or(f"{field}.{value}", locale, value)) for value in values]


def _written(field: str, control: Component, locale: str) -> html.Label:
    """A field that is typed into: its label belongs to it."""
    parts = [html.Div(text(f"report.{field}", locale), className="field-name"), control, _missing(field)]
    return html.Label(parts, className="field")


def _missing(field: str) -> html.Div:
    """What is wrong with a field, told beneath it."""
    return html.Div("", id=f"report-{field}-missing", className="field-missing", role="alert")
