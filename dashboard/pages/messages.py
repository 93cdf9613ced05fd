"""/messages and /automatic, for admins: what did not leave and why; which categories are dispatched by the software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.pages import frame, message_routes
from dashboard.panels import states
from dashboard.view_models import Reader
from dashboard.words.formats import count, moment
from dashboard.words.texts import text, text_or

STATES = ("dead", "waiting", "sent")
COLUMNS = ("messages.when", "messages.topic", "messages.case", "messages.to", "messages.route", "messages.tries")
#: How the record of a delivery begins (data/outbox/), and its words for an admin.
REASONS = {
    "no address": "messages.error.no_address",
    "no such route": "messages.error.no_route",
    "no time left": "messages.error.no_time",
    "no answer": "messages.error.no_answer",
    "too old": "messages.error.too_old",
    "office hours": "messages.error.hours",
    "answer not understood (answered": "messages.error.unclear",
    "recipient refused (another": "messages.error.another",
    "refused": "messages.error.route",
    "recipient refused": "messages.error.refused",
    "answered": "messages.error.answered",
    "failed": "messages.error.failed",
}


def page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """The sheet, filled once the deliveries are read."""
    stores = [dcc.Store(id=ids.MESSAGES_VIEW), dcc.Store(id=ids.MESSAGES_TOLD)]
    return _sheet(ids.MESSAGES_BOX, stores, reader, deployment, page="messages")


def automatic_page(reader: Reader, deployment: frame.Deployment, place: frame.Place) -> list:
    """The sheet, filled once the categories are read."""
    return _sheet(ids.AUTOMATIC_BOX, [dcc.Store(id=ids.AUTOMATIC_TOLD)], reader, deployment, page="automatic")


def _sheet(box: str, stores: list, reader: Reader, deployment: frame.Deployment, *, page: str) -> list:
    sheet = html.Article(states.skeleton(lines=8), id=box, className="sheet admin-sheet")
    return [*stores, *frame.framed([sheet, *frame.foot(reader, deployment)], reader, deployment, page=page)]


def deliveries(
    state: str, page: Mapping[str, Any], counts: Mapping[str, int], reader: Reader, *,
    routes: Sequence[Mapping[str, Any]] = (), calendar: Mapping[str, Any] | None = None,
) -> list:  # fmt: skip
    """The routes; then the deliveries of a state under the tabs of all states, the newest first. `calendar`: what has
    changed of it since the open deadlines were computed."""
    locale = reader.locale
    tabs = [
        html.Button(
            [
                html.Span(text(f"messages.{name}", locale)),
                html.Span(count(counts[name], locale), className="tab-count"),
            ],
            id=ids.press("messages-state", name),
            type="button",
            role="tab",
            className="tab",
            **marked({"aria-selected": str(name == state).lower()}),
        )
        for name in STATES
    ]
    parts: list = [
        html.H1(text("messages.title", locale)),
        *message_routes.calendar_note(calendar, reader),
        message_routes.section(routes, reader),
        html.Div(tabs, className="tabs", role="tablist"),
    ]
    if not page["items"]:
        return [*parts, states.empty(text(f"messages.none.{state}", locale))]
    if state == "dead":
        parts.append(_button("messages.again.all", ids.press("send-all-again"), locale))
    if page["total"] > len(page["items"]):
        parts.append(html.P(text("messages.more", locale, total=count(page["total"], locale)), className="state-hint"))
    parts.append(_table(state, page["items"], reader))
    if page["next_cursor"]:
        parts.append(_button("messages.older", ids.press("messages-older", page["next_cursor"]), locale))
    return parts


def _table(state: str, items: Sequence[Mapping[str, Any]], reader: Reader) -> html.Div:
    locale = reader.locale
    heads = [html.Th(text(name, locale)) for name in COLUMNS]
    heads += {
        "dead": [html.Th(text("messages.error", locale)), html.Th("")],
        "waiting": [html.Th(text("messages.error", locale)), html.Th(text("messages.next", locale))],
        "sent": [html.Th(text("messages.sent_at", locale))],
    }[state]
    body = [html.Tr(_cells(state, item, reader)) for item in items]
    return html.Div(
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="table"), className="table-box"
    )


def _cells(state: str, item: Mapping[str, Any], reader: Reader) -> list:
    locale = reader.locale
    topic = str(item["topic"])
    words = (
        text_or(f"act.{topic.removeprefix('case.')}", locale, topic)
        if topic.startswith("case.")
        else text_or(f"topic.{topic}", locale, topic)
    )
    cells = [
        html.Td(moment(item["created_at"], locale, reader.zone, form="short")),
        html.Td(words),
        html.Td(item["case_no"], className="figures"),
        html.Td(item["organisation"]),
        html.Td(item["route"]),
        html.Td(count(item["attempts"], locale), className="figures"),
    ]
    if state == "sent":
        return [*cells, html.Td(moment(item["sent_at"], locale, reader.zone, form="short"))]
    if state == "waiting":
        last: Any = moment(item["next_try_at"], locale, reader.zone, form="short")
    else:
        last = _button("messages.again", ids.press("send-again", str(item["id"])), locale)
    return [*cells, html.Td(reason(item["last_error"], locale)), html.Td(last)]


def reason(recorded: str, locale: str) -> str:
    """Why a delivery failed, in the reader's language; an unknown one is shown as it was recorded."""
    for beginning, key in REASONS.items():
        if recorded.startswith(beginning):
            return text(key, locale, code=recorded.removeprefix(beginning).strip(" ()"))
    return recorded


def _button(key: str, identity: dict[str, str], locale: str) -> html.Button:
    return html.Button(text(key, locale), id=identity, type="button", className="button")


def switches(categories: Sequence[Mapping[str, Any]], reader: Reader) -> list:
    """Every category with its switch; on: who switched it and when."""
    locale = reader.locale
    rows = [
        html.Li(
            [
                html.Div(
                    [
                        html.Span(text(f"kind.{one['kind']}", locale), className="quiet"),
                        html.Strong(one["name"]),
                        html.Span(_since(one, reader), className="quiet"),
                    ],
                    className="switch-words",
                ),
                _switch(one, locale),
            ],
            className="switch-row",
        )
        for one in categories
    ]
    return [
        html.H1(text("automatic.title", locale)),
        html.P(text("automatic.hint", locale), className="state-hint"),
        html.Ul(rows, className="switches"),
    ]


def _since(category: Mapping[str, Any], reader: Reader) -> str:
    since: datetime | None = category["since"]
    if since is None:
        return ""
    return text("automatic.since", reader.locale, by=category["by"], time=moment(since, reader.locale, reader.zone))


def _switch(category: Mapping[str, Any], locale: str) -> html.Button | dcc.ConfirmDialogProvider:
    """Off at once; on after a question."""
    on = category["since"] is not None
    words = text("automatic.on" if on else "automatic.off", locale)
    marks = marked({"role": "switch", "aria-checked": str(on).lower(), "aria-label": category["name"]})
    if on:
        off = ids.press("automatic-off", category["code"])
        return html.Button(words, id=off, type="button", className="choice", **marks)
    asks = ids.press("automatic-ask", category["code"])
    button = html.Button(words, id=asks, type="button", className="choice", **marks)
    question = text("automatic.confirm", locale, name=category["name"])
    return dcc.ConfirmDialogProvider(button, id=ids.press("automatic-on", category["code"]), message=question)
