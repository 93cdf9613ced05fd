"""A client-side deadline of the database: a server that stopped answering fails its callers instead of holding them.

A frozen server keeps its connections open, and `statement_timeout` is kept by the server itself, so a caller would wait
for as long as the freeze lasts. One thread asks the server each second; while it does not answer, the sockets of all
running statements are shut down, which libpq reports as a lost connection, and new ones are refused at once.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg2
import structlog
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE
from sqlalchemy.engine import make_url

log = structlog.get_logger()
INTERVAL_S, PATIENCE_S = 1.0, 4.0
EVENTS = {POLL_READ: select.POLLIN, POLL_WRITE: select.POLLOUT}
#: psycopg2's, which has no types.
Connection = Any


class Watchdog:
    """`patience_s`: how long the server may leave the probe unanswered; `longest_s`: how long one statement may run."""

    def __init__(
        self, url: str, *, longest_s: float, patience_s: float = PATIENCE_S, interval_s: float = INTERVAL_S
    ) -> None:
        self.frozen = False
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._longest_s, self._patience_s, self._interval_s = longest_s, patience_s, interval_s
        self._running: dict[Connection, float] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._probe: Connection | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_on, name="database-watchdog", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join(self._patience_s + self._interval_s + 1)
        self._drop_probe()

    @contextlib.contextmanager
    def watching(self, connection: Connection) -> Iterator[None]:
        """Whatever runs on this connection inside is cut off when the server does not answer."""
        with self._lock:
            self._running[connection] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._running.pop(connection, None)

    def touch(self, connection: Connection) -> None:
        """A statement begins on a connection that is watched: its time counts from now."""
        with self._lock:
            if connection in self._running:
                self._running[connection] = time.monotonic()

    def _keep_on(self) -> None:
        while not self._ending.wait(self._interval_s):
            self._look()

    def _look(self) -> None:
        try:
            self._ask()
        except TimeoutError:
            self._drop_probe()
            if not self.frozen:
                log.warning("the database does not answer: its statements are given up")
            self.frozen = True
            self._cut(before=time.monotonic())
        except psycopg2.Error:
            # a server that is away refuses by itself, and at once
            self._drop_probe()
            self.frozen = False
        else:
            self.frozen = False
            self._cut(before=time.monotonic() - self._longest_s)

    def _ask(self) -> None:
        """One question and its answer. Raises TimeoutError, or psycopg2.Error when the server is away."""
        end = time.monotonic() + self._patience_s
        if self._probe is None:
            self._probe = psycopg2.connect(self._address, async_=True, application_name="gridboard-watchdog")
            _wait(self._probe, end)
        with self._probe.cursor() as cursor:
            cursor.execute("SELECT 1")
            _wait(self._probe, end)

    def _drop_probe(self) -> None:
        probe, self._probe = self._probe, None
        if probe is not None:
            with contextlib.suppress(psycopg2.Error):
                probe.close()

    def _cut(self, *, before: float) -> None:
        with self._lock:
            for connection, since in self._running.items():
                if since < before:
                    _shut(connection)


def _wait(connection: Connection, end: float) -> None:
    while (state := connection.poll()) != POLL_OK:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        poller = select.poll()
        poller.register(connection.fileno(), EVENTS[state])
        poller.poll(left * 1000)


def _shut(connection: Connection) -> None:
    """The thread that waits on this connection is woken with an error; libpq keeps the descriptor, so it is shut by a copy."""
    with contextlib.suppress(OSError, psycopg2.Error):
        with socket.socket(fileno=os.dup(connection.fileno())) as copy:
            copy.shutdown(socket.SHUT_RDWR)
