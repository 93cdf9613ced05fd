"""Forms of moves: fields made from the move's row of the table."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.attributes import marked
from dashboard.panels.options import chips, fieldset
from dashboard.view_models import CaseView, Choice, Reader
from dashboard.words.texts import text
from rules.mediation import SATISFACTION, Agreement, Attendee, Method, Outcome, Supervision
from rules.moves import MOVES, Move

# The organisation of a dispatch is chosen among the recommendations.
ASKED_ELSEWHERE = {"dispatch": {"to", "choice"}}
ORDER = ("to", "into", "form", "method", "people", "outcome", "agreement", "satisfaction", "until", "reason")
ONE_OF: dict[str, tuple[str, Sequence[str]]] = {
    "form": ("supervision", tuple(Supervision)),
    "method": ("method", tuple(Method)),
    "outcome": ("outcome", tuple(Outcome)),
    "agreement": ("agreement", tuple(Agreement)),
    "satisfaction": ("satisfaction", tuple(str(mark) for mark in reversed(SATISFACTION))),
}
# How long from now, in days, for pauses and extensions.
SOON = {"pause": (1, 3, 7, 15), "extend": (3, 7, 15, 30)}
HURTS = ("reject", "merge")
WRITTEN = ("into", "reason")
REASON_LENGTH = 500


def fields_of(move: Move) -> list[str]:
    """The fields that a move's form has, in order."""
    asked = (move.needs | move.takes) - ASKED_ELSEWHERE.get(move.name, {"choice"})
    return [name for name in ORDER if name in asked]


def move_form(name: str, case: CaseView, reader: Reader) -> html.Form | None:
    """The hidden form of a move, shown by its button; None where a button is enough."""
    move, locale = MOVES[name], reader.locale
    names = fields_of(move)
    if not names:
        return None
    parts: list[Component] = [html.H3(text(move.text_key, locale), className="section-title")]
    if name in HURTS:
        parts.append(html.P(text(f"form.confirm.{name}", locale), className="state-hint"))
    parts += [_field(field, move, case, reader) for field in names]
    if "reason" in names:
        parts.append(html.P(text("form.privacy", locale), className="state-hint"))
    parts.append(_foot(name, locale))
    marks = {"data-form": name, "aria-label": text(move.text_key, locale)}
    return html.Form(parts, className="move-form", hidden=True, **marked(marks))


def _foot(name: str, locale: str) -> html.Div:
    cancel = html.Button(text("cancel", locale), type="button", className="button", **marked({"data-form-close": "1"}))
    send = html.Button(
        text(f"move.{name}", locale), type="submit", className="button button-main", **marked({"data-send": name})
    )
    return html.Div([cancel, send], className="move-form-foot")


def _field(name: str, move: Move, case: CaseView, reader: Reader) -> Component:
    locale = reader.locale
    label = text(f"form.to.{move.name}" if name == "to" else f"form.{name}", locale)
    marks = {"data-field": name, "data-label": label, "data-needed": "1" if name in move.needs else "0"}
    control = _control(name, move, case, reader)
    if name in WRITTEN:
        return html.Label([html.Div(label, className="field-name"), control], className="field", **marked(marks))
    return fieldset(label, control, **marks)


def _control(name: str, move: Move, case: CaseView, reader: Reader) -> Component:
    locale = reader.locale
    if name in ONE_OF:
        prefix, values = ONE_OF[name]
        return chips(name, [(value, text(f"{prefix}.{value}", locale)) for value in values])
    if name == "people":
        return chips(name, [(value.value, text(f"attendee.{value}", locale)) for value in Attendee], many=True)
    if name == "to":
        return _organisations(case.targets.get(move.name, ()), locale)
    if name == "until":
        days = " ".join(map(str, SOON[move.name]))
        return html.Div([], className="choices form-when", **marked({"data-days": days, "data-zone": reader.zone}))
    identity = f"form-{move.name}-{name}"
    if name == "into":
        return dcc.Input(id=identity, type="text", maxLength=64, className="input", autoComplete="off")
    return dcc.Textarea(id=identity, maxLength=REASON_LENGTH, rows=2, className="input")


def _organisations(options: Sequence[Choice], locale: str) -> Component:
    if not options:
        return html.P(text("form.nobody", locale), className="state-hint")
    return chips("to", [(str(one.organisation), one.name) for one in options])
