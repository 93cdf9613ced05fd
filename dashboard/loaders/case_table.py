"""A whole list of cases, for files and paper: read in one snapshot, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from dashboard.loaders.reader import reader_of
from dashboard.view_models import Reader
from dashboard.words import case_table as words
from data.queries import areas, cases, categories, deployment, organisations
from data.queries.cases import CaseFilter
from data.services import Services
from rules.access import Act, Viewer, may

Row = list[str | datetime]


@dataclass(frozen=True)
class CaseTable:
    """`rows` is read once, while the table is open; `total`: how many there are in all."""

    office: str
    area: str
    synthetic: bool
    narrowed: list[str]
    columns: tuple[str, ...]
    headings: list[str]
    rows: Iterator[Row]
    total: int
    reader: Reader


@contextmanager
def opened(
    services: Services, viewer: Viewer, wanted: CaseFilter, columns: Sequence[str], *, most: int | None = None
) -> Iterator[CaseTable]:
    """The list as this viewer may see it, `most` rows of it. Raises Problem not_found (area), invalid (status, sort)."""
    reader = reader_of(services, viewer)
    shown = tuple(name for name in columns if name != "title" or may(viewer.role, Act.see_case_text))
    with services.database.reading(viewer) as connection:
        area = areas.find(connection, wanted.area, locale=reader.locale)
        facts = deployment.facts(connection, locale=reader.locale)
        found = cases.every(connection, wanted, reader.now, viewer)
        first = next(found, None)
        rows = islice(chain([first], found), most) if first else iter(())
        yield CaseTable(
            office=facts["name"],
            area=area["name"],
            synthetic=facts["synthetic"],
            narrowed=words.narrowed(wanted, _names(connection, wanted, reader.locale), reader),
            columns=shown,
            headings=[words.heading(column, reader.locale) for column in shown],
            rows=([words.value(row, column, reader) for column in shown] for row in rows),
            total=first["total"] if first else 0,
            reader=reader,
        )


def _names(connection: Any, wanted: CaseFilter, locale: str) -> dict[str, Any]:
    names = {"category": wanted.category}
    if wanted.category:
        known = categories.case_categories(connection, locale=locale)
        names["category"] = next((row["name"] for row in known if row["code"] == wanted.category), wanted.category)
    if wanted.holder:
        names["holder"] = organisations.names(connection, [wanted.holder], locale=locale).get(wanted.holder, "")
    return names
