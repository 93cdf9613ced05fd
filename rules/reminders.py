"""Levels of an SLA timer: reminder to the holder, then to its centre, then to the level above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.sla import SlaPolicy, SlaTimer, moment_at


class Level(StrEnum):
    """In order: 80 % of the time used, the deadline, twice the time (rules/sla.py has the shares)."""

    warn = "warn"
    leader = "leader"
    above = "above"

    @property
    def topic(self) -> str:
        return {"warn": "clock.reminder", "leader": "clock.passed", "above": "clock.passed_twice"}[self.value]


@dataclass(frozen=True)
class Reminder:
    """A level that a clock has reached, and since when."""

    timer: SlaTimer
    level: Level
    reached_at: datetime


def reached(timer: SlaTimer, now: datetime, sla: SlaPolicy) -> tuple[Reminder, ...]:
    """The levels that a clock has reached by a moment, the lowest first."""
    return tuple(
        Reminder(timer, level, moment)
        for level in Level
        if (moment := moment_at(timer, getattr(sla, level.value), sla)) <= now
    )


def next_look(timers: Iterable[SlaTimer], now: datetime, sla: SlaPolicy) -> datetime | None:
    """When the next level of any of these clocks is reached; None when all are, or none runs."""
    moments = (moment_at(timer, getattr(sla, level.value), sla) for timer in timers for level in Level)
    return min((moment for moment in moments if moment > now), default=None)


def first_look(timers: Iterable[SlaTimer], sla: SlaPolicy) -> datetime | None:
    """When the first level of any of these clocks is, or was, reached; None when no clock runs."""
    return min((moment_at(timer, sla.warn, sla) for timer in timers), default=None)
