"""The six steps of a case, with the time that it spent in each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dash import html

from dashboard.attributes import marked
from dashboard.formats import duration
from dashboard.texts import text
from dashboard.views import CaseView, Reader, TraceEntry

STAGES = range(1, 7)


def time_in_stages(trace: Sequence[TraceEntry], *, until: datetime) -> dict[int, timedelta]:
    """How long the case stood in each stage: from each event to the next, the last one to `until`."""
    spent: dict[int, timedelta] = {}
    ends = [entry.at for entry in trace[1:]] + [until]
    for entry, end in zip(trace, ends, strict=True):
        if entry.stage:
            spent[entry.stage] = spent.get(entry.stage, timedelta()) + max(end - entry.at, timedelta())
    return spent


def stage_line(case: CaseView, reader: Reader) -> html.Ol:
    """Steps passed, the present one and those to come; the present one carries aria-current."""
    spent = time_in_stages(case.trace, until=case.closed_at or reader.now)
    return html.Ol([_step(number, case, spent, reader) for number in STAGES], className="stage-line")


def _step(number: int, case: CaseView, spent: dict[int, timedelta], reader: Reader) -> html.Li:
    state = "past" if number < case.stage else "now" if number == case.stage else "ahead"
    length = spent.get(number)
    words = duration(length, reader.locale) if length is not None and number <= case.stage else ""
    current = marked({"aria-current": "step"} if state == "now" else {})
    return html.Li(
        [
            html.Span(str(number), className="stage-number"),
            html.Span(text(f"stage.{number}", reader.locale), className="stage-name"),
            html.Span(words, className="stage-time"),
        ],
        className=f"stage stage-{state}",
        **current,
    )
