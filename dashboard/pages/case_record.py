"""The printed record of a case, as the PDF shows it."""

from __future__ import annotations

import base64
from operator import itemgetter
from typing import Any

from dashboard.panels.stage_line import dwell_of, dwell_rows
from dashboard.panels.trace_list import detail_words, moment_of, reminder_words, station_time, stations_of, who
from dashboard.templating import render
from dashboard.view_models import CaseView, Reader, ReminderEntry, TraceEntry
from dashboard.words.formats import clock, deadline, moment
from dashboard.words.texts import text, text_or


def document(case: CaseView, reader: Reader, *, deployment: str, synthetic: bool, route: str) -> str:
    """The record as an HTML page without any address in it; `route` is the SVG of the case's way."""
    locale = reader.locale
    return render(
        "case_record.html",
        locale,
        case_no=case.case_no,
        title=case.title,
        deployment=deployment,
        synthetic=synthetic,
        foot=f"{deployment} · {case.case_no} · {moment(reader.now, locale, reader.zone)}",
        facts=_facts(case, reader),
        dwell=_dwell(case, reader),
        picture=base64.b64encode(route.encode()).decode(),
        stations=[(name, station_time(at, reader)) for name, at in stations_of(case.trace)],
        entries=_entries(case, reader),
    )


def _clock(case: CaseView, reader: Reader) -> str:
    """What is left now, and until when: paper stays while time goes on."""
    left = clock(case.due_at, reader.now, reader.locale, step=case.clock)
    return left if case.due_at is None else f"{left} · {deadline(case.due_at, reader.locale, reader.zone)}"


def _facts(case: CaseView, reader: Reader) -> list[tuple[str, str]]:
    locale = reader.locale
    rows = [
        (text("report.kind", locale), f"{text(f'kind.{case.kind}', locale)} · {case.category}"),
        (text("report.severity", locale), text(f"severity.{case.severity}", locale)),
        (text("document.status", locale), text(f"status.{case.status}", locale)),
        (text("case.place", locale), case.place),
        (text("case.holder", locale), case.holder),
        (text("case.clock", locale), _clock(case, reader)),
        (text("case.reported", locale), moment(case.reported_at, locale, reader.zone)),
        (text("report.source", locale), text_or(f"source.{case.source}", locale, case.source)),
    ]
    if case.description:
        rows.append((text("case.description", locale), case.description))
    return rows


def _dwell(case: CaseView, reader: Reader) -> list[tuple[str, str, str]]:
    dwell = dwell_of(case, reader)
    return dwell_rows(dwell, reader) if dwell else []


def _entries(case: CaseView, reader: Reader) -> list[dict[str, Any]]:
    """Acts and the reminders of the clocks between them, the oldest first, as one reads a record."""
    acts = [(entry.version, 0, _act(entry, reader)) for entry in case.trace]
    reminders = [(_version_before(case, entry), 1, _reminder(entry, reader)) for entry in case.reminders]
    return [entry for _, _, entry in sorted(acts + reminders, key=itemgetter(0, 1))]


def _act(entry: TraceEntry, reader: Reader) -> dict[str, Any]:
    locale = reader.locale
    way = " → ".join(part for part in (entry.from_organisation, entry.to_organisation) if part)
    lines = [
        who(entry, locale),
        way if entry.from_organisation != entry.to_organisation else "",
        *detail_words(entry.details, reader),
        entry.reason,
    ]
    act = text_or(f"act.{entry.act}", locale, entry.act)
    return {"act": act, "at": moment_of(entry, reader), "lines": [line for line in lines if line]}


def _version_before(case: CaseView, reminder: ReminderEntry) -> int:
    return max((entry.version for entry in case.trace if entry.at <= reminder.at), default=0)


def _reminder(reminder: ReminderEntry, reader: Reader) -> dict[str, Any]:
    at = moment(reminder.at, reader.locale, reader.zone)
    return {"act": "", "words": f"{reminder_words(reminder, reader.locale)} · {at}"}
