"""Which levels a running clock has reached: the holder is reminded, the holder's centre told, then the level above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.sla import Clocks, Run, moment_at


class Level(StrEnum):
    """In order: 80 % of the time used, the deadline, twice the time (rules/sla.py has the shares)."""

    warn = "warn"
    leader = "leader"
    above = "above"

    @property
    def topic(self) -> str:
        return {"warn": "clock.reminder", "leader": "clock.passed", "above": "clock.passed_twice"}[self.value]


@dataclass(frozen=True)
class Notice:
    """A level that a clock has reached, and since when."""

    run: Run
    level: Level
    reached_at: datetime


def reached(run: Run, now: datetime, clocks: Clocks) -> tuple[Notice, ...]:
    """The levels that a clock has reached by a moment, the lowest first."""
    return tuple(
        Notice(run, level, moment)
        for level in Level
        if (moment := moment_at(run, getattr(clocks, level.value), clocks)) <= now
    )


def next_look(runs: Iterable[Run], now: datetime, clocks: Clocks) -> datetime | None:
    """When the next level of any of these clocks is reached; None when all are, or none runs."""
    moments = (moment_at(run, getattr(clocks, level.value), clocks) for run in runs for level in Level)
    return min((moment for moment in moments if moment > now), default=None)


def first_look(runs: Iterable[Run], clocks: Clocks) -> datetime | None:
    """When the first level of any of these clocks is, or was, reached; None when no clock runs."""
    return min((moment_at(run, clocks.warn, clocks) for run in runs), default=None)
