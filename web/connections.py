"""How the server holds connections: so many, so long, so much; what a stranger leaves open does not stop the others.

uvicorn waits for the rest of a request as long as the other side likes, and asyncio logs each connection that finds no
file number left, as fast as it can.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sys
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.addresses import network_of, parsed
from web.proxies import Proxies
from web.repeated_lines import quieten

if TYPE_CHECKING:
    from fastapi import FastAPI

    from settings import ServerSettings

#: File numbers for everything else: database, files, and those accepted at once before they are counted.
SPARE_FILES = 320
WANTED_FILES = 65_536
BACKLOG = 128
FEWEST = 32
#: A request's head may be longer than what is let in, so that it is refused with words.
MAX_HEAD = 48_000
#: Of a body that nobody has read yet.
MAX_PENDING = 16_384


@dataclass(frozen=True)
class Patience:
    """How long the other side may take, in seconds: for a head; for the rest of a body, also of one that was answered
    already; to take up something of what it asked for."""

    head: float = 15.0
    body: float = 75.0
    rest: float = 5.0
    answer: float = 120.0


@dataclass
class Door:
    """Counts connections, all and by source. A full house lets somebody in by sending away who has asked nothing yet."""

    most: int
    proxies: Proxies
    patience: Patience = field(default_factory=Patience)
    open: int = 0
    turned_away: int = 0

    def __post_init__(self) -> None:
        self.most_of_source = max(FEWEST, self.most // 4)
        self._by_source: Counter[str] = Counter()
        self._waiting: OrderedDict[HeldProtocol, str] = OrderedDict()

    def admit(self, address: str) -> str | None:
        """The source under which a connection is counted; None when there is no place for it."""
        found = parsed(address)
        # a proxy, or whatever runs here, speaks for many
        exempt = not address or self.proxies.trusts(address) or (found is not None and found.is_loopback)
        source = "" if exempt else network_of(address)
        full = source and self._by_source[source] >= self.most_of_source
        if (full and not self._make_room(source)) or (self.open >= self.most and not self._make_room(None)):
            self.turned_away += 1
            return None
        self.open += 1
        self._by_source[source] += 1
        return source

    def leave(self, source: str) -> None:
        self.open -= 1
        self._by_source[source] -= 1
        if not self._by_source[source]:
            del self._by_source[source]

    def waits(self, connection: HeldProtocol, source: str) -> None:
        """It has no request under way."""
        self._waiting[connection] = source

    def works(self, connection: HeldProtocol) -> None:
        self._waiting.pop(connection, None)

    def _make_room(self, source: str | None) -> bool:
        """Send away who waits longest, of one source or of all."""
        for connection, of in self._waiting.items():
            if source is None or of == source:
                connection.end()
                return True
        return False


class HeldProtocol(H11Protocol):
    """uvicorn's protocol with a deadline for whatever the other side has to do next."""

    door: Door

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._source: str | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.max_size = MAX_PENDING  # type: ignore[attr-defined]
        self._source = self.door.admit(self.client[0] if self.client else "")
        if self._source is None:
            transport.abort()
            return
        self.door.waits(self, self._source)
        self._within(self.door.patience.head, self.end)

    def connection_lost(self, exc: Exception | None) -> None:
        self._at_ease()
        self._flows()
        self.door.works(self)
        if self._source is not None:
            self.door.leave(self._source)
            self._source = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._source is None or self.transport.is_closing():
            return
        idle = self._is_idle()
        super().data_received(data)
        self._look(began=idle)
        if self.cycle is not None and len(self.cycle.body) > MAX_PENDING:
            self.flow.pause_reading()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._look(began=True)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _look(self, *, began: bool) -> None:
        """Set the deadline for what is missing now: a head, a body, what is left of a body that nobody wants, nothing."""
        if self._is_idle():
            self.door.waits(self, self._source or "")
            if self.conn.their_state is h11.SEND_BODY:
                if self._deadline is None or began:
                    self._within(self.door.patience.rest, self.transport.abort, again=False)
            elif self.timeout_keep_alive_task is None:
                self._within(self.door.patience.head, self.end, again=False)
            else:
                self._at_ease()
            return
        self.door.works(self)
        if not self.cycle.more_body:
            self._at_ease()
        elif began:
            self._at_ease()
            self._within(self.door.patience.body, self.transport.abort)

    def _within(self, seconds: float, otherwise: Callable[[], None], *, again: bool = True) -> None:
        """`otherwise` is called when the time is over; without `again` a deadline that runs already stays."""
        if self._deadline is not None and not again:
            return
        self._at_ease()
        self._deadline = self.loop.call_later(seconds, otherwise)

    def _at_ease(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def end(self) -> None:
        """Without a word: to half a request there is nothing to say, and to none neither."""
        self.door.works(self)
        self.transport.abort()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalls(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._flows()
        super().resume_writing()

    def _stalls(self, left: int) -> None:
        """Whoever takes up nothing for a while is gone; whoever takes up little is slow."""
        self._flows()

        def check() -> None:
            now = self.transport.get_write_buffer_size()
            if now >= left:
                self.transport.abort()
            else:
                self._stalls(now)

        self._stalled = self.loop.call_later(self.door.patience.answer, check)

    def _flows(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


def raise_file_limit(wanted: int = WANTED_FILES) -> int:
    """As many files as this process may open, up to what is wanted; the number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return wanted if soft == resource.RLIM_INFINITY else soft


def places(server: ServerSettings, files: int) -> int:
    """How many connections there is room for: as many as set, or as the files allow."""
    return max(FEWEST, min(server.max_connections, files - SPARE_FILES))


def config_of(app: FastAPI, server: ServerSettings, *, patience: Patience | None = None, **changes: Any) -> uvicorn.Config:
    """The server's configuration with a door of its own."""
    door = Door(places(server, raise_file_limit()), Proxies(server.trusted_proxies), patience or Patience())
    protocol = type("DoorProtocol", (HeldProtocol,), {"door": door})
    given: dict[str, Any] = {
        "host": server.host,
        "port": server.port,
        "http": protocol,
        "ws": "none",
        "loop": "asyncio",
        "backlog": BACKLOG,
        "h11_max_incomplete_event_size": MAX_HEAD,
        "log_level": "warning",
        "server_header": False,
        "timeout_graceful_shutdown": 3,
        "proxy_headers": False,
    }
    config = uvicorn.Config(app, **(given | changes))
    quieten()
    return config


def run(app: FastAPI, server: ServerSettings) -> None:
    """Serve until interrupted; ends the process with 3 where it could not begin, as uvicorn does."""
    running = uvicorn.Server(config_of(app, server))
    with contextlib.suppress(KeyboardInterrupt):
        running.run()
    if not running.started:
        sys.exit(3)
