"""Dialogs: help, report a case, bulk dispatch, comparison; and the tray of chosen cases."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.case_lists import KINDS, SEVERITIES
from dashboard.view_models import Reader
from dashboard.words.texts import text
from rules.cases import SKILLS
from rules.ranking import CHOICES

SOURCES = ("grid_worker", "resident", "inspection", "police_110", "hotline_12345")


def tray(locale: str) -> html.Div:
    """Several cases chosen on the map or in the queue: their number, and the way to dispatch them together."""
    return html.Div(
        [
            html.Strong("", className="tray-count"),
            html.Span("", className="tray-told quiet"),
            html.Button(
                [html.Span(text("bulk.open", locale)), html.Kbd("B")],
                type="button",
                className="button button-main tray-submit",
                **marked({"data-action": "open-bulk"}),
            ),
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
    bodies = html.Div(
        [], className="bulk-bodies", role="radiogroup", **marked({"aria-label": text("assign.title", locale)})
    )
    parts = [
        bodies,
        html.Div(_choices(locale, "bulk-choice"), className="bulk-why", hidden=True),
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


def choice_dialog(locale: str) -> html.Dialog:
    """Why another body than the first: one key."""
    hint = html.P(text("choice.hint", locale), className="state-hint")
    return _dialog(ids.CHOICE_DIALOG, text("choice.title", locale), [hint, *_choices(locale, "choice-row")], locale)


def _choices(locale: str, class_name: str) -> list:
    rows = [
        html.Button(
            [html.Kbd(str(number)), html.Span(text(f"choice.{code}", locale))],
            type="button",
            className=class_name,
            **marked({"data-choice": code, "aria-pressed": "false"}),
        )
        for number, code in enumerate(CHOICES, 1)
    ]
    return [html.Div(rows, className="choice-rows", role="group")]


def compare_dialog(locale: str) -> html.Dialog:
    """A case beside those that may be the same matter. Filled by the browser."""
    body = html.Div([], className="compare", **marked({"aria-live": "polite"}))
    return _dialog(ids.COMPARE_DIALOG, text("compare.title", locale), [body], locale)


def help_dialog(locale: str) -> html.Dialog:
    """Every key, on one card: written by the browser from the very table that binds them."""
    return _dialog(ids.HELP_DIALOG, text("help.title", locale), [html.Dl([], className="shortcuts")], locale)


def report_dialog(reader: Reader, categories: Sequence[tuple[str, str, str]], *, pick: str = "report.pick") -> html.Dialog:
    """A new case: kind, category, how grave, what happened, where. Categories are (kind, code, name)."""
    locale = reader.locale
    fields = [
        _field("report.kind", _radio("kind", [(kind, text(f"kind.{kind}", locale)) for kind in KINDS]), locale),
        _field("report.category", _categories(categories), locale),
        _field(
            "report.severity",
            _radio("severity", [(name, text(f"severity.{name}", locale)) for name in reversed(SEVERITIES)]),
            locale,
        ),
        _written(
            "report.title",
            dcc.Input(id="report-title", type="text", maxLength=120, className="input", autoComplete="off"),
            locale,
        ),
        _written(
            "report.description",
            dcc.Textarea(id="report-description", maxLength=2000, className="input", rows=4),
            locale,
        ),
        _field("report.source", _radio("source", [(name, text(f"source.{name}", locale)) for name in SOURCES]), locale),
        _field("report.needs", _needs(locale), locale),
        _field("report.place", _place(pick, locale), locale),
        html.P("", className="form-message", role="alert"),
    ]
    foot = [
        html.Button(
            text("cancel", locale), type="button", className="button", **marked({"data-action": "close-dialog"})
        ),
        html.Button(
            text("report.submit", locale),
            type="button",
            className="button button-main",
            id="report-submit",
            **marked({"data-action": "submit-report"}),
        ),
    ]
    return _dialog(
        ids.REPORT_DIALOG, text("report.open", locale), [html.Div(fields, className="form")], locale, foot=foot
    )


def _needs(locale: str) -> html.Div:
    """Languages and specialities that the case asks of its handler; none by default."""
    chips = [
        html.Button(
            text(f"skill.{code}", locale),
            type="button",
            role="checkbox",
            className="choice",
            **marked({"data-need": code, "aria-checked": "false"}),
        )
        for code in SKILLS
    ]
    return html.Div(chips, className="choices", role="group")


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
    chips = [
        html.Button(
            name,
            type="button",
            role="radio",
            className="choice",
            hidden=kind != KINDS[0],
            **marked({"data-field": "category", "data-value": code, "data-kind": kind, "aria-checked": "false"}),
        )
        for kind, code, name in categories
    ]
    return html.Div(chips, className="choices", role="radiogroup")


def _radio(field: str, options: Sequence[tuple[str, str]]) -> html.Div:
    chips = [
        html.Button(
            words,
            type="button",
            role="radio",
            className="choice",
            **marked({"data-field": field, "data-value": value, "aria-checked": "true" if not number else "false"}),
        )
        for number, (value, words) in enumerate(options)
    ]
    return html.Div(chips, className="choices", role="radiogroup")


def _field(key: str, control: Component, locale: str) -> html.Div:
    return html.Div([html.Div(text(key, locale), className="field-name"), control], className="field")


def _written(key: str, control: Component, locale: str) -> html.Label:
    """A field that is typed into: its label belongs to it."""
    return html.Label([html.Div(text(key, locale), className="field-name"), control], className="field")


def _dialog(name: str, title: str, body: list, locale: str, *, foot: list | None = None) -> html.Dialog:
    close = html.Button(
        icon("x", label=text("close", locale)),
        type="button",
        className="icon-button",
        **marked({"data-action": "close-dialog"}),
    )
    card = [html.Header([html.H2(title), close], className="dialog-head"), html.Div(body, className="dialog-body")]
    if foot:
        card.append(html.Footer(foot, className="dialog-foot"))
    return html.Dialog(card, id=name, className="dialog", **marked({"aria-label": title}))
