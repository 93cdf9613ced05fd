"""A list of cases on paper and in files: its headings, cells, and what it is narrowed to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.view_models import Reader
from dashboard.words.formats import moment
from dashboard.words.texts import text, text_or

CODED = {"severity": "severity", "kind": "kind", "status": "status"}
NAMED = {"area": "area_name", "category": "category_name", "holder": "holder_name"}
#: Bounds of a filter that are moments, in the order in which they are said.
PERIODS = ("reported_from", "reported_to", "settled_from", "settled_to", "due_from")
#: Sets of states that a list is opened by; a single state has its own words.
SETS = ("open", "waiting", "at_work", "to_file", "done", "overdue")


def heading(column: str, locale: str) -> str:
    return text(f"list.column.{column}", locale)


def value(row: Mapping[str, Any], column: str, reader: Reader) -> str | datetime:
    """What a column says of a case; a moment in the deployment's zone, without its offset, as a workbook knows it."""
    if column in CODED:
        return text_or(f"{CODED[column]}.{row[column]}", reader.locale, str(row[column]))
    found = row[NAMED.get(column, column)]
    if isinstance(found, datetime):
        return found.astimezone(ZoneInfo(reader.zone)).replace(tzinfo=None)
    return "" if found is None else str(found)


def plain(cell: str | datetime) -> str:
    """The same as text, sortable as it stands."""
    return cell if isinstance(cell, str) else cell.strftime("%Y-%m-%d %H:%M")


def narrowed(wanted: Any, names: Mapping[str, str], reader: Reader) -> list[str]:
    """What the list is narrowed to beside its area; `names`: of its category and holder."""
    locale = reader.locale
    parts = [_set(wanted.status, locale)] if wanted.status else []
    parts += [text("list.set.overdue", locale)] if wanted.overdue and wanted.status != "overdue" else []
    parts += [text("list.set.unlocated", locale)] if wanted.unlocated else []
    parts += [text(f"{name}.{getattr(wanted, name)}", locale) for name in ("kind", "severity") if getattr(wanted, name)]
    parts += [names.get(name, "") for name in ("category", "holder") if getattr(wanted, name)]
    for name in PERIODS:
        if at := getattr(wanted, name):
            parts.append(text(f"list.{name}", locale, at=moment(at, locale, reader.zone)))
    parts += [text("list.box", locale)] if wanted.box else []
    if wanted.q:
        parts.append(text("list.words", locale, words=wanted.q))
    return [part for part in parts if part]


def _set(status: str, locale: str) -> str:
    return text(f"list.set.{status}", locale) if status in SETS else text_or(f"status.{status}", locale, status)
