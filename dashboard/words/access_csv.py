"""The access log as CSV in the reader's language; cells that a spreadsheet would compute are neutralised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.view_models import Reader
from dashboard.words import access_entries
from dashboard.words.cells import line
from dashboard.words.texts import text

HEADINGS = ("seq", "at", "who", "role", "body", "area", "what", "outcome", "case", "object", "via", "address", "n", "until", "hash")


def lines(entries: Iterable[Mapping[str, Any]], reader: Reader) -> Iterator[str]:
    """The headings, then one line an entry."""
    yield line([text(f"audit.column.{name}", reader.locale) for name in HEADINGS])
    for entry in entries:
        yield line(_cells(entry, reader))


def _cells(entry: Mapping[str, Any], reader: Reader) -> list[object]:
    locale = reader.locale
    until = entry["details"].get("until")
    return [
        entry["seq"],
        _stamp(entry["at"], reader),
        access_entries.who(entry, locale),
        access_entries.role(entry, locale),
        (entry["organisation"] or {}).get("name", ""),
        entry["area"],
        access_entries.what(entry["act"], locale),
        text(f"audit.outcome.{entry['outcome']}", locale),
        entry["case_no"],
        access_entries.described(entry, locale),
        text(f"audit.via.{entry['via']}", locale),
        entry["address"],
        entry["n"],
        _stamp(datetime.fromisoformat(until), reader) if until else "",
        entry["hash"],
    ]


def _stamp(at: datetime, reader: Reader) -> str:
    return at.astimezone(ZoneInfo(reader.zone)).isoformat(sep=" ", timespec="seconds")
