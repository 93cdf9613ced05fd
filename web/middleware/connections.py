"""Deadlines and limits of connections, so that a stranger's cannot keep others out.

uvicorn bounds the time between requests only. Here a request's head and body have to arrive in time, an answer has to be
read, and when all places are taken the connection that has waited longest for its head gives way to a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web.client_address import network_of, parsed
from web.middleware.proxies import Proxies

#: Descriptors that are no browser's: files, the database, gateways.
RESERVED = 200
FILES = 65_536
#: One source takes at most this part of the places, and never fewer than an office behind one address needs.
SHARE, FEWEST = 4, 64
MANY = ""
#: Bytes of a head that has not come to its end; what a whole one may be is decided in web/middleware/entrance.py.
MAX_HEAD = 65_536
TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Phase(Enum):
    """What of a request is coming in."""

    idle = auto()
    head = auto()
    body = auto()


@dataclass(frozen=True)
class Deadlines:
    """In seconds. `head_s`: from the connection, or the head's first byte, to its end; `silence_s`: without a byte of a
    body that has begun; `body_s`: the whole body; `unread_s`: an answer that the other side does not read."""

    head_s: float = 15.0
    silence_s: float = 15.0
    body_s: float = 120.0
    unread_s: float = 60.0


@dataclass
class Places:
    """The connections of one server; `waiting` are those whose request has not come yet, the longest first.

    No source takes more than its part, but for those that speak for many: proxies, and what runs on this machine.
    """

    most: int
    deadlines: Deadlines = Deadlines()
    open: dict[BoundedProtocol, str] = field(default_factory=dict)
    waiting: dict[BoundedProtocol, None] = field(default_factory=dict)
    proxies: Proxies = field(default_factory=lambda: Proxies(()))
    of_source: Counter[str] = field(default_factory=Counter)

    def enter(self, connection: BoundedProtocol) -> None:
        """Takes a place; when all are taken, that of the longest waiting, or else the newcomer goes."""
        source = self._source_of(connection.client[0] if connection.client else "")
        self.open[connection] = source
        self.of_source[source] += 1
        if source != MANY and self.of_source[source] > max(FEWEST, self.most // SHARE):
            self._give_way(next((one for one in self.waiting if self.open[one] == source), connection))
        elif len(self.open) > self.most:
            self._give_way(next(iter(self.waiting), connection))

    def _give_way(self, connection: BoundedProtocol) -> None:
        self.leave(connection)
        connection.transport.abort()

    def leave(self, connection: BoundedProtocol) -> None:
        source = self.open.pop(connection, None)
        if source is not None:
            self.of_source[source] -= 1
            if not self.of_source[source]:
                del self.of_source[source]
        self.waiting.pop(connection, None)

    def _source_of(self, address: str) -> str:
        ip = parsed(address)
        if ip is None or ip.is_loopback or self.proxies.trusts(address):
            return MANY
        return network_of(address)


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, within deadlines and with heads of a bounded length."""

    def __init__(self, *arguments: Any, places: Places, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._places = places
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._phase = Phase.idle
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()
        self._places.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        for name in list(self._timers):
            self._stop(name)
        self._places.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._stop("silence")
        self._head_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        # the parser itself would take a head of any length
        if self._phase is Phase.head and self._head_bytes > MAX_HEAD:
            self.send_400_response("The head of the request is too long.")
            return
        self._look()

    def on_message_begin(self) -> None:
        self._phase = Phase.head
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._phase, self._head_bytes = Phase.body, 0
        super().on_headers_complete()
        self._head_came()

    def on_message_complete(self) -> None:
        self._phase, self._head_bytes = Phase.idle, 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._start("unread", self._places.deadlines.unread_s)

    def resume_writing(self) -> None:
        self._stop("unread")
        super().resume_writing()

    def _look(self) -> None:
        """What is awaited from the other side now."""
        if self._phase is Phase.body:
            if "body" not in self._timers:
                self._start("body", self._places.deadlines.body_s)
            # a server that does not read may not blame who sends
            if not self.flow.read_paused:
                self._start("silence", self._places.deadlines.silence_s)
            return
        self._stop("body")
        self._stop("silence")
        # a blank line ends uvicorn's own wait for the next request, so it counts as the beginning of one
        if self._begun and not self._answering and "head" not in self._timers:
            self._await_head()

    @property
    def _begun(self) -> bool:
        """Whether anything of the next request is there."""
        return self._phase is Phase.head or self._head_bytes > 0

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._places.waiting[self] = None
        self._start("head", self._places.deadlines.head_s)

    def _head_came(self) -> None:
        self._stop("head")
        self._places.waiting.pop(self, None)

    def _start(self, name: str, seconds: float) -> None:
        self._stop(name)
        self._timers[name] = self.loop.call_later(seconds, self._give_up, name)

    def _stop(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()

    def _give_up(self, name: str) -> None:
        self._timers.pop(name, None)
        if name == "head" and self._begun and not self._answering:
            self.transport.write(TIMED_OUT)
            self.transport.close()
        else:
            self.transport.abort()


def bounded_protocol(
    most: int, deadlines: Deadlines = Deadlines(), trusted_proxies: Iterable[str] = ()
) -> partial[BoundedProtocol]:
    """What uvicorn makes its connections with."""
    return partial(BoundedProtocol, places=Places(most, deadlines, proxies=Proxies(trusted_proxies)))


def raise_file_limit() -> int:
    """As many open files as this process may have, up to `FILES`; returns the limit that holds now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def places_for(wanted: int, files: int) -> int:
    """How many connections are accepted: what is set, and never so many that no file could be opened any more."""
    return max(min(wanted, files - RESERVED), 16)
