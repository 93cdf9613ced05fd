"""What a request may carry: at most 1 MB, JSON that is JSON and not a well, an address that is text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rules.errors import Problem
from web import callback_body
from web.origin import SAFE
from web.problems import refuse

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
BRACKET = re.compile(rb"[][{}]")


class BodyGuard:
    """Reads the whole body of a state-changing request, looks at it, and hands it on."""

    def __init__(self, app: ASGIApp, *, callbacks: Mapping[str, Any], max_bytes: int = MAX_BYTES) -> None:
        self.app = app
        self._callbacks = callbacks
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            check_address(scope)
            if scope["method"] not in SAFE:
                receive = _replay(await self._checked_body(scope, receive), receive)
        except Problem as problem:
            await refuse(problem, scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _checked_body(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > self._max_bytes:
            raise Problem("too_large")
        body = await read_body(receive, self._max_bytes)
        value = check_json(body) if body and _is_json(headers, scope["path"]) else None
        if scope["path"] == callback_body.PATH:
            callback_body.check_callback(value, self._callbacks)
        return body


def _is_json(headers: Headers, path: str) -> bool:
    return "json" in headers.get("content-type", "") or path.startswith(("/api/", "/_dash-"))


def check_address(scope: Scope) -> None:
    """Raises Problem bad_request for an address that holds NUL or is not UTF-8: PostgreSQL cannot store either."""
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    for part in (unquote_to_bytes(raw), unquote_to_bytes(scope["query_string"].replace(b"+", b" "))):
        if b"\0" in part:
            raise Problem("bad_request")
        try:
            part.decode("utf-8")
        except UnicodeDecodeError:
            raise Problem("bad_request") from None


async def read_body(receive: Receive, max_bytes: int) -> bytes:
    """The whole body. Raises Problem too_large as soon as it is longer than `max_bytes`."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem("bad_request")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > max_bytes:
            raise Problem("too_large")
        more = message.get("more_body", False)
    return b"".join(chunks)


def check_json(body: bytes) -> Any:
    """The value. Raises Problem bad_request for no JSON, NaN, NUL, a lone surrogate, or nesting too deep."""
    if depth_of(body) > MAX_DEPTH:
        raise Problem("bad_request")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem("bad_request") from None
    if b"\\u0000" in body and _holds_nul(value):
        raise Problem("bad_request")
    return value


def depth_of(body: bytes) -> int:
    """How deep brackets nest, strings left out; never recurses, and stops counting past the limit."""
    depth = deepest = 0
    for bracket in BRACKET.finditer(STRING.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            break
    return deepest


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
