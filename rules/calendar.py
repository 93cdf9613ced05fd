"""Which time counts: all of it, that of working days, or that of office hours. Everything is exact to the microsecond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

ZERO = timedelta(0)
DAY = timedelta(days=1)
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
    in both is worked. `office` holds the hours of a working day, in order. Raises ValueError where they overlap.
    """

    zone: tzinfo
    days_off: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})
    office: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14, 30), time(18)))

    def __post_init__(self) -> None:
        edges = [edge for hours in self.office for edge in hours]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError(f"office hours have to follow one another: {self.office}")
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
        total, day = ZERO, start.astimezone(self.zone).date()
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

    def _forward(self, start: datetime, amount: timedelta, basis: Basis) -> datetime:
        day = start.astimezone(self.zone).date()
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
                yield self._moment(day, opened), self._moment(day, closed)
        else:
            yield self._moment(day, time.min), self._moment(day + DAY, time.min)

    def _moment(self, day: date, at: time) -> datetime:
        return _instant(self.zone, day, at)


@lru_cache(maxsize=10_000)
def _instant(zone: tzinfo, day: date, at: time) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
