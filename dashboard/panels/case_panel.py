"""One case: facts, status, holder, and the moves that may be made now. People's texts are text only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import case_mark, icon
from dashboard.panels import assign
from dashboard.panels.move_forms import move_form
from dashboard.panels.stage_line import stage_line
from dashboard.panels.trace_list import trace_list
from dashboard.view_models import CaseView, Reader
from dashboard.words.formats import clock, deadline, moment, relative
from dashboard.words.texts import text, text_or

# How many moves are shown at once; the others are a click away.
AT_ONCE = 3


def case_panel(
    case: CaseView, reader: Reader, *, closable: bool = True, place: Component | None = None
) -> html.Div:
    """The panel beside the map: head, scrolling body, actions fixed at the bottom. `place`: where there is no map."""
    return html.Div(
        [
            head(case, reader, closable=closable),
            # it scrolls, and may have nothing in it that takes the focus
            html.Div(body(case, reader, place), className="case-body", tabIndex=0),
            actions(case, reader),
        ],
        className="case",
        key=case.case_no,
        **facts(case),
    )


def facts(case: CaseView) -> dict[str, Any]:
    """What the browser's own code needs to send a move for this case."""
    return {
        "data-case-no": case.case_no,
        "data-version": str(case.version),
        "data-status": case.status,
        "data-moves": " ".join(case.moves),
        "data-area": case.area,
    }


def head(case: CaseView, reader: Reader, *, closable: bool) -> html.Header:
    """Mark, number, kind, severity and title."""
    kind, severity = (text(f"kind.{case.kind}", reader.locale), text(f"severity.{case.severity}", reader.locale))
    line = [
        case_mark(case.kind, case.severity, hollow=case.status == "waiting"),
        html.Span(case.case_no, className="case-no"),
        html.Span(text(f"status.{case.status}", reader.locale), className=f"chip chip-{case.status}"),
    ]
    tools: list = [
        html.A(
            icon("external-link", label=text("case.page", reader.locale)),
            href=f"/case/{case.case_no}",
            className="icon-button",
            title=text("case.page", reader.locale),
        )
    ]
    if closable:
        tools.append(
            html.Button(
                icon("x", label=text("close", reader.locale)),
                type="button",
                className="icon-button",
                title=text("close", reader.locale),
                **marked({"data-action": "close-case"}),
            )
        )
    return html.Header(
        [
            html.Div([*line, html.Span(tools, className="case-tools")], className="case-line"),
            html.H2(case.title, className="case-title"),
            html.P(
                [
                    html.Span(kind),
                    html.Span(case.category),
                    html.Span(severity, className=f"severity severity-{case.severity}"),
                ],
                className="case-kind",
            ),
        ],
        className="case-head",
    )


def body(case: CaseView, reader: Reader, place: Component | None = None) -> list:
    """Stage line, facts, where there is no map beside a picture of the place, description, who could take it, trace."""
    parts: list = [stage_line(case, reader), case_facts(case, reader), *([place] if place else [])]
    if case.description:
        parts.append(_section("case.description", html.P(case.description, className="case-text"), reader))
    elif case.text_hidden:
        parts.append(html.P(text("case.text-hidden", reader.locale), className="state-hint"))
    if "dispatch" in case.moves:
        parts.append(_section("assign.title", assign.choices(case, reader), reader))
    parts.append(_section("case.trace", trace_list(case, reader), reader))
    return parts


def _section(key: str, content: Component, reader: Reader) -> html.Section:
    return html.Section(
        [html.H3(text(key, reader.locale), className="section-title"), content], className="case-section"
    )


def case_facts(case: CaseView, reader: Reader) -> html.Dl:
    """Place, clock, holder and origin, as pairs."""
    late = case.due_at is not None and case.due_at < reader.now
    place = case.place if case.located else text("case.unlocated", reader.locale, place=case.place)
    rows: list[tuple[str, str, list, str]] = [
        ("case.place", "map-pin", [place], ""),
        ("case.clock", "clock", [_clock(case, reader)], "late" if late else ""),
        (
            "case.holder",
            "building-community",
            [case.holder or text("case.nobody", reader.locale), _time("case.since", case.status_since, reader)],
            "",
        ),
        (
            "case.reported",
            "calendar",
            [_time("case.at", case.reported_at, reader), text_or(f"source.{case.source}", reader.locale, case.source)],
            "",
        ),
    ]
    rows += _further_facts(case, reader)
    pairs = [part for key, name, value, state in rows for part in _fact(text(key, reader.locale), name, value, state)]
    return html.Dl(pairs, className="case-facts")


