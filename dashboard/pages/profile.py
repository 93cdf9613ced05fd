"""/profile, for everybody who is logged in: one's own account, its sessions, its password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.pages import frame
from dashboard.panels import api_forms, states
from dashboard.panels.api_forms import Sending
from dashboard.view_models import Reader
from dashboard.words.formats import count
from dashboard.words.problems import password_rule
from dashboard.words.texts import LOCALES, text

FORM = "password"
FACTS = ("user", "role", "area", "organisation")


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """The sheet, filled once the account is read, with the form of the password."""
    locale = reader.locale
    sheet = html.Article(
        [
            html.H1(text("profile.title", locale)),
            html.Div(states.skeleton(lines=5), id=ids.PROFILE_BOX),
            _screen(locale),
            _password(reader),
        ],
        className="sheet admin-sheet profile-sheet",
    )
    stores = [dcc.Store(id=ids.PROFILE_REFRESH), dcc.Store(id=ids.PROFILE_TOLD)]
    framed = frame.framed([sheet, *frame.foot(reader, deployment)], reader, deployment, page="profile")
    return [*stores, *framed, api_forms.confirm_dialog(locale)]


def account(facts: Mapping[str, Any], reader: Reader) -> list:
    """Whose account it is, and where it is open."""
    locale = reader.locale
    values = {
        "user": facts["user"],
        "role": text(f"role.{facts['role']}", locale),
        "area": f"{facts['area_name']} {facts['area']}",
        "organisation": facts["organisation"] or text("profile.no_organisation", locale),
    }
    rows = [
        html.Div([html.Dt(text(f"profile.{name}", locale)), html.Dd(values[name])], className="profile-fact") for name in FACTS
    ]
    note = html.P(text("profile.facts.hint", locale), className="state-hint")
    return [html.Dl(rows, className="profile-facts"), note, _sessions(facts["sessions"], locale)]


def _sessions(open_sessions: int, locale: str) -> html.Section:
    others = open_sessions - 1
    parts: list = [
        html.H2(text("profile.sessions", locale)),
        html.P(text("profile.sessions.open", locale, n=count(open_sessions, locale)), id="profile-sessions"),
    ]
    if others > 0:
        ending = Sending("DELETE", "/api/sessions", ids.PROFILE_REFRESH, text("profile.sessions.ended", locale))
        question = text("profile.sessions.ask", locale, n=count(others, locale))
        parts.append(api_forms.asker(text("profile.sessions.end", locale), question, ending, name="profile-end-others"))
    return html.Section(parts, className="profile-part")


def _screen(locale: str) -> html.Section:
    """Language and colours: the same switches as in the bar, in words."""
    languages = [
        html.Button(
            text("language.name", other), type="button", className="choice", lang=other.replace("_", "-"),
            **marked({"data-action": "language", "data-locale": other, "aria-pressed": str(other == locale).lower()}),
        )
        for other in LOCALES
    ]  # fmt: skip
    theme = html.Button(
        [icon("contrast-2"), html.Span(text("theme.switch", locale))], type="button", className="button",
        **marked({"data-action": "theme"}),
    )  # fmt: skip
    choices = html.Div(languages, className="choices", role="group", **marked({"aria-label": text("profile.language", locale)}))
    return html.Section([html.H2(text("profile.screen", locale)), choices, theme], className="profile-part profile-screen")


def _password(reader: Reader) -> html.Section:
    locale = reader.locale
    sending = Sending("POST", "/api/profile/password", ids.PROFILE_REFRESH, text("password.changed", locale))
    fields = [
        api_forms.secret(FORM, "old", text("password.old", locale), known=True),
        api_forms.secret(FORM, "new", text("password.new", locale), hint=password_rule(locale)),
        api_forms.secret(FORM, "repeat", text("password.repeat", locale), same_as="new"),
    ]
    foot = html.Div(
        [
            html.P("", className="form-message", role="alert"),
            html.Button(text("password.submit", locale), type="submit", className="button button-main"),
        ],
        className="profile-foot",
    )
    hint = html.P(text("password.hint", locale), className="state-hint")
    form = html.Form([html.Div(fields, className="form"), foot], id="password-form", **sending.marks())
    return html.Section([html.H2(text("password.title", locale)), hint, form], className="profile-part")
