"""Forms that the browser sends to the API by itself (dashboard/assets/app/panels/api_forms.mjs): what is wrong is told at its
field, what is told once is shown once. What is typed reaches neither Dash nor its callbacks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.dialogs import card
from dashboard.panels.options import Input
from dashboard.words.texts import text
from rules.accounts import MOST_LETTERS, NAME_LENGTH


@dataclass(frozen=True)
class Sending:
    """What a form does: the request, the store whose change draws the page again, what is told when it went well, and
    the field of the answer that is told once (`secret`)."""

    method: str
    path: str = ""
    refresh: str = ""
    told: str = ""
    secret: str = ""

    def marks(self) -> dict[str, Any]:
        given = {"method": self.method, "path": self.path, "refresh": self.refresh, "told": self.told, "secret": self.secret}
        return marked({"data-api": "1"} | {f"data-{name}": value for name, value in given.items() if value})


def field(form: str, name: str, label: str, control: Component, *, hint: str = "") -> html.Div:
    """A control with its label, its rule, and a place for what is wrong with it."""
    lines: list = [html.Label(label, htmlFor=f"{form}-{name}", className="field-name"), control]
    if hint:
        lines.append(html.P(hint, id=f"{form}-{name}-hint", className="state-hint"))
    lines.append(html.P("", id=f"{form}-{name}-wrong", className="field-missing", role="alert"))
    return html.Div(lines, className="field", **marked({"data-field": name}))


def typed(
    form: str, name: str, label: str, *, hint: str = "", most: int = NAME_LENGTH
) -> html.Div:
    box = Input(
        id=f"{form}-{name}", name=name, type="text", className="input", maxLength=most, autoComplete="off",
        **_described(form, name, hint),
    )  # fmt: skip
    return field(form, name, label, box, hint=hint)


def secret(form: str, name: str, label: str, *, known: bool = False, hint: str = "", same_as: str = "") -> html.Div:
    """A password; `known`: the one that the browser may have kept; `same_as`: the field whose value it repeats."""
    box = Input(
        id=f"{form}-{name}", name=name, type="password", className="input", maxLength=1000 if known else MOST_LETTERS,
        autoComplete="current-password" if known else "new-password", **_described(form, name, hint),
        **marked({"data-same-as": same_as} if same_as else {}),
    )  # fmt: skip
    return field(form, name, label, box, hint=hint)


def one_of(form: str, name: str, label: str, options: Sequence[tuple[str, str]], *, hint: str = "") -> html.Div:
    """Options are (value, words)."""
    box = html.Select(
        [html.Option(words, value=value) for value, words in options],
        id=f"{form}-{name}", name=name, className="input field-select", **_described(form, name, hint),
    )  # fmt: skip
    return field(form, name, label, box, hint=hint)


def suggested(form: str, name: str, label: str, source: str, locale: str, *, hint: str = "") -> html.Div:
    """A code, found by name: what could be meant is offered beneath as buttons."""
    found = html.Div([], className="suggestions", role="group", **marked({"aria-label": text("dialog.suggestions", locale)}))
    chosen = html.Span("", className="field-chosen quiet", role="status")
    box = Input(
        id=f"{form}-{name}", name=name, type="text", className="input", maxLength=64, autoComplete="off",
        **_described(form, name, hint), **marked({"data-suggest": source}),
    )  # fmt: skip
    return field(form, name, label, html.Div([box, chosen, found], className="field-suggested"), hint=hint)


def _described(form: str, name: str, hint: str) -> dict[str, Any]:
    described = f"{form}-{name}-hint {form}-{name}-wrong" if hint else f"{form}-{name}-wrong"
    return marked({"aria-describedby": described})


def form_dialog(
    name: str, title: str, fields: list, sending: Sending, locale: str, *, submit: str, keeps: bool = False
) -> html.Dialog:
    """A form over the page. What it is about comes with the button that opens it. `keeps`: what was typed and not sent stands
    there again."""
    body = [html.P("", className="form-about"), html.Div(fields, className="form")]
    kept = marked({"data-keeps": "1"} if keeps else {})
    form = html.Form(card(title, body, locale, foot=_foot(submit, locale)), **sending.marks(), **kept)
    return html.Dialog(form, id=name, className="dialog", **marked({"aria-label": title}))


def confirm_dialog(locale: str) -> html.Dialog:
    """One question for everything that takes something away: the button that asks says what it is and what follows."""
    title = text("dialog.confirm", locale)
    body = [html.P("", className="confirm-question")]
    form = html.Form(card(title, body, locale, foot=_foot(text("dialog.confirm.submit", locale), locale)), **Sending("").marks())
    return html.Dialog(form, id=ids.CONFIRM_DIALOG, className="dialog", **marked({"aria-label": title}))


def secret_dialog(title: str, hint: str, locale: str) -> html.Dialog:
    """What is told once, to be copied; a click beside it does not close it."""
    box = Input(id="secret-value", type="text", className="input secret-value", readOnly=True,
                **marked({"aria-labelledby": "secret-about", "aria-describedby": "secret-hint"}))  # fmt: skip
    copy = html.Button(
        [icon("copy"), html.Span(text("dialog.copy", locale))], type="button", className="button",
        **marked({"data-action": "copy-secret", "data-told": text("dialog.copied", locale)}),
    )  # fmt: skip
    body = [
        html.P("", id="secret-about", className="form-about"),
        html.Div([box, copy], className="secret-line"),
        html.P(hint, id="secret-hint", className="state-hint"),
    ]
    done = html.Button(
        text("dialog.done", locale), type="button", className="button button-main", **marked({"data-action": "close-dialog"})
    )
    made = card(title, body, locale, foot=[done])
    return html.Dialog(
        made, id=ids.SECRET_DIALOG, className="dialog", **marked({"aria-label": title, "data-stays": "1"})
    )


def _foot(submit: str, locale: str) -> list:
    cancel = html.Button(
        text("cancel", locale), type="button", className="button", **marked({"data-action": "close-dialog"})
    )
    send = html.Button(submit, type="submit", className="button button-main")
    return [html.P("", className="form-message", role="alert"), cancel, send]


def opener(
    words: str, dialog: str, *, name: str, about: str = "", path: str = "", values: Mapping[str, str] | None = None,
    main: bool = False,
) -> html.Button:  # fmt: skip
    """Opens a form, filled with `values`. `name`: its id, to which the keyboard goes back."""
    given = {"data-action": "open-form", "data-dialog": dialog, "data-about": about, "data-path": path}
    return html.Button(
        words, id=name, type="button", className="button button-main" if main else "button",
        **marked(given | {"data-values": json.dumps(values or {}, ensure_ascii=False)}),
    )  # fmt: skip


def asker(words: str, question: str, sending: Sending, *, name: str, about: str = "", body: Any = None) -> html.Button:
    """Asks before it does something."""
    given = {"data-action": "ask", "data-question": question, "data-about": about, "data-body": json.dumps(body or {})}
    return html.Button(words, id=name, type="button", className="button", **sending.marks(), **marked(given))
