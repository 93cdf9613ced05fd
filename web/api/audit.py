"""The access log for auditors: search, and export as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from dashboard.current_viewer import current_address
from dashboard.loaders.reader import reader_of
from dashboard.words.access_csv import lines
from data.audit import access_log as log
from data.audit.access_log import Actor
from data.queries import access_log
from data.queries.access_log import AccessFilter
from rules.access import Act
from rules.access_log import Access
from rules.numbers import digits
from web.dependencies import AreaQuery, Choice, EmptyIsNone, Limit, Moment, ServicesDep, ViewerDep, Words, needs
from web.schemas.audit import AccessList

router = APIRouter(prefix="/api/audit", tags=["audit"], dependencies=[needs(Act.verify_trace)])
Result = Annotated[Literal["done", "failed", "refused", "throttled"] | None, Query(), EmptyIsNone]
Number = Annotated[str | None, Query(max_length=64), EmptyIsNone]
After = Annotated[str | None, Query(max_length=18, pattern=r"^[0-9]*$"), EmptyIsNone]


def wanted(
    who: Words = None,
    what: Choice = None,
    outcome: Result = None,
    case_no: Number = None,
    area: AreaQuery = None,
    since: Annotated[Moment, Query(alias="from")] = None,
    until: Annotated[Moment, Query(alias="to")] = None,
) -> AccessFilter:
    """`who`: part of an account's name, or `command_line`; `what`: an act like `case.read`, or all of a kind, `case`;
    `to` itself is not included."""
    return AccessFilter(who, what, outcome, case_no, area, since, until)


Wanted = Annotated[AccessFilter, Depends(wanted)]


@router.get("", response_model=AccessList)
def entries(
    services: ServicesDep, viewer: ViewerDep, asked: Wanted, limit: Limit = 50, cursor: After = None
) -> dict[str, Any]:
    """Entries of the access log within the auditor's area, the newest first."""
    before = digits(cursor) if cursor else None
    with services.database.reading(viewer) as connection:
        return access_log.page(connection, asked, limit=limit, before=before, locale=viewer.locale)


@router.get("/export.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
def export(services: ServicesDep, viewer: ViewerDep, asked: Wanted) -> StreamingResponse:
    """All entries that a search finds, as CSV. The export is an entry itself, written before its first line leaves."""
    with services.database.reading(viewer) as connection:
        total = access_log.page(connection, asked, limit=1, before=None, locale=viewer.locale)["total"]
    by = Actor(viewer, address=current_address.get())
    # not what was typed freely
    names = ("what", "outcome", "area", "since", "until")
    search = {name: str(value) for name in names if (value := getattr(asked, name)) is not None}
    with services.database.writing(viewer) as connection:
        own = log.append(
            connection, [log.entry(Access.export, by, object="audit.csv", details={"rows": total, "search": search})]
        )
    entries = access_log.every(services.database, viewer, asked, newest=own, locale=viewer.locale)
    headers = {"Content-Disposition": 'attachment; filename="access-log.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(
        _encoded(lines(entries, reader_of(services, viewer))), media_type="text/csv; charset=utf-8", headers=headers
    )


def _encoded(texts: Iterator[str]) -> Iterator[bytes]:
    """With a byte order mark: spreadsheet programs take the text for another encoding without it."""
    yield b"\xef\xbb\xbf"
    for line in texts:
        yield line.encode()
