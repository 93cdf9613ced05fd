"""Working time: all of it, that of working days, or office hours. Exact to the microsecond."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

ZERO = timedelta(0)
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
DAY_MINUTES, NIGHT_MINUTES = 24 * 60, 16 * 60
# Beyond this nothing is looked up day by day: a deadline in another generation is a wrong setting.
HORIZON_DAYS = 366 * 20


class Basis(StrEnum):
    """natural: the clock always runs. workdays: on working days, around the clock. office: in office hours only."""

    natural = "natural"
    workdays = "workdays"
    office = "office"


@dataclass(frozen=True)
class Calendar:
    """The working days of a place, by its local time.

    `days_off` are holidays, `work_days` days that are worked although they fall on the `weekend` (0 is Monday); a date
    in both is worked. `office` holds the hours of a working day; a stretch that does not end after it began ends on the
    next day, whatever that is. Raises ValueError where they overlap.
    """

    zone: tzinfo
    days_off: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})
    office: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14, 30), time(18)))

    def __post_init__(self) -> None:
        object.__setattr__(self, "office", joined(self.office))
        if len(self.weekend) > 6:
            raise ValueError("a week has to have a working day")

    def is_workday(self, day: date) -> bool:
        return day in self.work_days or (day not in self.days_off and day.weekday() not in self.weekend)

    def counted(self, start: datetime, end: datetime, basis: Basis) -> timedelta:
        """How much of the time from `start` to `end` counts; negative when `end` is the earlier one."""
        if end < start:
            return -self.counted(end, start, basis)
        if basis == Basis.natural:
            return end - start
        total, day = ZERO, self._first_day(start)
        last = end.astimezone(self.zone).date()
        while day <= last:
            for opened, closed in self._hours(day, basis):
                total += max(ZERO, min(closed, end) - max(opened, start))
            day += DAY
        return total

    def after(self, start: datetime, amount: timedelta, basis: Basis) -> datetime:
        """The first moment by which `amount` has counted since `start`; before it, by a negative amount, the last from
        which as much counts until `start`. UTC. Raises OverflowError beyond some twenty years.
        """
        start = start.astimezone(UTC)
        if basis == Basis.natural or amount == ZERO:
            return start + amount
        return self._forward(start, amount, basis) if amount > ZERO else self._backward(start, -amount, basis)

    def opens(self, at: datetime) -> datetime:
        """When office hours begin next: at once within them. UTC. Raises OverflowError as `after` does."""
        return self.after(at, MOMENT, Basis.office) - MOMENT

    @property
    def office_hours(self) -> tuple[str, ...]:
        """The hours of a working day as they are written: 08:30-12:00; the end of a day is 24:00."""
        return tuple(written(*stretch) for stretch in self.office)

    def _first_day(self, at: datetime) -> date:
        """The day of a moment, or the one before where a stretch of that may still run."""
        overnight = any(closed <= opened for opened, closed in self.office)
        return at.astimezone(self.zone).date() - (DAY if overnight else ZERO)

    def _forward(self, start: datetime, amount: timedelta, basis: Basis) -> datetime:
        day = self._first_day(start)
        for _ in range(HORIZON_DAYS):
            for opened, closed in self._hours(day, basis):
                here = max(opened, start)
                if closed - here >= amount:
                    return here + amount
                amount -= max(ZERO, closed - here)
            day += DAY
        raise OverflowError(f"no such moment within {HORIZON_DAYS} days of {start}")

    def _backward(self, start: datetime, amount: timedelta, basis: Basis) -> datetime:
        day = start.astimezone(self.zone).date()
        for _ in range(HORIZON_DAYS):
            for opened, closed in reversed(tuple(self._hours(day, basis))):
                here = min(closed, start)
                if here - opened >= amount:
                    return here - amount
                amount -= max(ZERO, here - opened)
            day -= DAY
        raise OverflowError(f"no such moment within {HORIZON_DAYS} days of {start}")

    def _hours(self, day: date, basis: Basis) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of a local day that count, in UTC: on the day that clocks change it is longer or shorter."""
        if not self.is_workday(day):
            return
        if basis == Basis.office:
            for opened, closed in self.office:
                yield self._moment(day, opened), self._moment(day + DAY if closed <= opened else day, closed)
        else:
            yield self._moment(day, time.min), self._moment(day + DAY, time.min)

    def _moment(self, day: date, at: time) -> datetime:
        return _instant(self.zone, day, at)


def joined(office: Iterable[tuple[time, time]]) -> tuple[tuple[time, time], ...]:
    """The stretches in order, those of one day that touch as one. Raises ValueError for none at all, for those that
    overlap, and for one that over midnight would be longer than any night: its ends changed places."""
    ends = sorted(
        (_minutes(opened), _minutes(closed) + (DAY_MINUTES if closed <= opened else 0)) for opened, closed in office
    )
    if not ends:
        raise ValueError("office hours: there are none")
    spans: list[tuple[float, float]] = []
    for opened, closed in ends:
        if closed > DAY_MINUTES and closed - opened > NIGHT_MINUTES:
            raise ValueError(f"office hours: {_span((opened, closed))} would end on the next day")
        if spans and opened < spans[-1][1]:
            raise ValueError(f"office hours overlap: {_span(spans[-1])} and {_span((opened, closed))}")
        touches = bool(spans) and opened == spans[-1][1] and closed <= DAY_MINUTES
        spans[-1:] = [(spans[-1][0], closed)] if touches else [*spans[-1:], (opened, closed)]
    if spans[-1][1] - DAY_MINUTES > spans[0][0]:
        raise ValueError(f"office hours overlap: {_span(spans[-1])} and {_span(spans[0])}")
    return tuple((_time(opened), _time(closed)) for opened, closed in spans)


def written(opened: time, closed: time) -> str:
    """A stretch as it is written in a file: 22:00-06:00; the end of a day is 24:00."""
    return f"{opened:%H:%M}-{'24:00' if closed == time.min else f'{closed:%H:%M}'}"


def _span(stretch: tuple[float, float]) -> str:
    return written(_time(stretch[0]), _time(stretch[1]))


def _minutes(at: time) -> float:
    return at.hour * 60 + at.minute + at.second / 60


def _time(minutes: float) -> time:
    seconds = round(minutes * 60) % (DAY_MINUTES * 60)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


@lru_cache(maxsize=10_000)
def _instant(zone: tzinfo, day: date, at: time) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
