"""The first look at a request, before anything of it is parsed: how long its head is."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from rules.errors import Problem
from web.problems import refuse

#: A filter of a list and the address of a page to come back to fit well.
MAX_ADDRESS = 8_000
MAX_HEAD = 32_000
MAX_FIELDS = 120


class Entrance:
    """Refuses what is too long to be a request of a browser, so that nobody behind it reads without end."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                check_head(scope)
            except Problem as problem:
                # its cookies are not read either
                await refuse(problem, {**scope, "headers": []}, receive, send)
                return
        await self.app(scope, receive, send)


def check_head(scope: Scope) -> None:
    """Raises Problem head_too_large."""
    headers = scope["headers"]
    path = max(len(scope.get("raw_path") or b""), len(scope["path"]))
    if path + len(scope["query_string"]) > MAX_ADDRESS or len(headers) > MAX_FIELDS:
        raise Problem("head_too_large")
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEAD:
        raise Problem("head_too_large")
