"""Every byte that a stranger can send costs linear time: a long hostile input against a short one, as a ratio."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable

import pytest

from rules.errors import Problem
from tests.integration.web.conftest import ORIGIN, Site
from tests.steps.raw_requests import answer, asked, scope_with
from web.cookies import values_of
from web.middleware import entrance
from web.middleware.authentication import _login_address
from web.middleware.origin import is_foreign
from web.middleware.request_body import MAX_BYTES_OF_STRANGER, check_address, check_json, depth_of
from web.pages.login import safe_next
from web.sessions import credentials_of

KB, MB = 1_000, 1_000_000
#: A hundred times the bytes may cost a thousand times the time; what is quadratic costs ten thousand times as much.
SLACK = 10
PATTERNS = (
    '\\"', '"', "[", "{", '"[', '{"":', '["', "%", "%25", "%00", "%ff", ";", "=", ",", "&", "a=b&", "; a=b", 'a="', " ",
    "\t", "0", "1", "-", "\\", "\\\\", "\\ud800", "é", "/", "//", "/../", ".", "?", "#", ":", "@", "a;q=0,", "0-0,",
    "next=", "display=", "gridboard_session=",
)  # fmt: skip
#: In front of the repetition: what makes a reader begin.
HEADS = ("", '["', '"', "a", "/", "bytes=", "http://[", "http://", 'text/html; a="')


def repeated(pattern: str, size: int, head: str = "") -> str:
    return head + pattern * (size // len(pattern))


def seconds(work: Callable[[], object], tries: int = 3) -> float:
    """Of the processor, at best; without the collector, which walks over all that the tests before have left."""
    taken = []
    gc.disable()
    try:
        for _ in range(tries):
            started = time.process_time()
            with contextlib.suppress(Problem):
                work()
            taken.append(time.process_time() - started)
    finally:
        gc.enable()
    return min(taken)


def stays_below(bound: float, work: Callable[[], object]) -> list[float]:
    """Empty if it does, at once or when tried again: what takes long by its nature does so each time."""
    taken: list[float] = []
    for _ in range(3):
        taken.append(seconds(work, 1))
        if taken[-1] < bound:
            return []
    return taken


def header(name: str, value: str) -> dict:
    host = (b"host", ORIGIN.removeprefix("http://").encode())
    return scope_with(headers=[host, (name.encode(), value.encode("latin-1", "replace"))])


#: Everything of ours that reads what a stranger wrote, without the bound on its length that stands in front.
READERS: dict[str, Callable[[str], object]] = {
    "depth of a body": lambda text: depth_of(text.encode()),
    "json of a body": lambda text: check_json(text.encode()),
    "address": lambda text: check_address(scope_with(path=text, raw_path=text.encode(), query_string=text.encode())),
    "cookies": lambda text: values_of(header("cookie", text), "gridboard_session"),
    "credential in the cookie": lambda text: credentials_of(header("cookie", text)),
    "credential in the query": lambda text: credentials_of(scope_with(query_string=text.encode())),
    "credential in the referer": lambda text: credentials_of(
        header("referer", f"{ORIGIN}/wall?{text}") | {"path": "/api/live"}
    ),
    "referer": lambda text: credentials_of(header("referer", text) | {"path": "/api/live"}),
    "origin": lambda text: is_foreign(_headers(header("origin", text)), "/login", ["https://a.example"]),
    "page to come back to": lambda text: safe_next("/" + text),
    "address of the login": lambda text: _login_address(scope_with(path=text, query_string=text.encode())),
}


def _headers(scope: dict):
    from starlette.datastructures import Headers

    return Headers(scope=scope)


@pytest.mark.parametrize("name", READERS)
def test_what_reads_takes_time_in_proportion(name: str):
    read = READERS[name]
    for head in HEADS:
        for pattern in PATTERNS:
            small = seconds(lambda: read(repeated(pattern, 2 * KB, head)))  # noqa: B023
            # what takes less than the clock can tell says nothing
            bound = max(0.02, small * 100 * SLACK)
            slow = stays_below(bound, lambda: read(repeated(pattern, 200 * KB, head)))  # noqa: B023
            assert not slow, (head, pattern, small, slow)


HEADERS = (
    "cookie", "referer", "origin", "host", "content-type", "accept-language", "accept", "accept-encoding",
    "idempotency-key", "last-event-id", "x-csrf-token", "range", "if-range", "if-none-match", "if-modified-since",
    "authorization", "x-forwarded-for", "x-forwarded-host", "forwarded", "sec-fetch-site", "user-agent", "connection",
    "upgrade", "content-length", "transfer-encoding", "content-encoding", "expect", "x-real-ip",
)  # fmt: skip
#: Where nobody is logged in: pages, programs, files, what is sent to log in.
PLACES = (("GET", "/login"), ("GET", "/map"), ("GET", "/assets/none.css"), ("GET", "/api/live"),
          ("GET", "/_dash-component-suites/dash/x.js"), ("POST", "/api/session"), ("POST", "/login"))  # fmt: skip


def grows_no_faster(work: Callable[[int], object], small: int, large: int) -> None:
    work(small)
    little = seconds(lambda: work(small), 2)
    # and never so long that others notice
    slow = stays_below(min(1.0, max(little, 0.002) * (large / small) * SLACK), lambda: work(large))
    assert not slow, (little, slow)


@pytest.mark.parametrize("name", HEADERS)
def test_every_header_of_a_stranger(quiet: Site, name: str):
    for method, path in {PLACES[HEADERS.index(name) % len(PLACES)], ("GET", "/assets/none.css"), ("POST", "/api/session")}:
        for pattern in PATTERNS:

            def work(size: int) -> int:
                value = repeated(pattern, size).encode("latin-1", "replace")  # noqa: B023
                return answer(quiet, asked(method, path, headers=[(name.encode(), value)]))  # noqa: B023

            assert work(MB) == 431
            grows_no_faster(work, KB, entrance.MAX_HEAD - KB)


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_every_address_of_a_stranger(quiet: Site, method: str, path: str):
    for pattern in PATTERNS:

        def query(size: int) -> int:
            return answer(quiet, asked(method, path, query_string=repeated(pattern, size).encode()))  # noqa: B023

        def deep(size: int) -> int:
            below = path + "/" + repeated(pattern, size)  # noqa: B023
            return answer(quiet, asked(method, below, raw_path=below.encode()))

        for work in (query, deep):
            assert work(MB) == 431
            grows_no_faster(work, KB, entrance.MAX_ADDRESS - 100)


@pytest.mark.parametrize("path", ["/login", "/api/session", "/logout", "/_dash-update-component"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_every_body_of_a_stranger(quiet: Site, path: str, kind: str):
    headers = [(b"content-type", kind.encode()), (b"origin", ORIGIN.encode())]
    for head in HEADS[:3]:
        for pattern in PATTERNS:

            def work(size: int) -> int:
                body = repeated(pattern, size, head).encode()[:size]  # noqa: B023
                return answer(quiet, asked("POST", path, headers=headers), body)

            assert work(MB) in ((401,) if path.startswith("/_dash") else (413,))
            grows_no_faster(work, KB, MAX_BYTES_OF_STRANGER)


def test_a_body_where_none_belongs_is_not_kept(quiet: Site):
    headers = [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in ("/login", "/_dash-component-suites/dash/x.js", "/healthz"):
            assert answer(quiet, asked(method, path, headers=headers), b"[" * MB) == 413
            assert answer(quiet, asked(method, path, headers=headers), b"[1]") != 413


def test_a_login_in_its_longest_spelling_still_comes_in(quiet: Site):
    form = {"username": "\U0001f600" * 200, "password": "\U0001f600" * 1000}
    assert quiet.client().post("/login", data=form | {"next": "/map?" + "地" * 300}).status_code == 401
    assert quiet.client().post("/api/session", json=form).status_code == 401
