"""Base classes of requests and answers, one page of a list, and texts, codes and times as requests may carry them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def clean_text(value: str) -> str:
    """Refuses what PostgreSQL cannot store: NUL and lone surrogates."""
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("holds a character that cannot be stored")
    return value


def some_text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def in_utc(value: datetime) -> datetime:
    """The moment as UTC: the database knows fewer offsets than Python. Refuses what lies before or after all years."""
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside all years") from error


T = TypeVar("T")
Text = Annotated[str, AfterValidator(clean_text)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.\-]+$")]
Kind = Literal["dispute", "incident", "hazard", "request"]
Severity = Literal["minor", "major", "grave"]
Word = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]


class Incoming(BaseModel):
    """A request's body: unknown fields are refused, so that a misspelt one does not go unnoticed."""

    model_config = ConfigDict(extra="forbid")


class Outgoing(BaseModel):
    """An answer; it may carry more than is written here."""

    model_config = ConfigDict(extra="allow")


class Page(Outgoing, Generic[T]):
    """One page of a list: `total` counts all of it, `next_cursor` asks for what follows."""

    items: list[T]
    next_cursor: str | None
    total: int


class Reason(Outgoing):
    code: str
    text: str