def _further_facts(case: CaseView, reader: Reader) -> list[tuple[str, str, list, str]]:
    """What only some cases have: a pause, an extension asked for, a second clock, an order, special needs."""
    rows: list[tuple[str, str, list, str]] = []
    if case.paused_until is not None:
        rows.append(("case.paused", "clock", [_until("case.paused.until", case.paused_until, reader)], ""))
    if case.extension_until is not None:
        rows.append(("case.extension", "calendar", [_until("case.extension.until", case.extension_until, reader)], ""))
    if case.status == "signed" and case.settle_due_at is not None:
        rows.append(("case.settle", "clock", [_until("case.settle.until", case.settle_due_at, reader)], ""))
    if case.binding:
        rows.append(("case.binding", "building-bank", [text("case.binding.words", reader.locale)], ""))
    if case.needs:
        words = text("list.joiner", reader.locale).join(text(f"skill.{one}", reader.locale) for one in case.needs)
        rows.append(("case.needs", "user", [words], ""))
    return rows


def _until(key: str, at: datetime, reader: Reader) -> str:
    return text(key, reader.locale, time=deadline(at, reader.locale, reader.zone))


def _fact(title: str, name: str, value: list, state: str) -> tuple[html.Dt, html.Dd]:
    parts = [html.Span(part) if isinstance(part, str) else part for part in value]
    return html.Dt(title), html.Dd([icon(name), html.Div(parts, className="fact")], className=state)


def _clock(case: CaseView, reader: Reader) -> html.Span:
    due = "" if case.due_at is None else deadline(case.due_at, reader.locale, reader.zone)
    return html.Span(
        clock(case.due_at, reader.now, reader.locale, step=case.clock),
        title=due,
        className="case-clock",
        **marked({"data-due": "" if case.due_at is None else case.due_at.isoformat(), "data-clock": case.clock or ""}),
    )


def _time(key: str, at: datetime, reader: Reader) -> html.Time:
    words = relative(at, reader.now, reader.locale, reader.zone)
    return html.Time(
        text(key, reader.locale, time=words),
        dateTime=at.isoformat(),
        className="quiet",
        title=moment(at, reader.locale, reader.zone),
        **marked({"data-since": at.isoformat(), "data-words": text(key, reader.locale, time="{time}")}),
    )


def actions(case: CaseView, reader: Reader) -> html.Footer:
    """The moves that this reader may take now, the likely one first, each with its form; words when there is none."""
    buttons: list = [_action(move, case, reader, likely=not number) for number, move in enumerate(case.moves)]
    if not buttons:
        buttons = [html.P(text("case.no-moves", reader.locale), className="state-hint")]
    said = html.P("", className="case-message", role="alert")
    kept = html.Div([], className="case-kept", hidden=True)
    forms = [form for form in (move_form(move, case, reader) for move in case.moves) if form is not None]
    likely, more = buttons[:AT_ONCE], buttons[AT_ONCE:]
    if more:
        words = text("form.more", reader.locale)
        likely.append(html.Details([html.Summary(words, className="button"), html.Div(more, className="case-more")]))
    return html.Footer([said, kept, *forms, html.Div(likely, className="case-buttons")], className="case-actions")


def _action(move: str, case: CaseView, reader: Reader, *, likely: bool) -> html.Button:
    identity: dict[str, Any] = {"id": ids.ASSIGN_SUBMIT} if move == "dispatch" else {}
    keys = {"dispatch": "d", "recall": "u"}.get(move)
    words = [html.Span(text(f"move.{move}", reader.locale))] + ([html.Kbd(keys)] if keys else [])
    return html.Button(
        words,
        type="button",
        className="button button-main" if likely else "button",
        **identity,
        **marked({"data-move": move}),
    )
