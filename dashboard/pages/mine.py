"""/mine, for handlers: a plain page that works on a phone. Its parts are those of the other pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html

from dashboard.attributes import marked
from dashboard.icons import case_mark, icon
from dashboard.panels import case_panel, states
from dashboard.panels.report_dialog import Offered, report_dialog
from dashboard.panels.topbar import brand, language_switch, live_status, theme_switch
from dashboard.view_models import CaseView, Reader
from dashboard.words.formats import clock, count, deadline, relative
from dashboard.words.texts import text

TABS = ("work", "together", "reported", "done")


def page(
    *,
    tab: str,
    counts: Mapping[str, int],
    cases: Sequence[Mapping[str, Any]],
    chosen: CaseView | None,
    body: str,
    offered: Offered,
    reader: Reader,
    seq: int,
) -> html.Div:
    """The bar, what could not be sent yet, the list, and the chosen case (on a phone in place of the list). `seq`: up to where
    in the stream the page is up to date."""
    locale = reader.locale
    main = [
        html.Section(
            [_head(body, tab, counts, locale), _list(tab, cases, chosen, reader)],
            className="mine-list",
            **marked({"aria-label": text("mine.title", locale)}),
        ),
        html.Section(_case(chosen, tab, reader), className="mine-case" if chosen else "mine-case mine-none"),
    ]
    parts = [
        _bar(reader),
        html.Div("", id="stale-banner", className="banner", role="status", hidden=True),
        html.Div("", id="offline-banner", className="banner", role="status", hidden=True),
        html.Section([], id="pending", className="pending", hidden=True, **marked({"aria-live": "polite"})),
        html.Main(main, className="mine-work mine-open" if chosen else "mine-work"),
        report_dialog(reader, offered, pick="mine.position", unplaced="mine.place"),
    ]
    return html.Div(parts, className="mine", **marked({"data-user": reader.username, "data-tab": tab, "data-seq": str(seq)}))


def _bar(reader: Reader) -> html.Header:
    report = html.Button(
        [icon("plus"), html.Span(text("report.open", reader.locale))],
        type="button",
        className="button",
        **marked({"data-action": "open-report"}),
    )
    there = html.A(
        icon("map-pin", label=text("page.map", reader.locale)),
        href="/map",
        className="icon-button",
        title=text("page.map", reader.locale),
    )
    leave = html.A(
        icon("logout", label=text("logout", reader.locale)),
        href="/logout",
        className="icon-button",
        title=text("logout", reader.locale),
        **marked({"data-leave": "1"}),
    )
    own = html.A(
        icon("user", label=text("page.profile", reader.locale)),
        href="/profile",
        className="icon-button",
        title=text("page.profile", reader.locale),
    )
    tools = [live_status(reader.locale), report, there, own, language_switch(reader.locale), theme_switch(reader.locale), leave]
    return html.Header(
        [html.Div(brand(reader.locale), className="bar-left"), html.Div(tools, className="bar-right")],
        className="topbar",
    )


def _head(body: str, tab: str, counts: Mapping[str, int], locale: str) -> html.Header:
    tabs = [
        html.A(
            [
                html.Span(text(f"mine.tab.{name}", locale)),
                html.Span(count(counts[name], locale), className="tab-count"),
            ],
            href=f"/mine?tab={name}",
            className="tab",
            **marked({"aria-current": "page"} if name == tab else {}),
        )
        for name in TABS
    ]
    return html.Header([html.H1(body), html.Nav(tabs, className="tabs")], className="mine-head")


def _list(tab: str, cases: Sequence[Mapping[str, Any]], chosen: CaseView | None, reader: Reader) -> html.Div | html.Ul:
    if not cases:
        return states.empty(text(f"mine.none.{tab}", reader.locale))
    rows = [_row(case, tab, chosen is not None and chosen.case_no == case["case_no"], reader) for case in cases]
    return html.Ul(rows, className="mine-rows", id="list-open")


def _row(case: Mapping[str, Any], tab: str, current: bool, reader: Reader) -> html.Li:
    locale = reader.locale
    late = case["overdue"]
    lines = [
        html.Div(
            [
                case_mark(case["kind"], case["severity"], label=text(f"severity.{case['severity']}", locale)),
                html.Strong(case["title"], className="mine-title"),
            ],
            className="mine-line",
        ),
        html.Div([html.Span(case["area_name"]), html.Span(case["category_name"])], className="mine-line quiet"),
        html.Div(
            [
                html.Span(text("mine.number", locale, no=case["case_no"].rsplit("-", 1)[-1])),
                html.Span(text("mine.reported", locale, time=relative(case["reported_at"], reader.now, locale, reader.zone))),
            ],
            className="mine-line quiet",
        ),
        html.Div(
            [
                html.Span(text(f"status.{case['status']}", locale), className=f"chip chip-{case['status']}"),
                _clock(case, reader),
            ],
            className="mine-line",
        ),
    ]
    link = html.A(
        lines, href=f"/mine?tab={tab}&case={case['case_no']}", className="mine-row late" if late else "mine-row"
    )
    return html.Li(link, **marked({"data-case-no": case["case_no"]} | ({"aria-current": "true"} if current else {})))


def _clock(case: Mapping[str, Any], reader: Reader) -> html.Span:
    """What is left, in words; of a pause its end."""
    until: datetime | None = case["paused_until"]
    if until is not None:
        words = text("mine.paused", reader.locale, time=deadline(until, reader.locale, reader.zone, form="short"))
        return html.Span(words, className="quiet")
    due: datetime | None = case["due_at"]
    if due is None:
        return html.Span("")
    title = deadline(due, reader.locale, reader.zone)
    state = "mine-clock late" if case["overdue"] else "mine-clock"
    words = clock(due, reader.now, reader.locale, step=case["clock"])
    ticking = html.Span(words, **marked({"data-due": due.isoformat(), "data-clock": case["clock"]}))
    return html.Span([icon("clock"), ticking], className=state, title=title)


def _case(chosen: CaseView | None, tab: str, reader: Reader) -> list:
    if chosen is None:
        return [html.P(text("mine.choose", reader.locale), className="state-hint")]
    back = html.A(
        [icon("arrow-left"), html.Span(text(f"mine.tab.{tab}", reader.locale))],
        href=f"/mine?tab={tab}",
        className="mine-back",
    )
    place = _place(chosen, reader) if chosen.on_map else None
    return [back, case_panel.case_panel(chosen, reader, closable=False, place=place)]


def _place(case: CaseView, reader: Reader) -> html.Section:
    """Where it is: a picture in the colours of the theme, and the way to the map."""
    words = text("mine.place", reader.locale, place=case.place)
    # the browser alone knows the theme
    picture = html.Img(
        alt=words,
        className="mine-map",
        **marked({"data-picture": f"/api/cases/{case.case_no}/route.svg?view=place&theme="}),
    )
    way = html.A(
        [icon("map-pin"), html.Span(text("mine.way", reader.locale))],
        href=f"/map?case={case.case_no}",
        className="button",
    )
    return html.Section([picture, way], className="mine-place")
