"""A client that asks the application directly, for tests that ask it thousands of times."""

from __future__ import annotations

import anyio.from_thread
import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient


class QuickClient(httpx.Client):
    """One switch to the common event loop for each request, where TestClient makes ten. An answer comes when it is whole."""

    def __init__(self, server: FastAPI, *, base_url: str, client: tuple[str, int] = ("127.0.0.1", 50000)) -> None:
        transport = _Transport(httpx.ASGITransport(server, raise_app_exceptions=False, client=client))
        super().__init__(transport=transport, base_url=base_url, follow_redirects=True)


class _Transport(httpx.BaseTransport):
    def __init__(self, inner: httpx.ASGITransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        portal = TestClient.portal
        assert isinstance(portal, anyio.from_thread.BlockingPortal), "the fixture one_loop is not at work"
        return portal.call(self._ask, request)

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        content = b"".join([part async for part in answer.stream])
        return httpx.Response(answer.status_code, headers=answer.headers, content=content, request=request)
