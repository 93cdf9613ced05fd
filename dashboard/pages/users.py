"""/users, for admins: the accounts of their area, searched, added, changed, switched off.

The search is a plain form: its fields are the address. Changes go to the API (dashboard/panels/api_forms.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.pages import frame
from dashboard.panels import api_forms, states
from dashboard.panels.api_forms import Sending
from dashboard.panels.options import Input
from dashboard.view_models import Reader
from dashboard.words.formats import count, moment
from dashboard.words.texts import text
from rules.access import PERSONS
from rules.accounts import IN_A_BODY

COLUMNS = ("account", "role", "area", "organisation", "state", "seen", "acts")
FIELDS = ("q", "role", "area", "state")
STATES = ("active", "initial", "disabled")
AREAS, BODIES = "/api/search", "/api/users/organisations"


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """The sheet, filled once the accounts are read, and its forms."""
    locale = reader.locale
    add = api_forms.opener(text("users.add", locale), ids.USER_ADD, name="user-add-open", path="/api/users", main=True)
    head = html.Header([html.H1(text("users.title", locale)), add], className="sheet-head")
    box = html.Div(states.skeleton(lines=8), id=ids.USERS_BOX)
    sheet = html.Article([head, box], className="sheet admin-sheet people-sheet")
    stores = [
        dcc.Store(id=ids.USERS_QUERY, data=place.query), dcc.Store(id=ids.USERS_REFRESH), dcc.Store(id=ids.USERS_TOLD),
    ]  # fmt: skip
    framed = frame.framed([sheet, *frame.foot(reader, deployment)], reader, deployment, page="users")
    return [*stores, *framed, *_dialogs(locale)]


def _dialogs(locale: str) -> list:
    add, edit = ids.USER_ADD, ids.USER_EDIT
    made = Sending("POST", refresh=ids.USERS_REFRESH, told=text("users.added", locale), secret="password")  # noqa: S106 - a field
    changed = Sending("PATCH", refresh=ids.USERS_REFRESH, told=text("users.changed", locale))
    name = api_forms.typed(add, "username", text("users.username", locale), hint=text("users.username.hint", locale))
    return [
        api_forms.form_dialog(
            add, text("users.add", locale), [name, *_rights(add, locale)], made, locale, submit=text("users.add.submit", locale)
        ),
        api_forms.form_dialog(
            edit, text("users.edit", locale), _rights(edit, locale), changed, locale, submit=text("dialog.save", locale)
        ),
        api_forms.confirm_dialog(locale),
        api_forms.secret_dialog(text("users.secret", locale), text("users.secret.hint", locale), locale),
    ]


def _rights(form: str, locale: str) -> list:
    """Role, area and organisation."""
    roles = [(role.value, text(f"role.{role.value}", locale)) for role in PERSONS]
    needing = text("list.joiner", locale).join(text(f"role.{role.value}", locale) for role in IN_A_BODY)
    hint = text("users.organisation.hint", locale, roles=needing)
    return [
        api_forms.one_of(form, "role", text("users.role", locale), roles),
        api_forms.suggested(form, "area", text("users.area", locale), AREAS, locale, hint=text("dialog.code.hint", locale)),
        api_forms.suggested(form, "organisation", text("users.organisation", locale), BODIES, locale, hint=hint),
    ]


def found(
    fields: Mapping[str, str], accounts: Mapping[str, Any], reader: Reader, *, own: str, first: bool = True
) -> list:
    """The search and what it found. `own`: the reader's account, which another admin changes."""
    locale = reader.locale
    parts: list = [_form(fields, locale)]
    if not accounts["items"]:
        return [*parts, states.empty(text("users.none", locale), hint=text("users.none.hint", locale))]
    total = text("users.found", locale, n=count(accounts["total"], locale))
    heads = [html.Th(text(f"users.column.{name}", locale), scope="col") for name in COLUMNS]
    rows = [_row(one, reader, own=own) for one in accounts["items"]]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table stacked-table")
    label = marked({"aria-label": text("users.title", locale)})
    return [
        *parts,
        html.P(total, className="list-total", role="status"),
        html.Div(table, className="table-box", tabIndex=0, role="region", **label),
        *_pager(fields, accounts["next_cursor"], first, locale),
    ]


def not_searched(fields: Mapping[str, str], words: str, reader: Reader) -> list:
    """The search, and what is wrong with it."""
    return [_form(fields, reader.locale), html.P(words, className="form-message", role="alert")]


