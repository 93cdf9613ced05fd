"""Requests as scopes of ASGI, for those that no client would send."""

from __future__ import annotations

import asyncio

from tests.integration.web.conftest import ORIGIN, Site


def scope_with(**changes) -> dict:
    base = {"type": "http", "method": "GET", "path": "/map", "raw_path": b"/map", "query_string": b"", "headers": [],
            "client": ("127.0.0.1", 1), "scheme": "http"}  # fmt: skip
    return base | changes


def answer(site: Site, scope: dict, body: bytes = b"") -> int:
    """The status of the application's answer, without a client that would refuse to send such a thing."""
    told: list[int] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    asyncio.run(site.server({**scope, "app": site.server, "state": {}, "server": ("127.0.0.1", 8050),
                             "asgi": {"version": "3.0"}, "http_version": "1.1", "root_path": ""}, receive, send))  # fmt: skip
    return told[0]


def asked(method: str, path: str, **changes) -> dict:
    host = (b"host", ORIGIN.removeprefix("http://").encode())
    scope = scope_with(method=method, path=path, raw_path=path.encode(), headers=[host])
    scope["headers"] += changes.pop("headers", [])
    return scope | changes
