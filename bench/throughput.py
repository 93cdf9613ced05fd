"""Requests a second of one process over eight kept connections, each against `/healthz` in the same run."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.figures import Row
from bench.world import World

CONNECTIONS, ROUNDS, SECONDS = 8, 5, 1.5
HEALTH = "/healthz"
PATHS = {
    "summary": ("/api/areas/532800/summary", "0.23"),
    "case list": ("/api/cases?area=532800&status=open", "0.13"),
    "tiers": ("/api/tiers?area=532800&level=grid", "0.30"),
}


def measure(world: World) -> Iterator[Row]:
    """Round by round, so that whatever else the machine does falls on all of them alike."""
    with world.client("leader") as client:
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    yield from compare(world.url, cookies)


def compare(url: str, cookies: str) -> Iterator[Row]:
    rates: dict[str, list[float]] = {HEALTH: []} | {name: [] for name in PATHS}
    paths = {HEALTH: HEALTH} | {name: path for name, (path, _) in PATHS.items()}
    for _ in range(ROUNDS):
        for name, path in paths.items():
            rates[name].append(rate(url, path, cookies))
    health = statistics.median(rates[HEALTH])
    yield Row("throughput", HEALTH, health, "requests/s", note=f"{CONNECTIONS} connections")
    for name, (_, goal) in PATHS.items():
        measured = statistics.median(rates[name])
        yield Row("throughput", f"{name} against {HEALTH}", measured / health, "x", goal, f"{measured:.0f} requests/s")


def rate(url: str, path: str, cookies: str, *, seconds: float = SECONDS) -> float:
    """Answers a second. Plain sockets: a client that parses would take more of the machine than the server."""
    host = urlsplit(url).netloc
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    calls = [_Call(host, head) for _ in range(CONNECTIONS)]
    try:
        with selectors.DefaultSelector() as selector:
            for call in calls:
                selector.register(call.socket, selectors.EVENT_READ, call)
                call.send()
            began = time.perf_counter()
            while time.perf_counter() - began < seconds:
                for key, _ in selector.select(1.0):
                    key.data.read()
            return sum(call.answered for call in calls) / (time.perf_counter() - began)
    finally:
        for call in calls:
            call.socket.close()


class _Call:
    """One connection that asks again as soon as it is answered. Raises RuntimeError for any answer but 200."""

    def __init__(self, host: str, head: bytes) -> None:
        name, port = host.rsplit(":", 1)
        self.socket = socket.create_connection((name, int(port)))
        self.answered = 0
        self._head, self._got, self._end = head, b"", 0

    def send(self) -> None:
        self.socket.sendall(self._head)

    def read(self) -> None:
        self._got += self.socket.recv(262_144)
        if not self._end and (split := self._got.find(b"\r\n\r\n")) > 0:
            if not self._got.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(self._got[:split].decode("latin-1"))
            fields = dict(line.lower().split(b": ", 1) for line in self._got[:split].split(b"\r\n")[1:])
            self._end = split + 4 + int(fields[b"content-length"])
        if self._end and len(self._got) >= self._end:
            self._got, self._end = b"", 0
            self.answered += 1
            self.send()
