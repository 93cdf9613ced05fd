"""Health of this process, answered at once, also when the database does not answer."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from data.database import Database
from data.queries import summaries
from web.dependencies import ServicesDep, as_json

router = APIRouter()
PATIENCE_S = 2.0


class Pulse:
    """Asks the database whether it is there, one question at a time: a hanging database does not use up the threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asking: asyncio.Task[int] | None = None

    async def beats(self) -> bool:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(asyncio.to_thread(self._ask))
            self._asking.add_done_callback(lambda task: task.cancelled() or task.exception())
        # the one that this call waits for: another call may put the next in its place meanwhile
        asking = self._asking
        done, _ = await asyncio.wait({asking}, timeout=PATIENCE_S)
        return bool(done) and asking.exception() is None

    def _ask(self) -> int:
        return summaries.world_stamp(self._database).seq


@router.get("/healthz", include_in_schema=False)
async def healthz(request: Request, services: ServicesDep) -> Response:
    """200 while the database answers, else 503."""
    if not await request.app.state.pulse.beats():
        return as_json({"status": "unavailable", "live": services.hub.state}, status=503)
    return as_json({"status": "ok", "live": services.hub.state})
