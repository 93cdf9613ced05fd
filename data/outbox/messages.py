"""A message as an adapter gets it, and the errors with which an adapter says that it could not send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from rules.moves import MOVES
from rules.reminders import Level

#: What messages about a case may be about, and those about the sending itself.
TOPICS = tuple(f"case.{name}" for name in MOVES) + tuple(level.topic for level in Level)
ROUTE_PAUSED = "route.paused"
BRIEF = "brief.morning"


@dataclass(frozen=True)
class Message:
    """One message to one organisation. `key` is the same at every try, so that a receiver can drop a repeat.

    `title` and `text` hold case number, step and organisation, never what people wrote. `address` is a duty desk's.
    """

    key: str
    topic: str
    case_no: str
    body: str
    title: str
    text: str
    link: str
    at: datetime
    address: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The message for a program: all but the address."""
        return {name: value for name, value in vars(self).items() if name != "address"}


class Refusal(StrEnum):
    """Why a route does not send: refused by its gateway, or stopped by this software or a person."""

    credentials = "credentials"
    quota = "quota"
    sender = "sender"
    gateway = "gateway"
    storage = "storage"
    no_answer = "no_answer"
    unclear = "unclear"
    misdirected = "misdirected"
    by_hand = "by_hand"


class Unsent(Exception):
    """It was not sent, and another try may succeed. The words go into the record: no address, no secret.

    `streak`: what several such failures in a row say of the route. `counts`: whether it is one of the message's tries
    also where they do.
    """

    streak: Refusal | None = None
    counts = True


class Unavailable(Unsent):
    """The gateway says that it cannot: it is out of order, or this one message puts it out of order."""

    streak, counts = Refusal.no_answer, False


class Unreached(Unavailable):
    """Nothing was handed over: there is no connection."""


class Unanswered(Unsent):
    """It was handed over and nothing came back: it may have been sent."""

    streak = Refusal.no_answer


class Unclear(Unsent):
    """It may have been sent: the gateway took it and its answer is not understood. Few further tries, as each may be paid for.

    `field`, `expected`, `was`: which field of the answer did not fit, for the administrator of the route.
    """

    streak = Refusal.unclear

    def __init__(self, words: str, *, field: str = "", expected: str = "", was: str = "") -> None:
        super().__init__(words)
        self.field, self.expected, self.was = field, expected, was


class Rejected(Exception):
    """This message or its address was refused for good: another try would be refused as well."""

    streak: Refusal | None = None


class Misdirected(Rejected):
    """Refused by a place that knows nothing of messages (not found, redirected): one message's address, or the route's."""

    streak = Refusal.misdirected


class RouteRefused(Exception):
    """The gateway refuses the sender, not this message: every other would be refused as well.

    `after`: when the gateway says it may be asked again.
    """

    def __init__(self, words: str, refusal: Refusal = Refusal.gateway, *, after: timedelta | None = None) -> None:
        super().__init__(words)
        self.refusal, self.after = refusal, after


#: What an adapter's own words may be repeated of: they hold no address and no secret.
Failure = Unsent | Rejected | RouteRefused


class Adapter(Protocol):
    """Sends one message; raises Unsent, Rejected or RouteRefused. Anything else is Unsent too, an OSError the route's."""

    def send(self, message: Message) -> None: ...


@runtime_checkable
class Gathering(Protocol):
    """An adapter that takes many messages at once: all of them are sent, or none."""

    def send_all(self, messages: Sequence[Message]) -> None: ...


#: Puts a topic and its facts into words: (title, text).
Words = Callable[[str, dict[str, Any]], tuple[str, str]]
