"""Guessing passwords is slowed: after a few wrong ones each further try has to wait twice as long as the last."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from rules.errors import Problem

FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 40
LONGEST_WAIT_S = 300.0
FORGET_AFTER_S = 1800.0
MAX_ENTRIES = 10_000


@dataclass
class _Failures:
    number: int = 0
    last: float = 0.0


class Throttle:
    """Counts wrong logins by name and address, and by address. Bounded: the oldest entries are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, ...], _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, username: str, address: str) -> None:
        """Raises Problem too_many while the next try has to wait, whether or not the password would be right."""
        with self._lock:
            now = self._clock()
            if any(now < self._next_try(key, free) for key, free in _keys(username, address)):
                raise Problem("too_many")

    def failed(self, username: str, address: str) -> None:
        with self._lock:
            for key, _ in _keys(username, address):
                entry = self._entry(key)
                entry.number += 1
                entry.last = self._clock()
                self._failures.move_to_end(key)
            while len(self._failures) > MAX_ENTRIES:
                self._failures.popitem(last=False)

    def succeeded(self, username: str, address: str) -> None:
        with self._lock:
            self._failures.pop(_keys(username, address)[0][0], None)

    def _next_try(self, key: tuple[str, ...], free: int) -> float:
        entry = self._failures.get(key)
        if entry is None or entry.number < free:
            return 0.0
        return entry.last + min(2.0 ** (entry.number - free), LONGEST_WAIT_S)

    def _entry(self, key: tuple[str, ...]) -> _Failures:
        entry = self._failures.setdefault(key, _Failures())
        if self._clock() - entry.last > FORGET_AFTER_S:
            entry.number = 0
        return entry


def _keys(username: str, address: str) -> list[tuple[tuple[str, ...], int]]:
    return [((username.casefold(), address), FREE_TRIES), ((address,), FREE_TRIES_OF_ADDRESS)]
