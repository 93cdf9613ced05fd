"""From commit to the browser's stream: one and fifty open streams."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx

from bench.figures import Row, median_ms, p_ms, timed
from bench.world import World
from data.database import SYSTEM
from data.live.frames import read_events
from data.queries import summaries

EVENTS = 40


def measure(world: World) -> Iterator[Row]:
    for streams in (1, 50):
        taken, lost, twice = asyncio.run(_listen(world, streams))
        yield Row(
            "live", f"commit to stream, {streams} open", p_ms(taken, 0.95), "ms p95", "250",
            f"p50 {p_ms(taken, 0.5):.1f}; {lost} lost, {twice} twice",
        )  # fmt: skip
    yield from _reading(world)


def _reading(world: World) -> Iterator[Row]:
    """The newest event with the counts that it changes, as the hub reads it for all browsers of a process."""
    with world.database.reading(SYSTEM) as connection:
        newest, now = summaries.world_seq(connection), datetime.now(UTC)

        def read() -> object:
            return read_events(connection, after=newest - 1, lo="", hi="~", limit=500, now=now)

        taken = timed(read, 50, warm_up=5)
    yield Row("live", "reading one event for the stream", median_ms(taken), "ms", "3", f"p95 {p_ms(taken, 0.95):.1f}")


async def _listen(world: World, streams: int) -> tuple[list[float], int, int]:
    """Moves are made one by one; the clock of a stream's event starts when the answer to the move has come back."""
    with world.client() as caller:
        cookies = dict(caller.cookies)
        seen: list[dict[str, float]] = [{} for _ in range(streams)]
        twice = 0
        opened = asyncio.Semaphore(0)

        async def read(place: int) -> None:
            nonlocal twice
            limits = httpx.Limits(max_connections=None)
            async with httpx.AsyncClient(base_url=world.url, cookies=cookies, timeout=None, limits=limits) as client:
                async with client.stream("GET", "/api/live?area=532800") as answer:
                    async for line in answer.aiter_lines():
                        if line.startswith(("event: snapshot", "event: heartbeat")):
                            opened.release()
                        if line.startswith("data: ") and '"case_no"' in line:
                            number = json.loads(line[6:])["case_no"]
                            twice += number in seen[place]
                            seen[place][number] = time.perf_counter()

        readers = [asyncio.create_task(read(place)) for place in range(streams)]
        for _ in range(streams):
            await opened.acquire()
        await asyncio.sleep(1)
        committed = {}
        for number in range(EVENTS):
            case_no, at = await asyncio.to_thread(_report, caller, number)
            committed[case_no] = at
            await asyncio.sleep(0.1)
        await asyncio.sleep(2)
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    taken = [max(0.0, place[number] - at) for place in seen for number, at in committed.items() if number in place]
    return taken, streams * EVENTS - len(taken), twice


def _report(client: httpx.Client, number: int) -> tuple[str, float]:
    body = {"kind": "request", "category": "noise", "title": f"噪音 {number}", "description": "", "severity": "minor",
            "source": "hotline_12345", "lon": 100.79 + number / 1e4, "lat": 21.99}  # fmt: skip
    case = client.post("/api/cases", json=body).raise_for_status().json()
    return case["case_no"], time.perf_counter()
