"""Throttling of logins: few threads check passwords; data/login_attempts.py counts and decides the delay."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

from data.database import Database
from data.login_attempts import Guess, Guesses, account_key
from rules.errors import Problem
from web.sessions import machine_now

#: Password checks at once: each takes 64 MB and a core for a moment. Browsers that are known do not wait behind others.
CHECKS_AT_ONCE = 2
COUNTS_AT_ONCE = 4
#: Logins of one address that wait at once; an office in the morning has fewer.
WAITING_OF_ADDRESS = 50
Found = TypeVar("Found")


class Throttle:
    def __init__(self, database: Database, clock: Callable[[], datetime] = machine_now) -> None:
        self.guesses = Guesses(database)
        self.clock = clock
        self._counts = ThreadPoolExecutor(COUNTS_AT_ONCE, "login-count")
        self._strangers = ThreadPoolExecutor(CHECKS_AT_ONCE, "login-check")
        self._known = ThreadPoolExecutor(CHECKS_AT_ONCE, "login-known")
        self._waiting: Counter[str] = Counter()
        self._turns: dict[tuple[int, str], tuple[asyncio.Lock, int]] = {}

    async def attempt(
        self, check: Callable[[], Found], *, username: str, network: str, device: str | None
    ) -> Found:
        """What `check` returns, which raises for a wrong password. Raises Problem too_many while it has to wait.

        The guess is counted before the password is looked at: many side by side do not slip through. Within a process
        those on one account come one after the other, so that many right ones do not count as wrong ones.
        """
        async with self._place(network), self._turn(account_key(username)):

            def take() -> Guess:
                return self.guesses.take(username, network=network, device=device, now=self.clock())

            loop = asyncio.get_running_loop()
            guess = await loop.run_in_executor(self._counts, take)
            result = await loop.run_in_executor(self._strangers if device is None else self._known, check)
            await loop.run_in_executor(self._counts, self.guesses.right, guess)
            return result

    @asynccontextmanager
    async def _place(self, network: str) -> AsyncIterator[None]:
        """A place in the queue of an address. Raises Problem too_many when that is full."""
        if self._waiting[network] >= WAITING_OF_ADDRESS:
            raise Problem("too_many", extra={"retry_after_s": 2})
        self._waiting[network] += 1
        try:
            yield
        finally:
            self._waiting[network] -= 1
            if not self._waiting[network]:
                del self._waiting[network]

    @asynccontextmanager
    async def _turn(self, account: str) -> AsyncIterator[None]:
        turn = (id(asyncio.get_running_loop()), account)
        lock, users = self._turns.get(turn, (asyncio.Lock(), 0))
        self._turns[turn] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._turns[turn]
            if users == 1:
                del self._turns[turn]
            else:
                self._turns[turn] = (lock, users - 1)
