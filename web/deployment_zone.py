"""The deployment's time zone, for requests that give a time without an offset. Set for each request at the entrance."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

from rules.moments import read_moment

deployment_zone: ContextVar[ZoneInfo] = ContextVar("deployment_zone", default=ZoneInfo("UTC"))  # noqa: B039 - immutable


def local_moment(value: object) -> object:
    """A text as a moment in UTC, read in the deployment's zone where it has no offset. Raises ValueError."""
    if value is None or isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("is not a date and time")
    return read_moment(value, deployment_zone.get())
