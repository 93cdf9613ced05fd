"""Lists of cases as files: what is filtered and shown, as this person may see it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from dashboard.current_viewer import current_address
from dashboard.loaders.case_table import CaseTable, opened
from dashboard.words.formats import count
from dashboard.words.texts import text
from data.audit import access_log
from data.audit.access_log import Actor
from data.queries.cases import CaseFilter
from data.services import Services
from rules.access import Act, Viewer
from rules.access_log import Access, Via
from rules.errors import Problem
from web.case_filters import Columns, Listed, columns_of
from web.dependencies import ServicesDep, ViewerDep, needs
from web.workbooks import SUFFIXES, WRITERS, pieces

router = APIRouter(prefix="/api/export", tags=["cases"], dependencies=[needs(Act.see_cases)])
#: Rows of one file: each a few seconds of one processor (10,000 rows: 2 s as a workbook, 0.2 s as text).
MOST = {"csv": 100_000, "xlsx": 20_000}
#: Files that a process makes at once; others wait so long for their turn.
_turns = threading.BoundedSemaphore(2)
WAIT_S = 20.0
#: What is noted of a search; words that were typed freely are not, only that there were some.
NOTED = tuple(field.name for field in fields(CaseFilter) if field.name not in ("limit", "cursor", "q", "late"))

Suffix = Literal["csv", "xlsx"]


@router.get("/cases.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
def cases_csv(services: ServicesDep, viewer: ViewerDep, listed: Listed, columns: Columns = None) -> StreamingResponse:
    """All cases that the same query of `/api/cases` finds, as CSV. `columns`: which, in which order."""
    return _exported(services, viewer, listed, columns, "csv")


@router.get("/cases.xlsx", response_class=StreamingResponse, responses={200: {"content": {SUFFIXES["xlsx"]: {}}}})
def cases_xlsx(services: ServicesDep, viewer: ViewerDep, listed: Listed, columns: Columns = None) -> StreamingResponse:
    """The same as a workbook, with a sheet that says what it holds."""
    return _exported(services, viewer, listed, columns, "xlsx")


def _exported(
    services: Services, viewer: Viewer, listed: CaseFilter, columns: str | None, suffix: Suffix
) -> StreamingResponse:
    with _turn(), opened(services, viewer, listed, columns_of(columns)) as table:
        if table.total > MOST[suffix]:
            raise _too_long(table.total, suffix, viewer)
        file, n = WRITERS[suffix](table)
    note(services, viewer, listed, f"cases.{suffix}", n)
    headers = {"Content-Disposition": attachment(table, suffix), "Cache-Control": "no-store"}
    return StreamingResponse(pieces(file), media_type=SUFFIXES[suffix], headers=headers)


@contextmanager
def _turn() -> Iterator[None]:
    """Raises Problem busy when all turns stay taken."""
    if not _turns.acquire(timeout=WAIT_S):
        raise Problem("busy")
    try:
        yield
    finally:
        _turns.release()


def _too_long(total: int, suffix: Suffix, viewer: Viewer) -> Problem:
    """That a list has more rows than a file takes, with both numbers."""
    return Problem(
        "list_too_long",
        file=suffix.upper(),
        n=count(total, viewer.locale),
        most=count(MOST[suffix], viewer.locale),
        extra={"total": total, "most": MOST[suffix]},
    )


def note(services: Services, viewer: Viewer, listed: CaseFilter, object: str, rows: int, *, via: Via = Via.api) -> None:
    """The entry of the access log, written before the first byte leaves: if it cannot be written, nothing does."""
    search: dict[str, Any] = {name: _said(value) for name in NOTED if (value := getattr(listed, name))}
    if listed.q:
        search["words"] = True
    entry = access_log.entry(
        Access.export,
        Actor(viewer, via, current_address.get()),
        object=object,
        details={"rows": rows, "search": search},
    )
    with services.database.writing(viewer) as connection:
        access_log.append(connection, [entry])


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def attachment(table: CaseTable, suffix: str) -> str:
    """A name with area and date; the letters of the area as RFC 6266 carries them."""
    reader = table.reader
    day = f"{reader.now.astimezone(ZoneInfo(reader.zone)):%Y%m%d}"
    name = "".join("_" if letter in '\\/:*?"<>|' or not letter.isprintable() else letter for letter in table.area)
    full = f"{text('export.file', reader.locale)}-{name}-{day}.{suffix}"
    return f"attachment; filename=\"cases-{day}.{suffix}\"; filename*=UTF-8''{quote(full, safe='')}"
