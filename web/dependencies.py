"""Dependencies of the API's routes: services, viewer, and query values, checked the same everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import Depends, Header, Path, Query, Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BeforeValidator, Field
from starlette.responses import Response

from dashboard.current_viewer import Visit, require_viewer, require_visit
from data.services import Services
from rules.access import Act, Viewer, may
from rules.errors import Problem
from rules.numbers import digits
from web.deployment_zone import local_moment
from web.schemas.base import Kind, Severity, clean_text
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


FOR_PROGRAMS = ("/api/", "/tiles/")
#: The token of a wall display is taken in the address of every request.
ON_EVERY_ROUTE = frozenset({"display"})


async def known_parameters(request: Request) -> None:
    """A dependency that raises Problem invalid for a parameter that a route for programs does not take: a misspelt
    filter would answer with everything."""
    if not request.url.path.startswith(FOR_PROGRAMS):
        return
    unknown = sorted(set(request.query_params) - ON_EVERY_ROUTE - _parameters(request.scope["route"]))
    if unknown:
        raise Problem("invalid", field=unknown[0], value="", extra={"fields": unknown})


#: By endpoint: routes are compared by value and cannot be keys.
_known: dict[Any, frozenset[str]] = {}


def _parameters(route: APIRoute) -> frozenset[str]:
    if route.endpoint not in _known:
        fields = get_flat_params(route.dependant)
        _known[route.endpoint] = frozenset(field.alias for field in fields if isinstance(field.field_info, params.Query))
    return _known[route.endpoint]


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


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
Moment = Annotated[datetime | None, Query(), BeforeValidator(local_moment), EmptyIsNone]
#: A past moment instead of now.
AsOf = Annotated[
    datetime | None, Query(description="As it was at this moment of the past"), BeforeValidator(local_moment), EmptyIsNone
]
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
    """For answers that are long or often asked for and have been built by ourselves: no model is run over each value."""
    return Response(encoded(content), status_code=status, media_type="application/json")


def encoded(content: object) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def as_list(items: list[Any]) -> dict[str, Any]:
    """A list that is never paged, in the shape of all lists."""
    return {"items": items, "next_cursor": None, "total": len(items)}
