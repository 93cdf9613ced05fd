"""/displays, for admins: the wall displays of their area. Changes go to the API (dashboard/panels/api_forms.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.pages import frame
from dashboard.panels import api_forms, states
from dashboard.panels.api_forms import Sending
from dashboard.view_models import Reader
from dashboard.words.formats import moment
from dashboard.words.texts import text

COLUMNS = ("name", "area", "state", "seen", "acts")
AREAS = "/api/search"


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """The sheet, filled once the displays are read, and its forms."""
    locale = reader.locale
    add = api_forms.opener(
        text("displays.add", locale), ids.DISPLAY_ADD, name="display-add-open", path="/api/displays", main=True
    )
    head = html.Header([html.H1(text("displays.title", locale)), add], className="sheet-head")
    hint = html.P(text("displays.hint", locale), className="state-hint")
    box = html.Div(states.skeleton(lines=5), id=ids.DISPLAYS_BOX)
    sheet = html.Article([head, hint, box], className="sheet admin-sheet people-sheet")
    stores = [dcc.Store(id=ids.DISPLAYS_REFRESH), dcc.Store(id=ids.DISPLAYS_TOLD)]
    framed = frame.framed([sheet, *frame.foot(reader, deployment)], reader, deployment, page="displays")
    return [*stores, *framed, *_dialogs(locale)]


def _dialogs(locale: str) -> list:
    add, edit = ids.DISPLAY_ADD, ids.DISPLAY_EDIT
    made = Sending("POST", refresh=ids.DISPLAYS_REFRESH, told=text("displays.added", locale), secret="url")  # noqa: S106 - a field
    changed = Sending("PATCH", refresh=ids.DISPLAYS_REFRESH, told=text("displays.changed", locale))
    return [
        api_forms.form_dialog(
            add, text("displays.add", locale), _facts(add, locale), made, locale, submit=text("displays.add.submit", locale)
        ),
        api_forms.form_dialog(
            edit, text("displays.edit", locale), _facts(edit, locale), changed, locale, submit=text("dialog.save", locale)
        ),
        api_forms.confirm_dialog(locale),
        api_forms.secret_dialog(text("displays.secret", locale), text("displays.secret.hint", locale), locale),
    ]


def _facts(form: str, locale: str) -> list:
    return [
        api_forms.typed(form, "name", text("displays.name", locale), hint=text("displays.name.hint", locale)),
        api_forms.suggested(form, "area", text("displays.area", locale), AREAS, locale, hint=text("dialog.code.hint", locale)),
    ]


def listed(displays: Sequence[Mapping[str, Any]], reader: Reader) -> list:
    """Those in use, then those that were revoked."""
    locale = reader.locale
    if not displays:
        return [states.empty(text("displays.none", locale), hint=text("displays.none.hint", locale))]
    heads = [html.Th(text(f"displays.column.{name}", locale), scope="col") for name in COLUMNS]
    rows = [_row(one, reader) for one in displays]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table stacked-table")
    label = marked({"aria-label": text("displays.title", locale)})
    return [html.Div(table, className="table-box", tabIndex=0, role="region", **label)]


def _row(display: Mapping[str, Any], reader: Reader) -> html.Tr:
    locale, seen, state = reader.locale, display["seen_at"], display["state"]
    values: dict[str, Any] = {
        "name": html.Strong(display["name"]),
        "area": [html.Span(display["area_name"]), html.Div(display["area"], className="quiet figures")],
        "state": html.Span(text(f"displays.state.{state}", locale), className=f"chip display-{state}"),
        "seen": html.Span(
            moment(seen, locale, reader.zone, form="short") if seen else text("displays.never", locale), className="figures"
        ),
        "acts": None if state == "revoked" else html.Div(_acts(display, locale), className="row-acts"),
    }
    cells = [
        html.Td(values[name], **marked({"data-label": text(f"displays.column.{name}", locale), "data-column": name}))
        for name in COLUMNS
    ]
    return html.Tr(cells, **marked({"data-display-name": display["name"], "data-state": state}))


def _acts(display: Mapping[str, Any], locale: str) -> list:
    name, number = display["name"], display["id"]
    path = f"/api/displays/{number}"
    values = {"name": name, "area": display["area"], "area_name": display["area_name"]}
    edit = api_forms.opener(
        text("displays.edit.open", locale), ids.DISPLAY_EDIT, name=f"display-{number}-edit", about=name, path=path,
        values=values,
    )  # fmt: skip
    revoke = Sending("DELETE", path, ids.DISPLAYS_REFRESH, text("displays.revoke.done", locale))
    question = text("displays.revoke.ask", locale, name=name)
    return [edit, api_forms.asker(text("displays.revoke", locale), question, revoke, name=f"display-{number}-revoke")]
