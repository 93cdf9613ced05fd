"""What the page of the measures shows of an area and a period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.loaders.reader import reader_of
from dashboard.view_models import Reader
from data.queries import areas, deployment, forecasts, measured
from data.queries.measured import Asked
from data.services import Services
from rules.access import Viewer
from rules.errors import Problem
from rules.metrics import MEASURES

USUAL = "one_time_settlement"
DAY = r"(\d{4})-(\d{2})(?:-(\d{2}))?"
PERIOD = re.compile(rf"{DAY}(?:_{DAY})?", re.ASCII)


@dataclass(frozen=True)
class MeasuresPage:
    """`all`: each measure of the area. `units`, `months`: the chosen one in parts."""

    area: str
    name: str
    office: str
    synthetic: bool
    period: str
    chosen: str
    all: list[dict[str, Any]]
    units: list[dict[str, Any]]
    months: list[dict[str, Any]]
    forecast: dict[str, Any]
    below: list[tuple[str, str]]
    reader: Reader


def period_of(words: str, zone: ZoneInfo, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The bounds of a period as the address says it; the present day, month or year ends now. Raises Problem invalid."""
    if not words:
        return None, None
    found = PERIOD.fullmatch(words)
    if found is None:
        raise Problem("invalid", field="period", value=words[:40])
    first, last = found.groups()[:3], found.groups()[3:]
    try:
        begin = date(int(first[0]), int(first[1]), int(first[2] or 1))
        end = _after(*(last if last[0] else first))
    except ValueError as error:
        raise Problem("invalid", field="period", value=words[:40]) from error
    since, until = (datetime.combine(day, datetime.min.time(), zone) for day in (begin, end))
    return since, min(until, now) if since < now else until


def _after(year: str, month: str, day: str | None) -> date:
    """The day after the last one of a day or a month."""
    if day:
        return date(int(year), int(month), int(day)) + timedelta(days=1)
    return (date(int(year), int(month), 1) + timedelta(days=32)).replace(day=1)


def read_measures(services: Services, viewer: Viewer, area: str, period: str, metric: str) -> MeasuresPage:
    """As this viewer may see it. Raises Problem not_found (area), invalid (period, metric)."""
    reader = reader_of(services, viewer)
    chosen = metric or USUAL
    if chosen not in MEASURES:
        raise Problem("invalid", field="metric", value=chosen)
    since, until = period_of(period, ZoneInfo(reader.zone), reader.now)
    with services.database.reading(viewer) as connection:
        key, shape = areas.find_with_key(connection, area, locale=reader.locale)

        def read(name: str, by: str | None = None) -> dict[str, Any]:
            asked = Asked(name, area, since, until, by)
            return measured.answer(connection, asked, viewer, now=reader.now, sla=services.sla)

        facts = deployment.facts(connection, locale=reader.locale)
        return MeasuresPage(
            area, shape["name"], facts["name"], facts["synthetic"], period, chosen,
            [read(name) for name in MEASURES], read(chosen, "area")["by"], read(chosen, "month")["by"],
            forecasts.ahead(connection, area, viewer, now=reader.now),
            [(one["code"], one["name"]) for one in areas.children(connection, key, locale=reader.locale)], reader,
        )  # fmt: skip
