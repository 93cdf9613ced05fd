"""Problems as answers: RFC 9457 documents with a stable `code` for programs, pages for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from dash.exceptions import DependencyException, InvalidResourceError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from dashboard.current_viewer import note_shown
from dashboard.templating import render
from dashboard.words.problems import detail_of, fault_words, words_of
from rules.errors import Problem
from web.audience import is_person
from web.locale import locale_of

MEDIA_TYPE = "application/problem+json"
#: What a framework's bare status means in our catalogue.
CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many",
    503: "unavailable",
}
RETRY_AFTER = {429: "5", 503: "2"}
log = logging.getLogger(__name__)


def problem_document(problem: Problem, locale: str) -> dict[str, object]:
    """The problem in words of `locale`, with what the catalogue and the raiser add to it."""
    return {
        "type": f"urn:gridboard:problem:{problem.code}",
        "title": words_of(problem, locale),
        "status": problem.status,
        "code": problem.code,
        "detail": detail_of(problem, locale),
        **({"errors": errors} if (errors := fault_words(problem, locale)) else {}),
        **problem.extra,
    }


def problem_response(problem: Problem, scope: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """A page where a person looks at the answer, else a document."""
    locale = locale_of(scope)
    all_headers = {"Cache-Control": "no-store", **retry_headers(problem), **(headers or {})}
    if is_person(scope):
        return HTMLResponse(_page(problem, locale), status_code=problem.status, headers=all_headers)
    body = orjson.dumps(problem_document(problem, locale), default=str, option=orjson.OPT_UTC_Z)
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=all_headers)


def _page(problem: Problem, locale: str) -> str:
    """What is wrong, what can be done, and the way on: again where time may help, else to the login or to one's own page."""
    words, detail = words_of(problem, locale), detail_of(problem, locale)
    passes = problem.status >= 500 or problem.status in RETRY_AFTER
    way = ("", "state.retry") if passes else ("/login", "login.submit") if problem.status == 401 else ("/", "state.home")
    return render("problem.html", locale, words=words, detail="" if detail == words else detail, way=way)


def retry_headers(problem: Problem) -> dict[str, str]:
    """When to try again: the raiser may know, else a moment later."""
    after = problem.extra.get("retry_after_s") or RETRY_AFTER.get(problem.status)
    return {"Retry-After": str(after)} if after else {}


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with a problem from within a middleware."""
    await problem_response(problem, scope)(scope, receive, send)


def install(server: FastAPI) -> None:
    """Have every error of a route, ours or the framework's, leave as a problem."""
    # Starlette types a handler as one of any exception; each of these is called with its own kind only.
    handlers: dict[type[Exception], Any] = {
        Problem: _on_problem,
        RequestValidationError: _on_invalid,
        HTTPException: _on_http,
        DependencyException: _on_unknown_file,
        InvalidResourceError: _on_unknown_file,
        Exception: _on_bug,
    }
    for kind, handler in handlers.items():
        server.add_exception_handler(kind, handler)


async def _on_problem(request: Request, error: Problem) -> Response:
    current = error.extra.get("current")
    if current:
        note_shown(current["case_no"])
    return problem_response(error, request.scope)


async def _on_invalid(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0] if error.errors() else {"type": "unknown", "loc": ("body",)}
    if first["type"] == "json_invalid":
        return problem_response(Problem("bad_request"), request.scope)
    fields = [".".join(map(str, item["loc"][1:])) or str(item["loc"][0]) for item in error.errors()]
    problem = Problem("invalid", field=fields[0] if fields else "", value="", extra={"fields": fields})
    return problem_response(problem, request.scope)


async def _on_http(request: Request, error: HTTPException) -> Response:
    code = CODES.get(error.status_code)
    if code is None:
        return Response(status_code=error.status_code, headers=error.headers)
    return problem_response(Problem(code), request.scope, error.headers)


async def _on_unknown_file(request: Request, error: Exception) -> Response:
    """Dash raises, where a file of its component suites is not there."""
    return problem_response(Problem("not_found"), request.scope)


async def _on_bug(request: Request, error: Exception) -> Response:
    log.error("unhandled error in %r", request.url.path, exc_info=error)
    return problem_response(Problem("internal"), request.scope)
