"""Fifty dispatchers at once: on one case, where one may win, and each on a case of its own, end to end over HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx

from bench.figures import Row, p_ms
from bench.world import World

DISPATCHERS = 50


def measure(world: World) -> Iterator[Row]:
    clients = [world.client() for _ in range(DISPATCHERS)]
    try:
        yield from _one_case(clients)
        yield from _a_queue(clients)
    finally:
        for client in clients:
            client.close()


def _waiting(client: httpx.Client, count: int) -> list[dict]:
    """As many waiting cases as asked for, each reported, accepted and assessed through the interface."""
    made = []
    for number in range(count):
        report = {"kind": "request", "category": "lighting", "title": f"路灯不亮 {number}", "description": "", "severity": "minor",
                  "source": "hotline_12345", "lon": 100.7999 + number / 1e5, "lat": 21.9969}  # fmt: skip
        case = client.post("/api/cases", json=report).raise_for_status().json()
        for move in ("accept", "assess"):
            body = {"move": move, "version": case["version"]}
            case = client.post(f"/api/cases/{case['case_no']}/moves", json=body).raise_for_status().json()
        made.append(case)
    return made


def _dispatch(client: httpx.Client, case: dict, to: int) -> tuple[int, float]:
    began = time.perf_counter()
    body = {"move": "dispatch", "version": case["version"], "to": to}
    answer = client.post(f"/api/cases/{case['case_no']}/moves", json=body)
    return answer.status_code, time.perf_counter() - began


def _body_for(client: httpx.Client, case: dict) -> int:
    answer = client.get(f"/api/cases/{case['case_no']}/recommendations").raise_for_status().json()
    return (answer["items"] if isinstance(answer, dict) else answer)[0]["organisation"]


def _one_case(clients: list[httpx.Client]) -> Iterator[Row]:
    wins, odd, races = 0, 0, 20
    cases = _waiting(clients[0], races)
    to = _body_for(clients[0], cases[0])
    with ThreadPoolExecutor(DISPATCHERS) as pool:
        for case in cases:
            gate = threading.Barrier(DISPATCHERS)

            def race(client: httpx.Client, case: dict = case, gate: threading.Barrier = gate) -> int:
                gate.wait()
                return _dispatch(client, case, to)[0]

            codes = list(pool.map(race, clients))
            wins += codes.count(200) == 1
            odd += sum(code not in (200, 409) for code in codes)
    yield Row(
        "races",
        f"{races} races of {DISPATCHERS} on one case with exactly one winner",
        wins,
        "races",
        str(races),
        f"{odd} odd answers",
    )


def _a_queue(clients: list[httpx.Client]) -> Iterator[Row]:
    cases = _waiting(clients[0], DISPATCHERS)
    to = _body_for(clients[0], cases[0])
    with ThreadPoolExecutor(DISPATCHERS) as pool:
        answers = list(pool.map(lambda pair: _dispatch(pair[0], pair[1], to), zip(clients, cases, strict=True)))
    taken = [seconds for _, seconds in answers]
    failed = sum(code != 200 for code, _ in answers)
    yield Row(
        "races",
        f"{DISPATCHERS} dispatches at once, each its own case",
        p_ms(taken, 0.95),
        "ms p95",
        "300",
        f"{failed} failed",
    )
