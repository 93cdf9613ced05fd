"""A case as one printed record: what the PDF shows. Everything that people wrote is escaped."""

from __future__ import annotations

import base64
from html import escape

from dashboard.panels.stage_line import dwell_of, dwell_rows
from dashboard.panels.trace_list import detail_words, moment_of, notice_words, station_time, stations_of, who
from dashboard.view_models import CaseView, Reader
from dashboard.words.formats import clock, deadline, isolated, moment
from dashboard.words.texts import text, text_or

STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm;
  @bottom-right { content: "%(page)s " counter(page) " / " counter(pages); font-size: 8pt; color: #555; }
  @bottom-left { content: "%(foot)s"; font-size: 8pt; color: #555; } }
body { font-family: "Noto Sans CJK SC", "Noto Sans SC", sans-serif; font-size: 10pt; line-height: 1.5; color: #111; }
h1 { font-size: 15pt; margin: 0 0 2mm; } h2 { font-size: 11.5pt; margin: 6mm 0 2mm; border-bottom: .4pt solid #999; }
table { width: 100%%; border-collapse: collapse; } td, th { padding: 1mm 2mm 1mm 0; vertical-align: top; text-align: left; }
th { font-weight: 400; color: #555; white-space: nowrap; width: 24mm; }
.time { text-align: right; white-space: nowrap; } .total td { font-weight: 700; border-top: .4pt solid #999; }
.act { break-inside: avoid; border-bottom: .3pt solid #ddd; padding: 1.5mm 0; } .act b { margin-right: 3mm; }
.quiet { color: #555; } img { width: 100%%; max-height: 90mm; object-fit: contain; border: .3pt solid #bbb; }
ol { padding-left: 6mm; }
"""


def document(case: CaseView, reader: Reader, *, deployment: str, route: str) -> str:
    """The record as an HTML page without any address in it; `route` is the SVG of the case's way."""
    locale = reader.locale
    foot = f"{deployment} · {case.case_no} · {moment(reader.now, locale, reader.zone)}"
    style = STYLE % {"page": text("document.page", locale), "foot": foot.replace('"', "").replace("\\", "")}
    picture = base64.b64encode(route.encode()).decode()
    parts = [
        f"<h1>{_written(case.title)}</h1>",
        f"<p class=quiet>{escape(deployment)} · {escape(text('document.head', locale))} · {escape(case.case_no)}</p>",
        _facts(case, reader),
        f"<h2>{text('dwell.title', locale)}</h2>{_dwell(case, reader)}",
        f'<h2>{text("route.title", locale)}</h2><img alt="" src="data:image/svg+xml;base64,{picture}">',
        _stations(case, reader),
        f"<h2>{text('case.trace', locale)}</h2>{_acts(case, reader)}",
    ]
    language = locale.replace("_", "-")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(case.case_no)}</title>'
        f"<style>{style}</style></head><body>{''.join(parts)}</body></html>"
    )


def _clock(case: CaseView, reader: Reader) -> str:
    """What is left now, and until when: paper stays while time goes on."""
    left = clock(case.due_at, reader.now, reader.locale)
    return left if case.due_at is None else f"{left} · {deadline(case.due_at, reader.locale, reader.zone)}"


def _facts(case: CaseView, reader: Reader) -> str:
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
    cells = "".join(f"<tr><th>{escape(name)}</th><td>{_written(value)}</td></tr>" for name, value in rows)
    return f"<table>{cells}</table>"


def _written(words: str) -> str:
    """Escaped and isolated line by line: an isolate ends with its paragraph."""
    return "\n".join(escape(isolated(line)) for line in words.split("\n"))


def _dwell(case: CaseView, reader: Reader) -> str:
    told = dwell_of(case, reader)
    rows = dwell_rows(told, reader) if told else []
    cells = [
        f"<tr{' class=total' if place == len(rows) else ''}><td>{escape(name)}</td><td class=quiet>{escape(note)}</td>"
        f"<td class=time>{escape(length)}</td></tr>"
        for place, (name, note, length) in enumerate(rows, 1)
    ]
    return f"<table>{''.join(cells)}</table>"


def _stations(case: CaseView, reader: Reader) -> str:
    """What the numbers on the map stand for."""
    items = "".join(
        f"<li>{_written(name)} <span class=quiet>{escape(station_time(at, reader))}</span></li>"
        for name, at in stations_of(case.trace)
    )
    return f"<ol>{items}</ol>"


def _acts(case: CaseView, reader: Reader) -> str:
    """The oldest first, as one reads a record."""
    locale = reader.locale
    told = []
    for entry in case.trace:
        way = " → ".join(part for part in (entry.from_organisation, entry.to_organisation) if part)
        lines = [who(entry, locale), way if entry.from_organisation != entry.to_organisation else ""]
        lines += [*detail_words(entry.details, reader), entry.reason]
        words = "<br>".join(_written(line) for line in lines if line)
        act = text_or(f"act.{entry.act}", locale, entry.act)
        told.append((entry.version, 0, f"<b>{escape(act)}</b>{escape(moment_of(entry, reader))}<br>{words}"))
    for notice in case.notices:
        version = max((entry.version for entry in case.trace if entry.at <= notice.at), default=0)
        words = f"{escape(notice_words(notice, locale))} · {moment(notice.at, locale, reader.zone)}"
        told.append((version, 1, f"<span class=quiet>{words}</span>"))
    return "".join(f"<div class=act>{words}</div>" for _, _, words in sorted(told, key=lambda one: one[:2]))
