"""Forms of moves: fields made from the move's row of the table."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.attributes import marked
from dashboard.panels.options import chips, fieldset
from dashboard.view_models import CaseView, Choice, Reader
from dashboard.words.texts import text, text_or
from rules.checks import UNDO_TIME
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
# Moves whose form says what will happen, with a button that says so too.
TOLD_BEFORE = {"settle": {"n": int(UNDO_TIME.total_seconds())}}
# How many quick phrases each kind of case has in the locales, for categories without their own.
PHRASES_OF_KIND = 3
WRITTEN = ("into", "reason")
REASON_LENGTH = 500


def fields_of(move: Move) -> list[str]:
    """The fields that a move's form has, in order."""
    asked = (move.needs | move.takes | move.asks) - ASKED_ELSEWHERE.get(move.name, {"choice"})
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
    if name in TOLD_BEFORE:
        parts.append(html.P(text(f"form.effect.{name}", locale, **TOLD_BEFORE[name]), className="form-effect"))
    if "reason" in names:
        parts.append(html.P(text("form.privacy", locale), className="state-hint"))
    parts.append(_foot(name, locale))
    marks = {"data-form": name, "aria-label": text(move.text_key, locale)}
    return html.Form(parts, className="move-form", hidden=True, **marked(marks))


def _foot(name: str, locale: str) -> html.Div:
    cancel = html.Button(text("cancel", locale), type="button", className="button", **marked({"data-form-close": "1"}))
    words = text_or(f"form.send.{name}", locale, text(f"move.{name}", locale))
    send = html.Button(
        words, type="submit", className="button button-main", **marked({"data-send": name})
    )
    return html.Div([cancel, send], className="move-form-foot")


def _field(name: str, move: Move, case: CaseView, reader: Reader) -> Component:
    locale = reader.locale
    label = text_or(f"form.{name}.{move.name}", locale, text_or(f"form.{name}", locale, name))
    marks = {"data-field": name, "data-label": label, "data-needed": "1" if name in move.needs | move.asks else "0"}
    control = _control(name, move, case, reader)
    if name in move.asks and name == "reason":
        box = html.Label([html.Span(label, className="unseen"), control])
        return fieldset(label, _phrases(case, locale), box, **marks)
    if name in WRITTEN:
        return html.Label([html.Div(label, className="field-name"), control], className="field", **marked(marks))
    return fieldset(label, control, **marks)


def _phrases(case: CaseView, locale: str) -> html.Div:
    """Buttons that write a phrase into the box below them."""
    own = case.phrases or tuple(text(f"result.{case.kind}.{n + 1}", locale) for n in range(PHRASES_OF_KIND))
    drawn = [html.Button(one, type="button", className="choice", **marked({"data-phrase": one})) for one in own]
    return html.Div(drawn, className="choices", **marked({"role": "group", "aria-label": text("form.phrases", locale)}))


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
