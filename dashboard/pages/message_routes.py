"""The routes of messages on /messages: which work, which are paused and why; stop and resume; a changed calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.icons import icon
from dashboard.view_models import Reader
from dashboard.words.formats import count, day, moment
from dashboard.words.texts import text, text_or

REASON_LENGTH = 200
#: As many days as a line holds.
DAYS = 8


def section(routes: Sequence[Mapping[str, Any]], reader: Reader) -> html.Section:
    """Every route, paused ones first, under a line that says how many are."""
    locale = reader.locale
    paused = sum(one["state"] == "paused" for one in routes)
    parts: list = [html.H2(text("routes.title", locale), className="section-title")]
    if paused:
        words = html.Span(text("routes.banner", locale, n=count(paused, locale)))
        parts.append(html.P([icon("alert-triangle"), words], className="notice-line", role="status"))
    if not routes:
        parts.append(html.P(text("routes.none", locale), className="state-hint"))
    parts.append(html.Ul([_route(one, reader) for one in routes], className="routes"))
    return html.Section(parts, className="message-routes")


def _route(route: Mapping[str, Any], reader: Reader) -> html.Li:
    locale, paused = reader.locale, route["state"] == "paused"
    head = [
        html.Strong(route["name"]),
        html.Span(text(f"routes.state.{route['state']}", locale), className=f"chip route-{route['state']}"),
        html.Span(text("routes.waiting", locale, n=count(route["waiting"], locale)), className="figures"),
    ]
    lines = [html.Div(head, className="route-head")]
    if paused:
        lines.append(html.Div(_reason(route, reader), className="route-reason"))
    lines.append(html.Div([html.Span(words) for words in _times(route, reader)], className="route-times quiet"))
    parts: list = [html.Div(lines, className="route-words")]
    if route["switchable"]:
        parts.append(_resume(route, locale) if paused else _pause(route, locale))
    return html.Li(parts, className=f"route-row {'route-stopped' if paused else ''}".strip())


def _reason(route: Mapping[str, Any], reader: Reader) -> str:
    """By hand: who and why; else what was refused, with the gateway's code."""
    locale = reader.locale
    since = moment(route["since"], locale, reader.zone, form="short")
    if route["refusal"] == "by_hand":
        return text("routes.detail", locale, what=text("routes.by", locale, by=route["by_user"], time=since), code=route["reason"])
    what = text_or(f"refusal.{route['refusal']}", locale, route["refusal"])
    code = route["reason"].removeprefix("answered ")
    return " · ".join([text("routes.detail", locale, what=what, code=code), text("routes.since", locale, time=since)])


def _times(route: Mapping[str, Any], reader: Reader) -> list[str]:
    locale = reader.locale

    def told(key: str, at: datetime | None) -> list[str]:
        return [text(key, locale, time=moment(at, locale, reader.zone, form="short"))] if at else []

    lines = told("routes.last_success", route["last_success_at"]) or [text("routes.never", locale)]
    if route["state"] == "paused":
        lines += told("routes.last_try", route["last_try_at"])
        lines += told("routes.next", route["probe_at"]) or [text("routes.next.person", locale)]
    return lines if route["configured"] else [*lines, text("routes.unconfigured", locale)]


def _resume(route: Mapping[str, Any], locale: str) -> dcc.ConfirmDialogProvider:
    question = text("routes.confirm.resume", locale, name=route["name"], n=count(route["waiting"], locale))
    button = html.Button(text("routes.resume", locale), type="button", className="button")
    return dcc.ConfirmDialogProvider(button, id=ids.press("resume-route", route["name"]), message=question)


def _pause(route: Mapping[str, Any], locale: str) -> html.Details:
    """Asks for the reason in place; the browser opens and closes it, by key as well."""
    name, box = route["name"], ids.pause_reason(route["name"])
    ask = [
        html.Label(text("routes.pause.ask", locale, name=name), htmlFor=ids.in_document(box)),
        dcc.Input(id=box, type="text", maxLength=REASON_LENGTH, className="input", autoComplete="off"),
        html.Button(
            text("routes.pause", locale), id=ids.press("pause-route", name), type="button", className="button button-main"
        ),
    ]
    return html.Details(
        [html.Summary(text("routes.pause", locale), className="button"), html.Div(ask, className="route-ask")],
        className="route-pause",
    )


def calendar_note(change: Mapping[str, Any] | None, reader: Reader) -> list:
    """That open deadlines were computed with an older calendar, and what to do about it; nothing when they were not."""
    if not change:
        return []
    locale = reader.locale
    lines = [text("calendar.changed", locale)]
    for name in ("days_off", "work_days"):
        days = [date.fromisoformat(one) for one in change[name]]
        if days:
            said = [day(one, locale) for one in days[:DAYS]] + (["…"] if days[DAYS:] else [])
            lines.append(text(f"calendar.changed.{name}", locale, days=text("list.joiner", locale).join(said)))
    if change.get("limits"):
        lines.append(text("calendar.changed.limits", locale))
    lines.append(text("calendar.changed.then", locale))
    return [html.Div([icon("calendar"), html.Div([html.P(line) for line in lines])], className="notice-line", role="status")]
