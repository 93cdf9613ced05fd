"""Logs without personal data: a traceback names place and kind of an error, never the values."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

import structlog

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure() -> None:
    """One line a message on stderr, for the standard library's loggers and structlog's; safe to call twice."""
    handler = StderrHandler()
    handler.setFormatter(Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(RepeatFilter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_values,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class StderrHandler(logging.StreamHandler):
    """Writes to what `sys.stderr` is at that moment: a stream that was put there for a while may be closed by then."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


class Formatter(logging.Formatter):
    """The standard one, but for what exceptions say of themselves: that may be a row, a parameter, a line of a file."""

    def formatException(self, ei: Any) -> str:
        return told_without_values(ei)


class RepeatFilter(logging.Filter):
    """Lets the same message through `most` times in `window_s`; then says once how many more there were.

    Messages are the same when their places and formats are: a stranger chooses the values, so they do not count.
    """

    def __init__(
        self, most: int = 10, window_s: float = 60.0, clock: Callable[[], float] = time.monotonic, kinds: int = 1000
    ) -> None:
        super().__init__()
        self._most, self._window_s, self._clock, self._kinds = most, window_s, clock, kinds
        self._seen: dict[tuple[str, str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = (record.name, record.pathname, record.lineno)
        since, count = self._seen.get(kind, (self._clock(), 0))
        left_out = count - self._most
        if self._clock() - since >= self._window_s:
            since, count = self._clock(), 0
            if left_out > 0:
                record.msg, record.args = f"{record.getMessage()} [and {left_out} more since the last of these]", ()
        if len(self._seen) >= self._kinds:
            self._seen.clear()
        self._seen[kind] = (since, count + 1)
        return count < self._most


def told_without_values(exc_info: ExcInfo) -> str:
    """The chain of exceptions with their places and kinds; of the database's also the code of the error (SQLSTATE)."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = [
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        lines = [f"{_kind_of(error)}", *frames, *(["caused"] if lines else []), *lines]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _kind_of(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error, "pgcode", None) or getattr(error, "code", None)
    return f"{kind} ({code})" if isinstance(code, str) and code.isalnum() and len(code) <= 40 else kind


def _exception_without_values(logger: Any, method: str, event: Any) -> Any:
    information = event.pop("exc_info", None)
    if information:
        current = sys.exc_info() if information is True else (type(information), information, information.__traceback__)
        event["exception"] = told_without_values(current) if current[1] else ""  # type: ignore[arg-type]
    return event

