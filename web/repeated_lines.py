"""The log without floods: of lines that are the same but for their values one a minute, with how many there were."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

EVERY_S = 60.0
MOST_KINDS = 500


class OncePerMinute(logging.Filter):
    """One instance for all handlers. Lines of one kind have logger, level, template and place of the error in common."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._kinds: OrderedDict[tuple[object, ...], tuple[float, int]] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        with self._lock:
            now, kind = self._clock(), _kind(record)
            until, silenced = self._kinds.get(kind, (0.0, 0))
            if now < until:
                self._kinds[kind] = (until, silenced + 1)
                return False
            self._kinds[kind] = (now + EVERY_S, 0)
            self._kinds.move_to_end(kind)
            while len(self._kinds) > MOST_KINDS:
                self._kinds.popitem(last=False)
        if silenced:
            record.msg = f"{record.getMessage().rstrip()} (and {silenced} more like this since the last one)"
            record.args = ()
        return True


def _kind(record: logging.LogRecord) -> tuple[object, ...]:
    return record.name, record.levelno, str(record.msg)[:200], _place(record)


def _place(record: logging.LogRecord) -> object:
    """Where the exception of a record was raised."""
    if not record.exc_info or record.exc_info[2] is None:
        return None
    error, trace = record.exc_info[0], record.exc_info[2]
    while trace.tb_next is not None:
        trace = trace.tb_next
    return error, trace.tb_frame.f_code.co_filename, trace.tb_lineno


_filter = OncePerMinute()


def quieten() -> None:
    """Put the filter on every handler that there is: of uvicorn, of the root, and the one of last resort."""
    handlers: list[logging.Handler | None] = [logging.lastResort, *logging.getLogger().handlers]
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        handlers += logging.getLogger(name).handlers
    for handler in handlers:
        if handler is not None:
            handler.addFilter(_filter)
