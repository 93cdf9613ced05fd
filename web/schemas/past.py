"""The past, to be played."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from web.schemas.base import Outgoing


class Timeline(Outgoing):
    area: str
    first: datetime | None
    now: datetime
    days: list[list[date | int]]


class Frame(Outgoing):
    """`areas`: [place in `code`, tier letter, open, waiting]; `came`: markers by `columns`; `went`: their numbers."""

    at: datetime
    areas: list[list[Any]]
    came: list[list[Any]]
    went: list[str]
    figures: dict[str, int]


class Frames(Outgoing):
    area: str
    level: str
    code: list[str]
    columns: list[str]
    frames: list[Frame]
