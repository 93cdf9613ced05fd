"""Limits of a request: at most 1 MB (a login much less), bounded depth of JSON, an address that is valid text.

Everything here may be sent by a stranger, so all of it takes time in proportion to its length and no more.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.current_viewer import current_visit
from rules.errors import Problem
from rules.numbers import digits
from web.audience import SAFE
from web.middleware import dash_body
from web.problems import refuse

MAX_BYTES = 1_000_000
#: Before a login: a name of 200 letters and a password of 1,000, each in its longest spelling, and the page to come.
MAX_BYTES_OF_STRANGER = 24_000
#: Bodies that are being received, all together.
MAX_BYTES_AT_ONCE = 64_000_000
#: How long a body may take: a slow phone sends a megabyte in less.
PATIENCE_S, PATIENCE_OF_STRANGER_S = 60.0, 15.0
MAX_DEPTH = 64
QUOTE, OPENING = ord('"'), b"[{"
#: A string, whole or torn off, is taken in one go and never tried again from its middle: possessive, and its end optional.
TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[][{}]', re.DOTALL)


class BodyGuard:
    """Reads the whole body of a state-changing request, looks at it, and hands it on; others have none."""

    def __init__(self, app: ASGIApp, *, callbacks: Mapping[str, Any], max_bytes: int = MAX_BYTES) -> None:
        self.app = app
        self._callbacks = callbacks
        self._max_bytes = max_bytes
        self._held = Held(MAX_BYTES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            check_address(scope)
            if scope["method"] not in SAFE:
                receive = _replay(await self._checked_body(scope, receive), receive)
            elif _has_body(Headers(scope=scope)):
                # What means nothing is not kept: Dash would read all of it.
                await self._read(scope, receive)
                receive = _replay(b"", receive)
        except Problem as problem:
            await refuse(problem, scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _checked_body(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        body = await self._read(scope, receive)
        value = check_json(body) if body and _is_json(headers, scope["path"]) else None
        if scope["path"] == dash_body.PATH:
            # Dash reads no other, and fails without words
            if not headers.get("content-type", "").startswith("application/json"):
                raise Problem("bad_request")
            dash_body.check_callback(value, self._callbacks)
        return body

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        stranger = current_visit.get() is None
        most = min(MAX_BYTES_OF_STRANGER, self._max_bytes) if stranger else self._max_bytes
        declared = digits(Headers(scope=scope).get("content-length", "0"))
        if declared is None or declared > most:
            raise Problem("too_large")
        try:
            async with asyncio.timeout(PATIENCE_OF_STRANGER_S if stranger else PATIENCE_S):
                with self._held.counting() as count:
                    return await read_body(receive, most, count)
        except TimeoutError:
            raise Problem("too_slow") from None


class Held:
    """Counts the bytes of all bodies that are being received. Past the bound a new one is refused."""

    def __init__(self, most: int) -> None:
        self.bytes = 0
        self._most = most

    @contextmanager
    def counting(self) -> Iterator[Callable[[int], None]]:
        """A function for the size of each piece. It raises Problem busy when there is no room for it."""
        own = 0

        def count(size: int) -> None:
            nonlocal own
            if self.bytes + size > self._most:
                raise Problem("busy")
            own, self.bytes = own + size, self.bytes + size

        try:
            yield count
        finally:
            self.bytes -= own


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


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


async def read_body(receive: Receive, max_bytes: int, count: Callable[[int], None] = lambda size: None) -> bytes:
    """The whole body, `count` is called with each piece. Raises Problem too_large as soon as it is longer than `max_bytes`."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem("bad_request")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > max_bytes:
            raise Problem("too_large")
        count(len(chunks[-1]))
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
    for token in TOKEN.finditer(body):
        first = body[token.start()]
        if first == QUOTE:
            continue
        depth += 1 if first in OPENING else -1
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
