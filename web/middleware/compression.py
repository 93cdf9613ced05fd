"""Compression of answers with gzip, whole or streamed, except the live stream, where each event leaves at once."""

from __future__ import annotations

import hashlib
import zlib

import anyio
import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.middleware import dash_body

MIN_BYTES = 600
#: Above this a body is compressed in a thread, so that the event loop stays free.
THREAD_BYTES = 64_000
ASSETS = ("/assets/", "/_dash-component-suites/")
MAX_ASSETS = 500
TYPES = (
    "application/json",
    "application/problem+json",
    "application/geo+json",
    "application/vnd.mapbox-vector-tile",
    "application/javascript",
    "text/javascript",
    "text/css",
    "text/html",
    "text/plain",
    "image/svg+xml",
)


#: zlib's levels: an answer that is sent once takes an eighth of the work of one that is kept, and an eighth more bytes.
ONCE, KEPT = 2, 6


def gzip(body: bytes, level: int = KEPT) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


class Compression:
    """Compresses a whole body that is worth it and whose type is text or tiles; everything else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._assets: dict[bytes, bytes] = {}
        # of its own: the other threads may all wait for a frozen database
        self._threads = anyio.CapacityLimiter(2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _takes_gzip(scope):
            packed = self._assets if scope["path"].startswith(ASSETS) else None
            send = _Packer(send, packed, self._threads).send
        if scope["type"] == "http" and scope["path"] == dash_body.PATH:
            send = _typed(send)
        await self.app(scope, receive, send)


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _typed(send: Send) -> Send:
    """Dash gives the JSON of a callback no type, and what has none is not compressed."""

    async def typed(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            MutableHeaders(scope=message).setdefault("Content-Type", "application/json")
        await send(message)

    return typed


class _Packer:
    """Holds the start of an answer back until its first piece tells whether it is whole and long enough."""

    def __init__(self, send: Send, packed: dict[bytes, bytes] | None, threads: anyio.CapacityLimiter) -> None:
        self._send = send
        self._packed = packed
        self._threads = threads
        self._start: Message | None = None
        self._chunks: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _packable(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(self._start)
        else:
            await self._send(message)

    async def _finish(self, start: Message) -> None:
        body = b"".join(self._chunks)
        headers = MutableHeaders(scope=start)
        headers.add_vary_header("Accept-Encoding")
        if len(body) >= MIN_BYTES:
            body = await self._pack(body)
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    async def _pack(self, body: bytes) -> bytes:
        """Scripts and styles are the same for everybody: each is compressed once and kept by its digest."""
        if self._packed is None:
            return await self._compressed(body, ONCE)
        digest = hashlib.blake2b(body, digest_size=16).digest()
        if digest not in self._packed and len(self._packed) < MAX_ASSETS:
            self._packed[digest] = await self._compressed(body, KEPT)
        return self._packed.get(digest) or await self._compressed(body, KEPT)

    async def _compressed(self, body: bytes, level: int) -> bytes:
        if len(body) < THREAD_BYTES:
            return gzip(body, level)
        return await anyio.to_thread.run_sync(gzip, body, level, limiter=self._threads)


def _packable(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    content_type = headers.get("content-type", "").split(";")[0]
    return content_type in TYPES and "content-encoding" not in headers and start["status"] not in (204, 206, 304)
