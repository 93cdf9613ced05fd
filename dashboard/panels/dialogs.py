"""Dialogs: help, bulk dispatch, comparison; and the tray of chosen cases."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.options import chips
from dashboard.panels.remarks import remark_buttons, remarks_foot, remarks_form
from dashboard.words.texts import text
from rules.access import Act, Role, may
from rules.checks import remarks_of
from rules.ranking import CHOICES


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
