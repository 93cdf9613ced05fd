"""A list of cases on paper: the office, what the list holds, as of when."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dashboard.loaders.case_table import CaseTable
from dashboard.templating import render
from dashboard.words.case_table import plain
from dashboard.words.formats import count, moment
from dashboard.words.texts import text


def _parts(column: str, cell: str | datetime) -> list[str]:
    """A moment may be broken between its day and its hour, and nowhere else. A day ends at 24:00, as on the screens."""
    if isinstance(cell, str):
        return [cell]
    if column == "due_at" and cell.time() == time.min:
        return [f"{cell - timedelta(days=1):%Y-%m-%d}", "24:00"]
    return plain(cell).split(" ")


def document(table: CaseTable) -> tuple[str, int]:
    """The page, and how many rows it shows."""
    locale = table.reader.locale
    rows = [list(zip(table.columns, map(_parts, table.columns, row), strict=True)) for row in table.rows]
    words = text("list.joiner", locale).join(table.narrowed) or text("print.all", locale)
    key = "print.cut" if len(rows) < table.total else "print.rows"
    page = render(
        "case_table.html",
        locale,
        office=table.office,
        area=table.area,
        synthetic=table.synthetic,
        filter=text("print.filter", locale, words=words),
        rows_told=text(key, locale, n=count(table.total, locale), most=count(len(rows), locale)),
        at=text("print.at", locale, at=moment(table.reader.now, locale, table.reader.zone)),
        headings=table.headings,
        rows=rows,
    )
    return page, len(rows)
