"""Regular expressions of a mapping, each with a time limit of one second for a text.

Python's engine has no bound of its own, but it looks at signals while it works (CPython, _sre: every 4,096 steps), so on
the main thread, where an import runs, an alarm ends it. Nothing is guessed from the look of an expression.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from imports.report import InputError

SECONDS = 1.0
MAX_LENGTH = 1000


class Pattern:
    """An expression that matches anywhere in a text."""

    def __init__(self, expression: str, where: str) -> None:
        """Raises InputError for what is no expression."""
        if not isinstance(expression, str) or len(expression) > MAX_LENGTH:
            raise InputError(f"mapping: the pattern in {where} has to be one text of {MAX_LENGTH} letters at most.")
        try:
            with _bounded(expression):
                self._compiled = re.compile(expression)
        except (re.error, RecursionError, OverflowError, MemoryError) as error:
            raise InputError(f"mapping: '{expression[:80]}' in {where} is no pattern: {error}.") from error

    def search(self, text: str) -> bool:
        """Raises InputError when the expression takes longer than a second."""
        with _bounded(self._compiled.pattern):
            return self._compiled.search(text) is not None


class _TooLong(Exception):
    pass


@contextmanager
def _bounded(expression: str) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        raise InputError("mapping: patterns are matched by manage.py alone, which can end them.")

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    except _TooLong:
        raise InputError(
            f"mapping: the pattern '{expression[:80]}' takes more than {SECONDS:.0f} s for one text: "
            "a repetition within a repetition; write it without."
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
