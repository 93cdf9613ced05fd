"""Schemas of the SLA policy and its timers."""

from __future__ import annotations

from datetime import date, datetime

from web.schemas.base import Outgoing, Page


class LimitRow(Outgoing):
    """How long a step may take; `kind` null: for all kinds that have no row of their own."""

    step: str
    kind: str | None
    seconds: dict[str, int]
    basis: dict[str, str]


class WorkingCalendar(Outgoing):
    """`weekend` by ISO day (1 Monday); `work_days` are worked although they fall on it."""

    timezone: str
    weekend: list[int]
    days_off: list[date]
    work_days: list[date]
    office: list[str]


class ClockTable(Outgoing):
    limits: list[LimitRow]
    shares: dict[str, float]
    calendar: WorkingCalendar


class Run(Outgoing):
    """A clock that runs; `left_s` is negative once it has passed."""

    step: str
    basis: str
    started_at: datetime
    due_at: datetime
    used_share: float
    left_s: int


RunList = Page[Run]
