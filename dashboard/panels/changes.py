"""What changed since yesterday at 08:00: beside the figures, and as doors of its own."""

from __future__ import annotations

from datetime import datetime, time

from babel.dates import format_date
from dash import html

from dashboard.attributes import marked
from dashboard.icons import tier_mark
from dashboard.view_models import Changes, Reader, TierMove
from dashboard.words.formats import count, known_locale, moment
from dashboard.words.texts import text

#: Metrics that count what came (rules/metrics.py), by the field that holds the number.
CAME = (("new_since", "new"), ("settled_since", "settled"), ("overdue_since", "overdue"))
RANK = {"key": 0, "watch": 1, "normal": 2}


def beside(changes: Changes | None, name: str, number: int, locale: str) -> list[html.Span]:
    """What stands under a figure: by how many it is another than it was, and whether that is unusual. The browser keeps both
    in step (counts.mjs)."""
    return [] if changes is None else [*_since(changes, name, number, locale), *_unusual(changes, name, number, locale)]


def _since(changes: Changes, name: str, number: int, locale: str) -> list[html.Span]:
    if name not in changes.brought:
        return []
    by = changes.brought[name]
    sign = "up" if by > 0 else "down" if by < 0 else "same"
    before = number - by
    return [
        html.Span(
            text(f"js.delta.{sign}", locale, n=count(abs(by), locale)),
            className="door-change",
            title=text("delta.before", locale, n=count(before, locale)),
            **marked({"data-before": str(before)}),
        )
    ]


def _unusual(changes: Changes, name: str, number: int, locale: str) -> list[html.Span]:
    """Inside the range nothing is said; the title of the figure names it (panels/rail.py)."""
    if name not in changes.ranges:
        return []
    low, high = changes.ranges[name]
    place = "above" if number > high else "below" if number < low else ""
    usual = span(low, high, locale)
    return [
        html.Span(
            text(f"js.usual.{place}", locale, range=usual) if place else "",
            className="door-unusual",
            **marked({"data-low": str(low), "data-high": str(high), "data-range": usual}),
        )
    ]


def span(low: int, high: int, locale: str) -> str:
    """A range as it is read: 310–345."""
    return count(low, locale) if low == high else f"{count(low, locale)}–{count(high, locale)}"


def changes(changes: Changes, reader: Reader) -> html.Section:
    """New, settled, newly overdue; yesterday against the usual; areas whose tier is another. Each opens what it names."""
    head = html.H2(
        [
            html.Span(text("changes.title", reader.locale)),
            html.Span(
                text("changes.since", reader.locale, at=moment(changes.since, reader.locale, reader.zone, form="short")),
                className="rail-size",
            ),
        ],
        className="section-title",
    )
    doors = [_door(metric, getattr(changes, field), reader.locale) for metric, field in CAME]
    moved = sorted(changes.moved, key=lambda one: (RANK[one.now], one.code))
    rows = [_moved(one, reader.locale) for one in moved]
    return html.Section(
        [head, html.Div(doors, className="change-doors"), _yesterday(changes, reader), html.Div(rows, className="change-moved")],
        className="changes",
    )


def _door(metric: str, number: int, locale: str) -> html.Button:
    return html.Button(
        [html.Span(text(f"metric.{metric}", locale)), html.Strong(count(number, locale), **marked({"data-count": metric}))],
        type="button",
        className="change-door",
        title=text(f"js.list.{metric}", locale),
        **marked({"data-list": metric, "aria-pressed": "false"}),
    )


def _yesterday(changes: Changes, reader: Reader) -> html.Button:
    """How many were reported yesterday, and whether that is more or fewer than on such a day; the range is on hover too."""
    locale, number = reader.locale, changes.reported_day
    weekday = format_date(datetime.combine(changes.yesterday, time()), "EEEE", locale=known_locale(locale))
    words = text("changes.yesterday", locale, n=count(number, locale))
    if changes.usual is not None:
        low, high = changes.usual
        place = "above" if number > high else "below" if number < low else "within"
        words += text(f"changes.{place}", locale, weekday=weekday, range=span(low, high, locale))
    return html.Button(
        words,
        type="button",
        className="change-yesterday",
        title=text("changes.usual.hint", locale),
        **marked({"data-filter-by": f"reported={changes.yesterday:%Y-%m-%d}"}),
    )


def _moved(move: TierMove, locale: str) -> html.Button:
    way = "up" if RANK[move.now] < RANK[move.before] else "down"
    words = text(
        f"changes.tier-{way}", locale, before=text(f"tier.{move.before}", locale), now=text(f"tier.{move.now}", locale)
    )
    return html.Button(
        [
            tier_mark(move.now, text(f"tier.mark.{move.now}", locale)),
            html.Span(move.name, className="area-name"),
            html.Span(words, className="area-count"),
        ],
        type="button",
        className="area-row",
        **marked({"data-go-area": move.code, "data-tier": move.now}),
    )
