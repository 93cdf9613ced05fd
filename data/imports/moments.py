"""Times as files write them: many forms, with or without a zone; a naive one is the deployment's wall clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T,\s]*)(.*)", re.IGNORECASE)
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T,\s]+(.*))?", re.IGNORECASE)
CLOCK = re.compile(
    r"(?P<half>上午|下午|晚上|AM|PM)?\s*(?P<h>\d{1,2})\s*[:：时点]\s*(?P<m>\d{1,2})?\s*分?"
    r"(?:\s*[:：]?\s*(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?\s*秒?)?\s*(?P<half2>AM|PM)?\s*"
    r"(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
WORKBOOK_EPOCH = datetime(1899, 12, 30)
WORKBOOK_DAYS = (10_000, 80_000)
EARLIEST, LATEST = 1900, 2200


@dataclass(frozen=True)
class Moment:
    """`at` in UTC; `naive` is set when the file told no zone; `in_gap`: that wall-clock time never was (DST)."""

    at: datetime
    naive: datetime | None = None
    day_only: bool = False
    in_gap: bool = False


@dataclass(frozen=True)
class Calendar:
    """How naive and ambiguous times are read. `order` is dmy or mdy for dates such as 3/4/2024; None asks for it."""

    zone: ZoneInfo
    order: str | None = None


def read_moment(value: object, calendar: Calendar, formats: tuple[str, ...] = ()) -> Moment:
    """Raises ValueError with the reason."""
    found, day_only = _parse(value, calendar, formats)
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(f"'{value}' is in the year {found.year}")
    if found.tzinfo is not None:
        return Moment(found.astimezone(UTC), day_only=day_only)
    at = found.replace(tzinfo=calendar.zone).astimezone(UTC)
    gap = at.astimezone(calendar.zone).replace(tzinfo=None) != found
    return Moment(at, naive=found, day_only=day_only, in_gap=gap)


def second_reading(moment: Moment, calendar: Calendar) -> datetime:
    """The later of the two moments that a wall clock shows twice when summer time ends; else the same moment."""
    if moment.naive is None:
        return moment.at
    return moment.naive.replace(tzinfo=calendar.zone, fold=1).astimezone(UTC)


def end_of_day(moment: Moment, calendar: Calendar) -> datetime:
    """For a deadline given as a day: its last second."""
    if not moment.day_only or moment.naive is None:
        return moment.at
    last = datetime.combine(moment.naive.date(), time(23, 59, 59))
    return last.replace(tzinfo=calendar.zone).astimezone(UTC)


def _parse(value: object, calendar: Calendar, formats: tuple[str, ...]) -> tuple[datetime, bool]:
    if isinstance(value, datetime):
        return value, False
    if isinstance(value, date):
        return datetime.combine(value, time()), True
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(float(value)), float(value).is_integer() and value < WORKBOOK_DAYS[1]
    text = " ".join(str(value).split())
    for form in formats:
        try:
            return datetime.strptime(text, form), "%H" not in form and "%I" not in form
        except ValueError:
            continue
    if formats:
        raise ValueError(f"'{text}' is not written as {' or '.join(formats)}")
    return _text(text, calendar)


def _number(value: float) -> datetime:
    """A workbook's day number, or seconds or milliseconds since 1970 (UTC)."""
    if WORKBOOK_DAYS[0] <= value <= WORKBOOK_DAYS[1]:
        return WORKBOOK_EPOCH + timedelta(seconds=round(value * 86_400))
    if 1e8 <= value < 1e10:
        return datetime.fromtimestamp(value, UTC)
    if 1e11 <= value < 1e13:
        return datetime.fromtimestamp(value / 1000, UTC)
    raise ValueError(f"'{value:g}' is no time")


def _text(text: str, calendar: Calendar) -> tuple[datetime, bool]:
    compact = COMPACT.fullmatch(text)
    if compact:
        parts = [int(part) for part in compact.groups() if part]
        return _made(text, parts), len(parts) == 3
    first = YEAR_FIRST.fullmatch(text)
    last = None if first else YEAR_LAST.fullmatch(text)
    if first:
        day, clock = [int(first[n]) for n in (1, 2, 3)], first[4]
    elif last:
        day, clock = [int(last[3]), *_month_and_day(text, int(last[1]), int(last[2]), calendar.order)], last[4] or ""
    else:
        try:
            return _number(float(text)), False
        except ValueError:
            raise ValueError(
                f"'{text[:40]}' is no time; a form of your own is given by 'format' in the mapping"
            ) from None
    return _with_clock(text, _made(text, day), clock.strip()), not clock.strip()


def _month_and_day(text: str, first: int, second: int, order: str | None) -> tuple[int, int]:
    if order == "dmy" or (order is None and first > 12):
        return second, first
    if order == "mdy" or (order is None and second > 12) or first == second:
        return first, second
    raise ValueError(f"'{text}' can be two days: set date_order to dmy or mdy in the mapping")


def _made(text: str, parts: list[int]) -> datetime:
    try:
        return datetime(*parts)  # type: ignore[arg-type]
    except ValueError as error:
        raise ValueError(f"'{text[:40]}' is no time: {error}") from None


def _with_clock(text: str, day: datetime, clock: str) -> datetime:
    if not clock:
        return day
    match = CLOCK.fullmatch(clock)
    if match is None:
        raise ValueError(f"'{text[:40]}' is no time: '{clock}' is not understood")
    hour, half = int(match["h"]), (match["half"] or match["half2"] or "").upper()
    if half in ("PM", "下午", "晚上") and hour < 12:
        hour += 12
    if half in ("AM", "上午") and hour == 12:
        hour = 0
    minute, second = int(match["m"] or 0), int(match["s"] or 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError(f"'{text[:40]}' is no time: {clock} is on no clock")
    micro = int((match["f"] or "").ljust(6, "0")[:6])
    found = day + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)
    return found if match["zone"] is None else found.replace(tzinfo=_offset(match["zone"]))


def _offset(text: str):
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    return datetime.strptime(f"{text[0]}{digits}", "%z").tzinfo
