"""One remark on several cases: what it says, on which it can be made, what became of each. Filled by the browser."""

from __future__ import annotations

from dash import dcc, html

from dashboard.attributes import marked
from dashboard.panels.move_forms import REASON_LENGTH
from dashboard.panels.options import chips, fieldset
from dashboard.words.texts import text
from rules.mediation import Supervision


def remarks_form(locale: str) -> list:
    """The parts of the dialog: what a remark of any sort may need, and the rows of the cases."""
    forms = [(value.value, text(f"supervision.{value}", locale)) for value in Supervision]
    words = text("remarks.words", locale)
    reason = html.Label(
        [
            html.Div(words, className="field-name remarks-label"),
            dcc.Textarea(id="remarks-reason", maxLength=REASON_LENGTH, rows=2, className="input"),
        ],
        className="field remarks-reason",
    )
    return [
        html.Div(
            fieldset(text("form.form", locale), chips("remark-form", forms)), className="remarks-form", hidden=True
        ),
        reason,
        html.P(text("form.privacy", locale), className="state-hint remarks-privacy"),
        html.P("", className="remarks-told", role="status"),
        html.Div([], className="remarks-rows bulk-rows"),
    ]


def remarks_foot(locale: str) -> list:
    return [
        html.P("", className="form-message remarks-message", role="alert"),
        html.Button(
            text("cancel", locale), type="button", className="button", **marked({"data-action": "close-dialog"})
        ),
        html.Button(
            text("remarks.send", locale),
            type="button",
            className="button button-main remarks-submit",
            disabled=True,
            **marked({"data-action": "send-remarks"}),
        ),
    ]


def remark_buttons(moves: tuple[str, ...], locale: str) -> list[html.Button]:
    """In the tray of chosen cases: the remarks that this person may make."""
    return [
        html.Button(
            text(f"move.{move}", locale),
            type="button",
            className="button",
            **marked({"data-action": "open-remarks", "data-remark": move}),
        )
        for move in moves
    ]
