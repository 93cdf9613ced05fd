"""Delay before the next login attempt: short enough that a stranger locks nobody out."""

from __future__ import annotations

from datetime import timedelta

#: Wrong passwords on one account, from wherever they come, before its guesses have to wait.
FREE_GUESSES = 5
#: The same on a browser that this account has logged in with before: it has a count of its own.
FREE_GUESSES_OF_DEVICE = 10
#: Different names that failed from one address: an office behind one address has many people who mistype.
FREE_NAMES = 100
LONGEST_WAIT = timedelta(seconds=30)
FORGET_AFTER = timedelta(minutes=30)


def wait_after(failures: int, free: int) -> timedelta:
    """The pause before the next guess: none for the first `free`, then 1 s, 2 s, 4 s and so on up to the longest."""
    if failures < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free, 10)), LONGEST_WAIT)
