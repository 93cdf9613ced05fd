"""Moments as people and programs write them: ISO 8601 (RFC 3339); without an offset they are the deployment's wall clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

#: A day, or a day and a time, with or without an offset. `20261120` is none: a number of seconds to some programs.
MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?", re.ASCII
)


def read_moment(text: str, zone: tzinfo) -> datetime:
    """The moment in UTC; a day alone is its first instant in `zone`.

    Raises ValueError for other forms, for a wall-clock time that a change of clocks leaves out, and outside all years.
    """
    if not MOMENT.fullmatch(text):
        raise ValueError("is not a date and time such as 2026-11-20T08:00:00+08:00")
    moment = datetime.fromisoformat(text.upper())
    try:
        return moment.astimezone(UTC) if moment.tzinfo is not None else _local(moment, zone)
    except OverflowError as error:
        raise ValueError("lies outside all years") from error


def _local(moment: datetime, zone: tzinfo) -> datetime:
    at = moment.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError("does not exist: the clocks are put forward over it")
    return at
