"""Moments written as digits alone: calendar digits first, then a workbook's days, then seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

WORKBOOK_EPOCH = datetime(1899, 12, 30)
WORKBOOK_DAYS = (10_000, 80_000)
#: A workbook of the 1904 date system counts from there: this many days later.
DAYS_1904 = 1462
EXACT = 2**53
#: Length of the digits, and the lengths of their parts: year, month, day, hour, minute, second, thousandths.
CALENDAR = {
    8: (4, 2, 2),
    10: (4, 2, 2, 2),
    12: (4, 2, 2, 2, 2),
    14: (4, 2, 2, 2, 2, 2),
    17: (4, 2, 2, 2, 2, 2, 3),
}
CALENDAR_YEARS = range(1900, 2100)
#: Digits that begin like one of these years and are no calendar moment are a slip of the pen, not seconds since 1970.
LIKELY_YEARS = range(1950, 2100)
SECONDS, MILLISECONDS = (1e8, 1e10), (1e11, 1e13)

NUMERALS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"廿": "二十", "卅": "三十"}
NUMERAL = re.compile("([〇零一二两三四五六七八九十廿卅]+)(?=\\s*[年月日号时点分秒刻])")


class Serial1904(float):
    """A number of a workbook whose days are counted from 1904."""


def read_number(value: float) -> tuple[datetime, bool]:
    """The moment of a number and whether it is only a day. Raises ValueError."""
    if value != value or abs(value) >= EXACT:
        raise ValueError(f"'{value:g}' is no time")
    if isinstance(value, Serial1904) and WORKBOOK_DAYS[0] - DAYS_1904 <= value <= WORKBOOK_DAYS[1]:
        return _workbook(float(value) + DAYS_1904)
    if float(value).is_integer():
        return read_digits(str(int(value)))
    if WORKBOOK_DAYS[0] <= value <= WORKBOOK_DAYS[1]:
        return _workbook(value)
    return _since_1970(value, f"{value:.3f}"), False


def read_digits(digits: str) -> tuple[datetime, bool]:
    """The moment of a whole number's digits, and whether it is only a day. Raises ValueError."""
    lengths = CALENDAR.get(len(digits))
    years = LIKELY_YEARS if len(digits) in (10, 12) else CALENDAR_YEARS
    if lengths and int(digits[:4]) in years:
        parts, place = [], 0
        for length in lengths:
            parts.append(int(digits[place : place + length]))
            place += length
        try:
            moment = datetime(*parts[:6])  # type: ignore[arg-type]
        except ValueError as error:
            raise ValueError(f"'{digits}' is no time: {error}") from None
        return moment + timedelta(milliseconds=parts[6] if len(parts) > 6 else 0), len(digits) == 8
    number = int(digits)
    if WORKBOOK_DAYS[0] <= number <= WORKBOOK_DAYS[1]:
        return _workbook(number)
    return _since_1970(number, digits), False


def _workbook(days: float) -> tuple[datetime, bool]:
    return WORKBOOK_EPOCH + timedelta(seconds=round(days * 86_400)), float(days).is_integer()


def _since_1970(value: float, digits: str) -> datetime:
    if SECONDS[0] <= value < SECONDS[1]:
        seconds = value
    elif MILLISECONDS[0] <= value < MILLISECONDS[1]:
        seconds = value / 1000
    else:
        raise ValueError(f"'{digits}' is no time")
    if int(digits[:4]) in LIKELY_YEARS:
        raise ValueError(f"'{digits}' begins like a year and is no moment of a calendar")
    return datetime.fromtimestamp(seconds, UTC)


def with_digits(text: str) -> str:
    """Chinese numerals before a unit as digits: 二〇二六年十二月二十五日 8点一刻 -> 2026年12月25日 8点1刻."""
    return NUMERAL.sub(lambda match: _digits(match[1]), text)


def _digits(numeral: str) -> str:
    for short, spelt in TENS.items():
        numeral = numeral.replace(short, spelt + "十" if not spelt.endswith("十") else spelt)
    if "十" not in numeral:
        return "".join(str(NUMERALS[letter]) for letter in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str(10 * (NUMERALS[tens] if tens else 1) + (NUMERALS[ones] if ones else 0))
