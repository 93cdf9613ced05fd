"""The access log as CSV: words in the reader's language, no cell that a spreadsheet program would compute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.view_models import Reader
from dashboard.words import access_entries
from dashboard.words.texts import text

HEADINGS = ("seq", "at", "who", "role", "body", "area", "what", "outcome", "case", "object", "via", "address", "n", "until", "hash")
#: What begins a formula, in the letters of either width; a tab or a return may stand before it.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def cell(value: object) -> str:
    """The value as text; an apostrophe keeps a formula from being one."""
    words = str(value)
    return f"'{words}" if words.startswith(FORMULA) or words.lstrip().startswith(FORMULA) else words


def lines(entries: Iterable[Mapping[str, Any]], reader: Reader) -> Iterator[str]:
    """The headings, then one line an entry."""
    yield _line([text(f"audit.column.{name}", reader.locale) for name in HEADINGS])
    for one in entries:
        yield _line(_cells(one, reader))


def _cells(one: Mapping[str, Any], reader: Reader) -> list[object]:
    locale = reader.locale
    until = one["details"].get("until")
    return [
        one["seq"],
        _stamp(one["at"], reader),
        access_entries.who(one, locale),
        access_entries.role(one, locale),
        (one["organisation"] or {}).get("name", ""),
        one["area"],
        access_entries.what(one["act"], locale),
        text(f"audit.outcome.{one['outcome']}", locale),
        one["case_no"],
        access_entries.described(one, locale),
        text(f"audit.via.{one['via']}", locale),
        one["address"],
        one["n"],
        _stamp(datetime.fromisoformat(until), reader) if until else "",
        one["hash"],
    ]


def _stamp(at: datetime, reader: Reader) -> str:
    return at.astimezone(ZoneInfo(reader.zone)).isoformat(sep=" ", timespec="seconds")


def _line(cells: list[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([cell(one) for one in cells])
    return out.getvalue()
