"""What strangers hold open: it ends, it keeps nobody out, and honest slow clients are left alone."""

from __future__ import annotations

import contextlib
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from tests.ports import free_port
from web.middleware.connections import Deadlines, Places, bounded_protocol, places_for
from web.middleware.proxies import Proxies

ROOT = Path(__file__).resolve().parents[3]
QUICK = Deadlines(head_s=0.5, silence_s=0.5, body_s=3.0, unread_s=1.0)
MOST = 12
HALF = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def stream(request: Request) -> StreamingResponse:
    async def ticks():
        import asyncio

        for _ in range(8):
            yield b": tick\n\n"
            await asyncio.sleep(0.25)

    return StreamingResponse(ticks(), media_type="text/event-stream")


async def long(request: Request) -> StreamingResponse:
    async def pieces():
        for _ in range(3000):
            yield b"x" * 65_536

    return StreamingResponse(pieces())


@pytest.fixture
def port() -> Iterator[int]:
    app = Starlette(
        routes=[Route("/", echo, methods=["GET", "POST"]), Route("/stream", stream), Route("/long", long)]
    )
    protocol = bounded_protocol(MOST, QUICK)
    server = uvicorn.Server(uvicorn.Config(app, port=0, http=protocol, log_config=None))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = server.force_exit = True
    thread.join(10)


@contextlib.contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as made:
        made.sendall(sent)
        yield made


def rest_of(connection: socket.socket) -> bytes:
    """All that comes until the other side ends the connection."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            found += piece
    return found


@pytest.mark.parametrize("sent", [b"", b"G", HALF, b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_come_ends_the_connection(port, sent):
    with connected(port, sent) as connection:
        assert rest_of(connection)[:12] in (b"", b"HTTP/1.1 408", b"HTTP/1.1 400")


def test_a_head_that_drips_ends_the_connection(port):
    with connected(port, HALF) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for _ in range(200):
            connection.sendall(b"a")
            time.sleep(0.05)
        pytest.fail("it was never ended")


@pytest.mark.parametrize("begun", [b"", b"abc"])
def test_a_body_that_stalls_ends_the_connection(port, begun):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    with connected(port, head + begun) as connection:
        assert b"200 OK" not in rest_of(connection)


def test_a_body_that_drips_ends_in_the_end(port):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    with connected(port, head) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for _ in range(200):
            connection.sendall(b"a")
            time.sleep(0.1)
        pytest.fail("it was never ended")


def test_an_answer_that_is_not_read_ends_the_connection(port):
    with connected(port, b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        time.sleep(3)
        assert len(rest_of(connection)) < 3000 * 65_536


def test_slow_but_honest_clients_are_served(port):
    with connected(port) as connection:
        for piece in (b"POST / HTTP/1.1\r\n", b"Host: x\r\nContent-Length: 4\r\n\r\n", b"ab", b"cd"):
            connection.sendall(piece)
            time.sleep(0.2)
        assert connection.recv(1000).endswith(b"4")
        # and again on the same connection
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in connection.recv(1000)
    assert httpx.get(f"http://127.0.0.1:{port}/stream", timeout=30).text.count("tick") == 8


def test_two_requests_sent_at_once_are_both_answered(port):
    with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2) as connection:
        found = b""
        while found.count(b"200 OK") < 2:
            found += connection.recv(1000)


def test_who_only_holds_a_place_gives_way(port):
    with contextlib.ExitStack() as held:
        for _ in range(4 * MOST):
            held.enter_context(connected(port, HALF))
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=30).status_code == 200


def test_no_more_places_than_files():
    assert places_for(4000, 1024) == 824 and places_for(4000, 65_536) == 4000 and places_for(4000, 64) == 16


SERVE = """
import asyncio, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))
from data import logs
from settings import ServerSettings
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from web import serving
logs.configure()
async def hello(request):
    return PlainTextResponse("hello")
serving.run(Starlette(routes=[Route("/", hello)]), ServerSettings(port=int(sys.argv[1])))
"""


def test_more_half_open_connections_than_files_stop_nobody_and_fill_no_log(tmp_path):
    port = free_port()
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], cwd=ROOT, stderr=log, stdout=log)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 2048), hard), hard))
    try:
        with contextlib.ExitStack() as held:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                with contextlib.suppress(OSError):
                    held.enter_context(connected(port, HALF))
                    break
            for _ in range(500):
                with contextlib.suppress(OSError):
                    held.enter_context(connected(port, HALF))
            for _ in range(5):
                assert httpx.get(f"http://127.0.0.1:{port}/", timeout=60).text == "hello"
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
        log.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (tmp_path / "log").stat().st_size < 50_000


class Caller:
    """A connection as far as its place goes."""

    def __init__(self, address: str) -> None:
        self.client, self.transport, self.gone = (address, 1), self, False

    def abort(self) -> None:
        self.gone = True


def test_no_source_takes_the_places_of_the_others():
    places = Places(400, proxies=Proxies(["10.0.0.0/8"]))
    mine = [Caller("203.0.113.7") for _ in range(150)]
    for caller in mine:
        places.enter(caller)
    assert [caller.gone for caller in mine].count(False) == 100
    # of one network of IPv6 as of one address
    others = [Caller(f"2001:db8::{number:x}") for number in range(150)]
    for caller in others:
        places.waiting[caller] = None
        places.enter(caller)
    assert [caller.gone for caller in others] == [True] * 50 + [False] * 100
    proxy = [Caller(("10.0.0.2", "127.0.0.1")[number % 2]) for number in range(200)]
    for caller in proxy:
        places.enter(caller)
    assert not any(caller.gone for caller in proxy)
    assert len(places.open) == 400
    last = Caller("127.0.0.1")
    places.enter(last)
    # the longest waiting goes, not who came
    assert (last.gone, others[50].gone) == (False, True)
    for caller in [*mine, *others, *proxy, last]:
        places.leave(caller)
        places.leave(caller)
    assert not places.open and not places.waiting and not places.of_source


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 600_000,
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 600_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: 1\r\n" * 60_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
    ],
    ids=["address", "field", "fields", "two lengths"],
)
def test_a_head_without_end_or_with_two_meanings_is_refused(port, sent):
    with connected(port) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(sent)
        assert rest_of(connection)[:12] in (b"", b"HTTP/1.1 400")


def test_blank_lines_after_an_answer_keep_no_place(port):
    with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        assert b"200 OK" in connection.recv(1000)
        connection.sendall(b"\r\n")
        assert rest_of(connection)[:12] in (b"", b"HTTP/1.1 408")


def test_the_next_request_may_begin_while_an_answer_still_runs(port):
    """A stream is longer than a head may take."""
    head = b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"
    with connected(port, head + b"GET") as connection:
        found = b""
        while found.count(b"tick") < 8:
            found += connection.recv(1000)
        connection.sendall(b" / HTTP/1.1\r\nHost: x\r\n\r\n")
        while found.count(b"200 OK") < 2:
            found += connection.recv(1000)