def _form(fields: Mapping[str, str], locale: str) -> html.Form:
    roles = [(role.value, text(f"role.{role.value}", locale)) for role in PERSONS]
    kinds = [(state, text(f"users.state.{state}", locale)) for state in STATES]
    controls = {
        "q": _typed(fields, "q"),
        "area": _typed(fields, "area"),
        "role": _one_of(fields, "role", roles, locale),
        "state": _one_of(fields, "state", kinds, locale),
    }
    parts: list = [
        html.Div(
            [html.Label(text(f"users.search.{name}", locale), htmlFor=f"users-{name}", className="field-name"), control],
            className="search-field",
        )
        for name, control in controls.items()
    ]
    buttons = [
        html.Button(text("users.search", locale), type="submit", className="button"),
        html.A(text("users.clear", locale), href="/users", className="button"),
    ]
    parts.append(html.Div(buttons, className="search-buttons"))
    return html.Form(parts, action="/users", method="get", className="search-form", role="search")


def _typed(fields: Mapping[str, str], name: str) -> Input:
    return Input(id=f"users-{name}", name=name, type="text", defaultValue=fields.get(name, ""), className="input",
                 maxLength=64, autoComplete="off")  # fmt: skip


def _one_of(fields: Mapping[str, str], name: str, options: Sequence[tuple[str, str]], locale: str) -> html.Select:
    chosen = fields.get(name, "")
    rows = [("", text("users.any", locale)), *options]
    marks = [marked({"selected": "selected"} if value == chosen else {}) for value, _ in rows]
    drawn = [html.Option(words, value=value, **mark) for (value, words), mark in zip(rows, marks, strict=True)]
    return html.Select(drawn, id=f"users-{name}", name=name, className="input field-select")


def _row(account: Mapping[str, Any], reader: Reader, *, own: str) -> html.Tr:
    locale, body, seen = reader.locale, account["organisation"], account["seen_at"]
    state = account["state"]
    values: dict[str, Any] = {
        "account": html.Strong(account["username"]),
        "role": text(f"role.{account['role']}", locale),
        "area": [html.Span(account["area_name"]), html.Div(account["area"], className="quiet figures")],
        "organisation": html.Span(body["name"]) if body else None,
        "state": html.Span(text(f"users.state.{state}", locale), className=f"chip account-{state}"),
        "seen": html.Span(
            moment(seen, locale, reader.zone, form="short") if seen else text("users.never", locale), className="figures"
        ),
        "acts": _own(locale) if account["username"] == own else html.Div(_acts(account, locale), className="row-acts"),
    }
    cells = [
        html.Td(values[name], **marked({"data-label": text(f"users.column.{name}", locale), "data-column": name}))
        for name in COLUMNS
    ]
    return html.Tr(cells, **marked({"data-user": account["username"]}))


def _own(locale: str) -> html.Span:
    link = html.A(text("users.own", locale), href="/profile", className="link")
    return html.Span(link, title=text("users.own.hint", locale))


def _acts(account: Mapping[str, Any], locale: str) -> list:
    name, number = account["username"], account["id"]
    path, body = f"/api/users/{number}", account["organisation"] or {"code": "", "name": ""}
    values = {
        "role": account["role"], "area": account["area"], "area_name": account["area_name"],
        "organisation": body["code"], "organisation_name": body["name"],
    }  # fmt: skip
    edit = api_forms.opener(
        text("users.edit.open", locale), ids.USER_EDIT, name=f"user-{number}-edit", about=name, path=path, values=values
    )
    renew = Sending("POST", f"{path}/password", ids.USERS_REFRESH, text("users.password.done", locale), "password")
    again = api_forms.asker(
        text("users.password", locale), text("users.password.ask", locale, name=name), renew, name=f"user-{number}-password"
    )
    return [edit, again, _switch(account, path, locale)]


def _switch(account: Mapping[str, Any], path: str, locale: str) -> html.Button:
    """Off or on."""
    act = "enable" if account["state"] == "disabled" else "disable"
    sending = Sending("PATCH", path, ids.USERS_REFRESH, text(f"users.{act}.done", locale))
    question = text(f"users.{act}.ask", locale, name=account["username"])
    return api_forms.asker(
        text(f"users.{act}", locale), question, sending, name=f"user-{account['id']}-switch", body={"active": act == "enable"}
    )


def _pager(fields: Mapping[str, str], cursor: str | None, first: bool, locale: str) -> list:
    asked = {name: value for name, value in fields.items() if value}
    links = [] if first else [html.A(text("users.first", locale), href=f"/users?{urlencode(asked)}", className="button")]
    if cursor:
        after = urlencode(asked | {"after": cursor})
        links.append(html.A(text("users.more", locale), href=f"/users?{after}", className="button", rel="next"))
    return [html.Nav(links, className="search-pager", **marked({"aria-label": text("users.pages", locale)}))] if links else []
