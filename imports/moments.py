"""Times as files write them: many forms, with or without a zone; a naive one is in the deployment's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from imports.calendar_digits import read_digits, read_number, with_digits
from imports.clock_words import read_clock
from rules.identifiers import normal_code

YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})\s*(?:年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?"
    r"|(?P<mark>[-/.])\s*(?P<m2>\d{1,2})\s*(?P=mark)\s*(?P<d2>\d{1,2})[日号]?(?!\d))(?P<rest>.*)"
)
PACKED_DAY = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[T\s]+(?P<rest>\S.*))", re.IGNORECASE)
YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4})(?:[T,\s]+(?P<rest>.*))?", re.I)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
DAY_MONTH = re.compile(rf"(?:(?P<week>[A-Za-z]{{3,9}}),?\s+)?(?P<d>\d{{1,2}})[\s-]{MONTH}[\s-](?P<y>\d{{4}})(?P<rest>.*)")
MONTH_DAY = re.compile(rf"(?:(?P<week>[A-Za-z]{{3,9}}),?\s+)?{MONTH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})(?P<rest>.*)")
WEEKDAYS = {
    **{name: place for place, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{name: place for place, name in enumerate("一二三四五六日")},
    "天": 6,
}
WEEKDAY = re.compile(r"^[,\s(]*(?:(?:星期|周|礼拜)([一二三四五六日天])|(mon|tue|wed|thu|fri|sat|sun)[a-z]*)[,\s)]*", re.I)
TWO_DIGIT_YEAR = re.compile(r"\d{1,2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(\s.*)?")
EARLIEST, LATEST = 1900, 2200
NEAR_SECOND_US = 1000


@dataclass(frozen=True)
class Moment:
    """`at` in UTC; `naive` is set when the file gave no zone; `in_gap`: that wall-clock time never was (DST)."""

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
    moment, day_only = _parse(value, calendar, formats)
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(f"'{value}' is in the year {moment.year}")
    if moment.tzinfo is not None:
        return Moment(moment.astimezone(UTC), day_only=day_only)
    at = moment.replace(tzinfo=calendar.zone).astimezone(UTC)
    gap = at.astimezone(calendar.zone).replace(tzinfo=None) != moment
    return Moment(at, naive=moment, day_only=day_only, in_gap=gap)


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
        return _whole_second(value), False
    if isinstance(value, date):
        return datetime.combine(value, time()), True
    if isinstance(value, bool | time | timedelta):
        raise ValueError(f"'{value}' is no day")
    if isinstance(value, int | float):
        return read_number(value)
    text = normal_code(str(value))
    for form in formats:
        try:
            return datetime.strptime(text, form), "%H" not in form and "%I" not in form
        except ValueError:
            continue
    if formats:
        raise ValueError(f"'{text}' is not written as {' or '.join(formats)}")
    return _text(text, calendar)


def _whole_second(value: datetime) -> datetime:
    """A workbook keeps moments as fractions of days: a thousandth beside a whole second is that second."""
    nearest = value + timedelta(microseconds=500_000)
    nearest = nearest.replace(microsecond=0)
    return nearest if abs(value - nearest) <= timedelta(microseconds=NEAR_SECOND_US) else value


def _text(text: str, calendar: Calendar) -> tuple[datetime, bool]:
    digits = re.fullmatch(r"(\d+)(?:\.0*)?", text)
    if digits:
        return read_digits(digits[1])
    compact = re.fullmatch(r"(\d{8})T(\d{4}|\d{6})", text, re.I)
    if compact:
        return read_digits(compact[1] + compact[2])
    if re.fullmatch(r"\d+[.,]\d+", text):
        return read_number(float(text.replace(",", ".")))
    day, rest, packed = _day(text, calendar)
    rest = _without_weekday(text, day, rest)
    if not rest:
        return day, True
    try:
        clock = read_clock(rest, packed=packed)
    except ValueError as error:
        raise ValueError(f"'{text[:40]}' is no time: {error}") from None
    moment = day + clock.since_midnight
    return moment if clock.zone is None else moment.replace(tzinfo=clock.zone), False


def _day(text: str, calendar: Calendar) -> tuple[datetime, str, bool]:
    """The day, the text after it, and whether the clock may be written without marks."""
    spelt = with_digits(text)
    if match := YEAR_FIRST.fullmatch(spelt):
        parts = [int(match["y"]), int(match["m"] or match["m2"]), int(match["d"] or match["d2"])]
        return _made(text, parts), _behind(match["rest"]), False
    if match := PACKED_DAY.fullmatch(spelt):
        return _made(text, [int(match["y"]), int(match["m"]), int(match["d"])]), _behind(match["rest"]), True
    if match := YEAR_LAST.fullmatch(spelt):
        month_and_day = _month_and_day(text, int(match["a"]), int(match["b"]), calendar.order)
        return _made(text, [int(match["y"]), *month_and_day]), _behind(match["rest"] or ""), False
    for pattern in (DAY_MONTH, MONTH_DAY):
        match = pattern.fullmatch(spelt)
        if match and match["name"][:3].lower() in MONTHS:
            day = _made(text, [int(match["y"]), MONTHS.index(match["name"][:3].lower()) + 1, int(match["d"])])
            _without_weekday(text, day, match["week"] or "")
            return day, _behind(match["rest"]), False
    if TWO_DIGIT_YEAR.fullmatch(spelt):
        raise ValueError(f"'{text[:40]}' has a year of two digits: give 'format' in the mapping")
    raise ValueError(f"'{text[:40]}' is no time; a form of your own is given by 'format' in the mapping")


def _behind(rest: str) -> str:
    rest = rest.strip()
    if rest[:1] in ("T", "t") and rest[1:2].isdigit():
        rest = rest[1:]
    return rest.lstrip(", ")


def _without_weekday(text: str, day: datetime, rest: str) -> str:
    """The text after the day without its weekday. Raises ValueError when that is another one."""
    match = WEEKDAY.match(rest)
    if match is None:
        return rest
    if WEEKDAYS[(match[1] or match[2]).lower()] != day.weekday():
        raise ValueError(f"'{text[:40]}' is no time: that day is not a {match[0].strip(' (),')}")
    return rest[match.end() :].strip()


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
