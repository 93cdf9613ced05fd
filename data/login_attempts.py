"""Login attempts, counted in the database before the password is checked, right across processes.

An account counts its wrong passwords wherever they come from. Once there are a few, each source (an address, a network
of IPv6) has to wait before each of its guesses; the wait is its own, so that nobody can use up another's turn.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, text

from data.database import SYSTEM, Database
from data.sql import load
from rules.errors import Problem
from rules.login_delay import FORGET_AFTER, FREE_GUESSES, FREE_GUESSES_OF_DEVICE, FREE_NAMES, LONGEST_WAIT, wait_after

ALL_SOURCES = b""
PRUNE_EVERY = 500


@dataclass(frozen=True)
class Guess:
    """A guess that was counted as wrong, until it proves right."""

    account: bytes
    source: bytes


class Guesses:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._secret: bytes | None = None
        self._taken = 0

    def keyed(self, *parts: str) -> bytes:
        """A keyed hash: equal parts are recognised, and the table does not reveal whose they were."""
        if self._secret is None:
            with self._database.reading(SYSTEM) as connection:
                self._secret = bytes(connection.execute(text("SELECT secret FROM login_secret")).scalar_one())
        return hmac.digest(self._secret, "\0".join(parts).encode(), hashlib.sha256)[:16]

    def take(self, username: str, *, network: str, device: str | None, now: datetime) -> Guess:
        """Count a guess before it is made. Raises Problem too_many with `retry_after_s` while it has to wait."""
        kind, place = ("address", network) if device is None else ("device", device)
        guess = Guess(self.keyed("account", account_key(username)), self.keyed(kind, place))
        with self._database.writing(SYSTEM) as connection:
            left = self._count(connection, guess, now, known=device is not None)
            self._prune(connection, now)
        if left is not None:
            raise Problem("too_many", extra={"retry_after_s": max(1, ceil(left.total_seconds()))})
        return guess

    def right(self, guess: Guess) -> None:
        """The password was right: the account's count and this source's begin anew."""
        with self._database.writing(SYSTEM) as connection:
            connection.execute(
                text("DELETE FROM login_guess WHERE account = :account AND source IN (:source, :all)"),
                {"account": guess.account, "source": guess.source, "all": ALL_SOURCES},
            )

    def _count(self, connection: Connection, guess: Guess, now: datetime, *, known: bool) -> timedelta | None:
        """None for a guess that may be made, and is counted; else how long it has to wait."""
        values = {"account": guess.account, "source": guess.source, "now": now, "forgotten": now - FORGET_AFTER}
        total = connection.execute(load("take_guess"), values).scalar_one()
        own = connection.execute(
            load("read_guess"),
            values,
        ).one_or_none()
        failures = own.failures if own else 0
        wait = wait_after(failures, FREE_GUESSES_OF_DEVICE) if known else self._wait(connection, values, total)
        if wait and own is None:
            connection.execute(load("write_guess"), values | {"failures": 0, "open_at": now + wait})
            return wait
        if wait and own is not None:
            # after a guess the wait counts from now; after a refusal it ends at the moment that was given
            opens = max(own.open_at, own.last_at + wait) if failures else own.open_at
            if opens > now:
                return min(opens - now, LONGEST_WAIT)
        connection.execute(load("write_guess"), values | {"failures": failures + 1, "open_at": now})
        if not known:
            connection.execute(
                load("write_guess"), values | {"source": ALL_SOURCES, "failures": total + 1, "open_at": now}
            )
        return None

    def _wait(self, connection: Connection, values: dict, total: int) -> timedelta:
        names = connection.execute(load("count_guessed_names"), values | {"most": FREE_NAMES + 10}).scalar_one()
        return max(wait_after(total, FREE_GUESSES), wait_after(names, FREE_NAMES))

    def _prune(self, connection: Connection, now: datetime) -> None:
        """Strangers can make as many rows as they send names: now and then the forgotten ones go."""
        self._taken += 1
        if self._taken % PRUNE_EVERY == 0:
            forget_old(connection, now)


def account_key(username: str) -> str:
    return username.strip().casefold()


def forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(
        load("forget_guesses"),
        {"forgotten": now - FORGET_AFTER},
    )
