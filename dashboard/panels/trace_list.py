"""The trace of a case, latest first: role and organisation, act, time, from where to where, details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.icons import icon
from dashboard.view_models import CaseView, Reader, ReminderEntry, TraceEntry
from dashboard.words.formats import deadline, moment, relative
from dashboard.words.texts import text, text_or

# What the details of an act hold, and the family of texts that their codes belong to.
CODED = {
    "method": "method",
    "outcome": "outcome",
    "agreement": "agreement",
    "form": "supervision",
    "choice": "choice",
    "satisfaction": "satisfaction",
}


def trace_list(case: CaseView, reader: Reader) -> html.Ol:
    """Acts and, quieter, the notices of the clocks between them."""
    entries: list[tuple[datetime, int, html.Li]] = [
        (entry.at, entry.version, _entry(entry, reader)) for entry in case.trace
    ]
    # a reminder follows the last act before it; acts keep the order of their versions
    for reminder in case.reminders:  # of one moment the higher level comes later
        version = max((entry.version for entry in case.trace if entry.at <= reminder.at), default=0)
        entries.append((reminder.at, version, _reminder(reminder, reader)))
    entries.sort(key=lambda one: (one[1], one[0]))
    return html.Ol([item for _, _, item in reversed(entries)], className="trace")


def who(entry: TraceEntry, locale: str) -> str:
    """Role and organisation, never a person."""
    return " · ".join(part for part in (text_or(f"role.{entry.role}", locale, entry.role), entry.organisation) if part)


def detail_words(details: Mapping[str, Any], reader: Reader) -> list[str]:
    """What was given with an act, in words, one line each; what nobody knows any more is left out."""
    locale = reader.locale
    lines = [
        text(f"detail.{name}", locale, value=text_or(f"{family}.{details[name]}", locale, str(details[name])))
        for name, family in CODED.items()
        if details.get(name) not in (None, "")
    ]
    if details.get("changed"):
        words = [text_or(f"column.{one}", locale, str(one)) for one in details["changed"]]
        lines.append(text("detail.changed", locale, value=text("list.joiner", locale).join(words)))
    if details.get("people"):
        words = [text_or(f"attendee.{one}", locale, str(one)) for one in details["people"]]
        lines.append(text("detail.people", locale, value=text("list.joiner", locale).join(words)))
    if details.get("until"):
        until = datetime.fromisoformat(details["until"])
        lines.append(text("detail.until", locale, value=deadline(until, locale, reader.zone)))
    if details.get("rank") and details["rank"] > 1:
        lines.append(text("detail.rank", locale, value=details["rank"]))
    lines += [text(f"detail.{name}", locale, value=details[name]) for name in ("into", "from") if details.get(name)]
    if details.get("to_area"):
        lines.append(text("detail.relocated", locale, was=details.get("from_area", ""), now=details["to_area"]))
    if details.get("named"):
        lines.append(text("detail.named", locale, value=details["named"]))
    if details.get("pointed"):
        lon, lat = details["pointed"]
        lines.append(text("detail.pointed", locale, lon=f"{lon:.5f}", lat=f"{lat:.5f}"))
    if details.get("rule"):
        lines.append(text_or(f"rule.{details['rule']}", locale, str(details["rule"])))
    return lines


def _entry(entry: TraceEntry, reader: Reader) -> html.Li:
    locale = reader.locale
    lines: list = [
        html.Div(
            [
                html.Span(text_or(f"act.{entry.act}", locale, entry.act), className="trace-act"),
                _time(entry, reader),
            ],
            className="trace-line",
        ),
        html.Div(who(entry, locale), className="quiet"),
    ]
    if entry.to_organisation and entry.to_organisation != entry.from_organisation:
        way = [html.Span(entry.from_organisation)] if entry.from_organisation else []
        lines.append(html.Div([*way, icon("arrow-right"), html.Span(entry.to_organisation)], className="trace-to"))
    lines += [html.Div(words, className="trace-detail") for words in detail_words(entry.details, reader)]
    if entry.reason:
        lines.append(html.Div(entry.reason, className="trace-reason"))
    return html.Li(lines, className="trace-entry")


def _time(entry: TraceEntry, reader: Reader) -> Component:
    locale = reader.locale
    if not entry.time_known:
        return html.Span(text("time.unknown", locale), className="quiet")
    return html.Time(
        relative(entry.at, reader.now, locale, reader.zone),
        dateTime=entry.at.isoformat(),
        title=moment(entry.at, locale, reader.zone),
        className="quiet",
    )


def moment_of(entry: TraceEntry, reader: Reader) -> str:
    """When it was, to the minute, or that nobody knows."""
    return moment(entry.at, reader.locale, reader.zone) if entry.time_known else text("time.unknown", reader.locale)


def _reminder(reminder: ReminderEntry, reader: Reader) -> html.Li:
    words = reminder_words(reminder, reader.locale)
    at = html.Time(
        relative(reminder.at, reader.now, reader.locale, reader.zone),
        dateTime=reminder.at.isoformat(),
        title=moment(reminder.at, reader.locale, reader.zone),
        className="quiet",
    )
    return html.Li(html.Div([html.Span(words), at], className="trace-line"), className="trace-entry trace-notice")


def reminder_words(reminder: ReminderEntry, locale: str) -> str:
    step = text(f"step.{reminder.step}", locale)
    topics = {"warn": "reminder", "leader": "passed", "above": "passed_twice"}
    return text(f"message.clock.{topics[reminder.level]}", locale, step=step)


def station_time(at: datetime | None, reader: Reader) -> str:
    return text("time.unknown", reader.locale) if at is None else moment(at, reader.locale, reader.zone, form="short")


def stations_of(trace: Sequence[TraceEntry]) -> list[tuple[str, datetime | None]]:
    """Each holder once per stay, with the moment it got the case; None where nobody knows it."""
    stations: list[tuple[str, datetime | None]] = []
    for entry in trace:
        holder = entry.to_organisation or entry.organisation
        if holder and (not stations or stations[-1][0] != holder):
            stations.append((holder, entry.at if entry.time_known else None))
    return stations
