"""What every route of the API takes: the services, who asks, and values of queries, checked the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import Depends, Header, Path, Query, Request
from pydantic import AfterValidator, BeforeValidator, Field
from starlette.responses import Response

from dashboard.current_viewer import Visit, require_viewer, require_visit
from data.services import Services
from rules.access import Act, Viewer, may
from rules.errors import Problem
from rules.numbers import digits
from web.schemas.base import Kind, Severity, clean_text, in_utc
from web.schemas.problems import ProblemDocument


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _viewer() -> Viewer:
    return require_viewer()


async def _visit() -> Visit:
    return require_visit()


ServicesDep = Annotated[Services, Depends(_services)]
ViewerDep = Annotated[Viewer, Depends(_viewer)]
VisitDep = Annotated[Visit, Depends(_visit)]


def needs(act: Act) -> Any:
    """A dependency that raises Problem forbidden for a role that may not do this."""

    async def check() -> None:
        if not may(require_viewer().role, act):
            raise Problem("forbidden")

    return Depends(check)


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _aware(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is None:
        return value and value.replace(tzinfo=UTC)
    return in_utc(value)


def _whole(value: object) -> object:
    """A number in an address, in ASCII digits alone: pydantic also takes `1_0`, ` 7`, `1.0` and digits of any script."""
    if not isinstance(value, str):
        return value
    number = digits(value)
    if number is None:
        raise ValueError("is not a whole number")
    return number


Whole = BeforeValidator(_whole)
EmptyIsNone = BeforeValidator(_empty_is_none)
#: A code of any shape is looked up; one that cannot be is as unknown as the others.
AreaCode = Annotated[str, Path(max_length=200)]
CaseNo = Annotated[str, Path(max_length=200)]
AreaQuery = Annotated[str | None, Query(max_length=200), EmptyIsNone]
Words = Annotated[
    str | None, Query(max_length=100), AfterValidator(lambda value: value and clean_text(value)), EmptyIsNone
]
Limit = Annotated[int, Query(ge=1, le=500), Whole]
Cursor = Annotated[str | None, Query(max_length=1000), EmptyIsNone]
Flag = Annotated[bool | None, Query(), EmptyIsNone]
Moment = Annotated[datetime | None, Query(), AfterValidator(_aware), EmptyIsNone]
Choice = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_.\-]*$"), EmptyIsNone]
KindChoice = Annotated[Kind | None, Query(), EmptyIsNone]
SeverityChoice = Annotated[Severity | None, Query(), EmptyIsNone]
IdempotencyKey = Annotated[
    Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")] | None,
    Header(alias="Idempotency-Key"),
]
BaseKind = Literal["river", "outline", "place_name"]

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemDocument, "description": words}
    for status, words in {
        400: "Not a readable request",
        401: "Nobody is logged in",
        403: "Not allowed to this role or from this page",
        404: "Not found, or outside what this person may see",
        405: "Another method",
        413: "The request is too large",
        422: "A field or the move is not valid",
        503: "The database does not answer",
    }.items()
}


def as_json(content: object, *, status: int = 200) -> Response:
    """For answers in columns, which are long and have been built by ourselves: no model is run over each value."""
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)
    return Response(body, status_code=status, media_type="application/json")


def as_list(items: list[Any]) -> dict[str, Any]:
    """A list that is never paged, in the shape of all lists."""
    return {"items": items, "next_cursor": None, "total": len(items)}
