"""Delivery attempts: the outcome of one, what it says of its route, and what is recorded."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from data.outbox.messages import Misdirected, Refusal, Rejected, RouteRefused, Unclear, Unreached, Unsent
from data.outbox.route_states import RouteState

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
#: A message whose answer is not understood may have been sent and paid for: it goes out so often and no more.
UNCLEAR_TRIES = 3
#: Refused so often in the name of a route that sent others meanwhile: then it is the message.
PAUSES = 3
REFUSED_BEFORE = "recipient refused (another has it)"


class Held(Exception):
    """Not to be sent at this hour; `until` says when."""

    def __init__(self, until: datetime) -> None:
        super().__init__("office hours")
        self.until = until


@dataclass(frozen=True)
class DeliveryAttempt:
    """What came of one delivery: why it failed (None: it did not), and the marks of whom it reached or who refused it."""

    row: RowMapping
    error: Exception | None = None
    reached: tuple[str, ...] = ()


def back_off(attempts: int, draw: float) -> timedelta:
    """How long to wait after so many failed tries: doubling, capped, spread by a draw from 0 to 1."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return pause * (0.75 + 0.5 * draw)


def deciding_failure(errors: list[Exception]) -> Exception | None:
    """Of several addresses' failures the one that decides: the route's, then what may pass, then what is for good."""
    order = (RouteRefused, OSError, Unclear, Unsent, Exception)
    rank = {id(error): next(n for n, kind in enumerate(order) if isinstance(error, kind)) for error in errors}
    return min(errors, key=lambda error: rank[id(error)] + 10 * isinstance(error, Rejected), default=None)


def words_of(error: Exception | None) -> str:
    """An adapter's own words hold no address; those of something that broke may, and are left out."""
    if error is None:
        return ""
    known = isinstance(error, Unsent | Rejected | RouteRefused | Held)
    return (str(error) if known else f"failed ({type(error).__name__})")[:200]


def state_after(state: RouteState, error: Exception | None, now: datetime, attempts: int) -> RouteState:
    """What an attempt says of the route."""
    words = words_of(error)
    if error is None:
        return state.succeeded(now)
    if isinstance(error, Held):
        return state
    if isinstance(error, RouteRefused):
        return state.refused(now, error.refusal, words, error.after)
    if isinstance(error, OSError):
        return state.refused(now, Refusal.storage, words)
    if isinstance(error, Rejected) and not isinstance(error, Misdirected):
        # the gateway let us in and looked at the message; our own refusals never met it
        return state if words in OWN_REFUSALS else state.answered(now)
    # a message may not die of a network that is away, however few tries its route allows
    return state.failed(now, getattr(error, "streak", None), words, attempts if isinstance(error, Unreached) else None)


OWN_REFUSALS = frozenset({"no address", "too old", REFUSED_BEFORE})


def outcome(
    attempt: DeliveryAttempt, before: RouteState, after: RouteState, now: datetime, attempts: int
) -> dict[str, Any]:
    """The row as it is after the attempt. `before`, `after`: the route's state; `attempts`: how many the route allows."""
    row, error = attempt.row, attempt.error
    values = {
        "id": row["id"],
        "lease": row["leased_until"],
        "state": "waiting",
        "error": words_of(error),
        "sent_at": None,
        "next_try_at": now + back_off(row["attempts"], random.random()),
        "reached": list(attempt.reached),
        "uncounted": 0,
        "unclear": row["unclear"],
        "pauses": row["pauses"],
    }
    if error is None:
        return values | {"state": "sent", "sent_at": now}
    if isinstance(error, Held):
        return values | {"next_try_at": error.until, "uncounted": 1}
    if isinstance(error, RouteRefused | OSError):
        return values | _of_the_route(row, error, before, now)
    if isinstance(error, Unclear):
        unclear = row["unclear"] + 1
        given_up = {"state": "dead", "error": f"answer not understood ({error})"[:200]}
        return values | {"unclear": unclear} | (given_up if unclear >= UNCLEAR_TRIES else {})
    if isinstance(error, Rejected):
        return values | {"state": "dead"}
    if after.paused and not getattr(error, "counts", True):
        return values | {"uncounted": 1, "next_try_at": now}
    return values | {"state": "dead" if row["attempts"] >= attempts else "waiting"}


def _of_the_route(row: RowMapping, error: Exception, before: RouteState, now: datetime) -> dict[str, Any]:
    """It waits at the end of the line, its try is not counted; unless the route has sent others since it was refused."""
    full = isinstance(error, RouteRefused) and error.refusal == Refusal.quota
    others_went = before.last_success_at is not None and before.last_success_at > row["next_try_at"]
    pauses = row["pauses"] + (1 if others_went and not full else 0)
    return {"uncounted": 1, "next_try_at": now, "pauses": pauses, "state": "dead" if pauses >= PAUSES else "waiting"}
