"""The live stream of an area as server-sent events; content and order come from the hub."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from data.queries import areas
from data.queries.areas import AreaKey
from data.services import Services
from rules.access import Act, Viewer
from rules.numbers import digits
from web.api.metrics import Metrics
from web.dependencies import AreaQuery, ServicesDep, ViewerDep, needs
from web.sessions import Sessions

router = APIRouter(prefix="/api", tags=["live"], dependencies=[needs(Act.see_map)])
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", "Connection": "keep-alive"}


@router.get("/live", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
async def live(
    request: Request,
    services: ServicesDep,
    viewer: ViewerDep,
    area: AreaQuery = None,
    since: Annotated[str | None, Query(max_length=40)] = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=200)] = None,
) -> Response:
    """Events `snapshot`, `case`, `tier`, `boundaries`, `heartbeat`; ids are `seq`; it goes on from Last-Event-ID or `since`."""
    key = await anyio.to_thread.run_sync(_find, services, viewer, area or viewer.area_code)
    last_seq = number_of(last_event_id) if last_event_id else number_of(since)

    def frames() -> AsyncIterator[bytes]:
        return services.hub.subscribe(viewer, key.code, key.path, last_seq)

    return LiveResponse(frames, request.app.state.sessions, request.app.state.metrics)


def _find(services: Services, viewer: Viewer, code: str) -> AreaKey:
    with services.database.reading(viewer) as connection:
        return areas.key(connection, code)


def number_of(text: str | None) -> int | None:
    """The sequence number in a browser's last id; None (which means a snapshot) for anything else."""
    return None if text is None else digits(text)


class LiveResponse(Response):
    """Streams until the browser goes, the hub lets go, or the session ends, whichever is first."""

    media_type = "text/event-stream"

    def __init__(self, frames: Callable[[], AsyncIterator[bytes]], sessions: Sessions, metrics: Metrics) -> None:
        super().__init__(status_code=200, headers=HEADERS)
        # A stream has no length.
        self.raw_headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        self._frames = frames
        self._sessions = sessions
        self._metrics = metrics
        self._started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._metrics.stream():
            async with self._sessions.following(scope) as ended:
                tasks = [
                    asyncio.create_task(self._pump(send)),
                    asyncio.create_task(_gone(receive)),
                    asyncio.create_task(ended.wait()),
                ]
                try:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await _stop(tasks)
                if self._started and (not tasks[1].done() or tasks[1].cancelled()):
                    await _finish(send)

    async def _pump(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        self._started = True
        # Tells proxies and the browser that the stream is open, before the first event.
        await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
        async with contextlib.aclosing(self._frames()) as frames:  # type: ignore[type-var]
            async for data in frames:
                await send({"type": "http.response.body", "body": data, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stop(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _finish(send: Send) -> None:
    with contextlib.suppress(OSError, RuntimeError):
        await send({"type": "http.response.body", "body": b"", "more_body": False})
