"""A deadline for a conversation with a gateway, however slowly it answers."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any, Self

LONGEST_S = 30.0


def checked_timeout(seconds: Any) -> float:
    """Raises ValueError: no attempt may outlast the lease of its delivery (data/outbox/worker.py)."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST_S:
        raise ValueError(f"timeout_s has to be a number of seconds up to {LONGEST_S:.0f}")
    return float(seconds)


class Deadline:
    """Cuts the connection after so many seconds altogether.

    A socket's own timeout begins anew with each byte: a gateway that drips one now and then would hold its route for ever.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def cuts(self, connection: socket.socket | None) -> None:
        """The connection that ends with the time; at once when that is over."""
        with self._lock:
            self._socket = connection
            if self.passed:
                self._cut()

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
