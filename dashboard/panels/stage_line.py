"""The six stages of a case with the time spent in each; the times add up to the total."""

from __future__ import annotations

from datetime import timedelta

from dash import html

from dashboard.attributes import marked
from dashboard.view_models import CaseView, Reader
from dashboard.words.formats import duration
from dashboard.words.texts import text
from rules.cases import Status
from rules.stages import Dwell, Stay, dwell, whole_minutes

STAGES = range(1, 7)


def dwell_of(case: CaseView, reader: Reader) -> Dwell | None:
    """The stays of a case up to now, or to its close; None for a reader who does not see its trace."""
    moved = [entry for entry in case.trace if entry.to_status]
    steps = [(entry.at, Status(entry.to_status)) for entry in moved]
    untold = [place for place, entry in enumerate(moved) if not entry.time_known]
    return dwell(steps, case.closed_at or reader.now, untold) if steps else None


def stage_line(case: CaseView, reader: Reader) -> html.Ol:
    """Steps passed, the present one and those to come; the present one carries aria-current."""
    dwell = dwell_of(case, reader)
    stays = (
        {} if dwell is None else dict(zip((stay.stage for stay in dwell.stays), _lengths(dwell, reader), strict=True))
    )
    return html.Ol([_step(number, case, stays.get(number), reader) for number in STAGES], className="stage-line")  # type: ignore[call-overload]


def _lengths(dwell: Dwell, reader: Reader) -> list[str]:
    """The time of each stay in words."""
    return [
        duration(timedelta(minutes=minutes), reader.locale) if stay.known else text("time.unknown", reader.locale)
        for stay, minutes in zip(dwell.stays, whole_minutes(dwell), strict=True)
    ]


def _step(number: int, case: CaseView, length: str | None, reader: Reader) -> html.Li:
    state = "past" if number < case.stage else "now" if number == case.stage else "ahead"
    current = marked({"aria-current": "step"} if state == "now" else {})
    parts = [
        html.Span(str(number), className="stage-number"),
        html.Span(text(f"stage.{number}", reader.locale), className="stage-name"),
        html.Span(length or "", className="stage-time"),
    ]
    lost = number == case.lost_in
    if lost:
        parts.append(
            html.Span(
                text("stage.longest", reader.locale),
                className="stage-longest",
                title=text("stage.longest.hint", reader.locale),
            )
        )
    return html.Li(parts, className=f"stage stage-{state}{' stage-lost' if lost else ''}", **current)


def dwell_rows(dwell: Dwell, reader: Reader) -> list[tuple[str, str, str]]:
    """Each stage with its visits and pauses in words and its time to the minute, the total at the end."""
    rows = [
        (
            text(f"stage.{int(stay.stage)}", reader.locale),
            _visits(stay, reader),
            exact(minutes, reader.locale) if stay.known else text("time.unknown", reader.locale),
        )
        for stay, minutes in zip(dwell.stays, whole_minutes(dwell), strict=True)
    ]
    return [
        *rows,
        (text("dwell.total", reader.locale), "", exact(int(dwell.total / timedelta(minutes=1)), reader.locale)),
    ]


def _visits(stay: Stay, reader: Reader) -> str:
    words = [text("dwell.visits", reader.locale, n=stay.visits)] if stay.visits > 1 else []
    if stay.paused and stay.known:
        words.append(text("dwell.paused", reader.locale, length=duration(stay.paused, reader.locale)))
    return text("list.joiner", reader.locale).join(words)


def exact(minutes: int, locale: str) -> str:
    """Days, hours and minutes, all of them, so that a reader can add them up."""
    days, rest = divmod(minutes, 1440)
    parts = [("time.days", days)] if days else []
    parts += [("time.hours", rest // 60)] if days or rest >= 60 else []
    parts.append(("time.minutes", rest % 60))
    return text("time.joiner", locale).join(text(key, locale, n=number) for key, number in parts)


def dwell_table(case: CaseView, reader: Reader) -> html.Table | None:
    """The stays as a table for the case's own page."""
    dwell = dwell_of(case, reader)
    if dwell is None:
        return None
    rows = [
        html.Tr([html.Td(name), html.Td(note, className="quiet"), html.Td(length, className="figures")])
        for name, note, length in dwell_rows(dwell, reader)
    ]
    return html.Table(html.Tbody(rows), className="table dwell")
