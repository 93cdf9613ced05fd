"""Dialogs: help, report a case, bulk dispatch, comparison; and the tray of chosen cases."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.case_lists import KINDS, SEVERITIES
from dashboard.panels.options import chips, fieldset
from dashboard.panels.remarks import remark_buttons, remarks_foot, remarks_form
from dashboard.view_models import Reader
from dashboard.words.texts import text
from rules.access import Act, Role, may
from rules.cases import SKILLS
from rules.checks import remarks_of
from rules.ranking import CHOICES

SOURCES = ("grid_worker", "resident", "inspection", "police_110", "hotline_12345")


def tray(role: str, locale: str) -> html.Div:
    """Several cases chosen on the map or in the queue: their number, and what this person may do with them together."""
    dispatch = html.Button(
        [html.Span(text("bulk.open", locale)), html.Kbd("B")],
        type="button",
        className="button button-main tray-submit",
        **marked({"data-action": "open-bulk"}),
    )
    return html.Div(
        [
            html.Strong("", className="tray-count"),
            html.Span("", className="tray-told quiet"),
            *([dispatch] if may(Role(role), Act.assign) else []),
            *remark_buttons(remarks_of(Role(role)), locale),
            html.Button(
                icon("x", label=text("tray.clear", locale)),
                type="button",
                className="icon-button",
                title=text("tray.clear", locale),
                **marked({"data-action": "clear-selection"}),
            ),
        ],
        id=ids.TRAY,
        className="tray",
        hidden=True,
    )


def bulk_dialog(locale: str) -> html.Dialog:
    """Several cases at once: to whom, what will happen to each, progress, report. Filled by the browser."""
    bodies = html.Fieldset(
        [html.Legend(text("assign.title", locale), className="unseen"), html.Div([], className="bulk-bodies")]
    )
    reasons = [(code, text(f"choice.{code}", locale)) for code in CHOICES]
    why = [html.Legend(text("choice.title", locale), className="field-name"), chips("bulk-choice", reasons)]
    parts = [
        bodies,
        html.Fieldset(why, className="bulk-why", hidden=True),
        html.P("", className="bulk-told", role="status"),
        html.Div(html.Div(className="bulk-bar-fill"), className="bulk-bar", hidden=True),
        html.Div([], className="bulk-rows"),
    ]
    foot = [
        html.P("", className="form-message bulk-message", role="alert"),
        html.Button(
            text("cancel", locale), type="button", className="button", **marked({"data-action": "close-dialog"})
        ),
        html.Button(
            text("tray.dispatch", locale),
            type="button",
            className="button button-main bulk-submit",
            disabled=True,
            **marked({"data-action": "send-bulk"}),
        ),
    ]
    return _dialog(ids.BULK_DIALOG, text("bulk.title", locale), parts, locale, foot=foot)


def remarks_dialog(locale: str) -> html.Dialog:
    """One remark on several cases."""
    title = text("remarks.title", locale)
    return _dialog(ids.REMARKS_DIALOG, title, remarks_form(locale), locale, foot=remarks_foot(locale))


def choice_dialog(locale: str) -> html.Dialog:
    """Why another body than the first: one key."""
    hint = html.P(text("choice.hint", locale), className="state-hint")
    rows = [
        html.Button(
            [html.Kbd(str(number)), html.Span(text(f"choice.{code}", locale))],
            type="button",
            className="choice-row",
            **marked({"data-choice": code}),
        )
        for number, code in enumerate(CHOICES, 1)
    ]
    body = [hint, html.Div(rows, className="choice-rows", role="group")]
    return _dialog(ids.CHOICE_DIALOG, text("choice.title", locale), body, locale)


def compare_dialog(locale: str) -> html.Dialog:
    """A case beside those that may be the same matter. Filled by the browser."""
    body = html.Div([], className="compare", **marked({"aria-live": "polite"}))
    return _dialog(ids.COMPARE_DIALOG, text("compare.title", locale), [body], locale)


def help_dialog(locale: str) -> html.Dialog:
    """Every key, on one card: written by the browser from the very table that binds them."""
    return _dialog(ids.HELP_DIALOG, text("help.title", locale), [html.Dl([], className="shortcuts")], locale)


def report_dialog(
    reader: Reader, categories: Sequence[tuple[str, str, str]], *, pick: str = "report.pick"
) -> html.Dialog:
    """A new case: kind, category, how grave, what happened, where. Categories are (kind, code, name)."""
    locale = reader.locale
    fields = [
        _one_of("kind", KINDS, locale),
        fieldset(text("report.category", locale), _categories(categories)),
        _one_of("severity", tuple(reversed(SEVERITIES)), locale),
        _title(locale),
        _written(
            "report.description",
            dcc.Textarea(id="report-description", name="description", maxLength=2000, className="input", rows=4),
            locale,
        ),
        _one_of("source", SOURCES, locale),
        fieldset(text("report.needs", locale), _needs(locale)),
        fieldset(text("report.place", locale), _place(pick, locale)),
    ]
    foot = [
        html.P("", className="form-message", role="alert"),
        html.Button(
            text("cancel", locale), type="button", className="button", **marked({"data-action": "close-dialog"})
        ),
        html.Button(
            text("report.submit", locale),
            type="submit",
            className="button button-main",
            id="report-submit",
        ),
    ]
    name, title = ids.REPORT_DIALOG, text("report.open", locale)
    made = card(title, [html.Div(fields, className="form")], locale, foot=foot)
    return html.Dialog(html.Form(made), id=name, className="dialog", **marked({"aria-label": title}))


def _title(locale: str) -> html.Label:
    """The one field that has to be filled in; what is missing is told beneath it."""
    box = dcc.Input(id="report-title", name="title", type="text", maxLength=120, className="input", autoComplete="off")
    missing = html.Div("", id="report-title-missing", className="field-missing", role="alert")
    return _written("report.title", html.Div([box, missing]), locale)


def _needs(locale: str) -> html.Div:
    """Languages and specialities that the case asks of its handler; none by default."""
    return chips("needs", [(code, text(f"skill.{code}", locale)) for code in SKILLS], many=True)


def _place(pick: str, locale: str) -> html.Div:
    return html.Div(
        [
            html.Button(
                [icon("map-pin"), html.Span(text(pick, locale))],
                type="button",
                className="button",
                **marked({"data-action": "pick-place"}),
            ),
            html.Span(text("report.place.area", locale), className="quiet report-place"),
        ],
        className="report-where",
    )


def _categories(categories: Sequence[tuple[str, str, str]]) -> html.Div:
    """Those of every kind; the browser shows those of the chosen one."""
    groups = [
        html.Div(
            chips("category", [(code, name) for of, code, name in categories if of == kind]).children,
            className="choices",
            hidden=True,
            **marked({"data-kind": kind}),
        )
        for kind in KINDS
    ]
    return html.Div(groups)


def _one_of(field: str, values: Sequence[str], locale: str) -> html.Fieldset:
    """The first one is chosen."""
    options = [(value, text(f"{field}.{value}", locale)) for value in values]
    return fieldset(text(f"report.{field}", locale), chips(field, options, chosen=values[0]))


def _written(key: str, control: Component, locale: str) -> html.Label:
    """A field that is typed into: its label belongs to it."""
    return html.Label([html.Div(text(key, locale), className="field-name"), control], className="field")


def _dialog(name: str, title: str, body: list, locale: str, *, foot: list | None = None) -> html.Dialog:
    made = card(title, body, locale, foot=foot)
    return html.Dialog(made, id=name, className="dialog", **marked({"aria-label": title}))


def card(title: str, body: list, locale: str, *, foot: list | None = None) -> list:
    """Head with a way out, body and foot of a dialog."""
    close = html.Button(
        icon("x", label=text("close", locale)),
        type="button",
        className="icon-button",
        **marked({"data-action": "close-dialog"}),
    )
    parts = [html.Header([html.H2(title), close], className="dialog-head"), html.Div(body, className="dialog-body")]
    if foot:
        parts.append(html.Footer(foot, className="dialog-foot"))
    return parts
