"""What an adapter gets, and how it says that it could not send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from rules.moves import MOVES
from rules.notices import Level

#: What messages may be about.
TOPICS = tuple(f"case.{name}" for name in MOVES) + tuple(level.topic for level in Level)


@dataclass(frozen=True)
class Message:
    """One message to one body. `key` is the same at every try, so that a receiver can drop a repeat.

    `title` and `text` hold case number, step and body, never what people wrote. `address` is a duty desk's.
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
        """What a program is told: all but the address."""
        return {name: value for name, value in vars(self).items() if name != "address"}


class Unsent(Exception):
    """It was not sent, and another try may succeed. The words go into the record: no address, no secret."""


class Rejected(Exception):
    """It was refused for good: another try would be refused as well."""


class Adapter(Protocol):
    """Sends one message; raises Unsent or Rejected. Anything else is Unsent too."""

    def send(self, message: Message) -> None: ...


@runtime_checkable
class Gathering(Protocol):
    """An adapter that takes many messages at once: all of them are sent, or none."""

    def send_all(self, messages: Sequence[Message]) -> None: ...


#: Puts a topic and its facts into words: (title, text).
Words = Callable[[str, dict[str, Any]], tuple[str, str]]
