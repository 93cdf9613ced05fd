"""Answers of the server: overview cold and warm in bytes and time, drill-down at 50 requests a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.figures import Row, p_ms, timed
from bench.world import World

DRILL = ("532800", "532801", "532801001", "532801001003")


def measure(world: World) -> Iterator[Row]:
    with world.client("leader") as client:
        for path in (
            "/api/areas/532800/summary",
            "/api/areas/532800/children",
            "/api/cases?area=532800&status=open",
            "/api/markers?area=532800",
            "/api/tiers?area=532800&level=grid",
        ):
            taken = timed(lambda path=path: client.get(path).raise_for_status(), 40)
            yield Row("server", f"GET {path}", p_ms(taken, 0.5), "ms p50", note=f"p95 {p_ms(taken, 0.95):.1f}")
    yield from _drill_down(world)


def _drill_down(world: World, *, rate: int = 50, seconds: int = 10) -> Iterator[Row]:
    """An open load: requests leave on their clock whether or not earlier ones have come back."""
    local, taken, failed = threading.local(), [], []

    def visit(number: int) -> None:
        if not hasattr(local, "client"):
            local.client = world.client("leader")
        code = DRILL[number % len(DRILL)]
        began = time.perf_counter()
        answer = local.client.get(f"/api/areas/{code}/{'children' if number % 2 else 'summary'}")
        (taken if answer.status_code == 200 else failed).append(time.perf_counter() - began)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(64)))
        taken.clear()
        began = time.perf_counter()
        for number in range(rate * seconds):
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            pool.submit(visit, number)
    yield Row(
        "server", f"drill-down, {rate}/s for {seconds} s", p_ms(taken, 0.99), "ms p99", "100", f"{len(failed)} failed"
    )
