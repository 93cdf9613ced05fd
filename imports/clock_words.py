"""Times of day as people write them: 14:07, 下午2点07分, 晚上12:00, 8点半, 2:07 p.m., with or without a zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo

NOON, MIDNIGHT = 12, 24


@dataclass(frozen=True)
class HalfDay:
    """Hours that go with a word: `as_they_are`, `plus_12`, and what 12 o'clock is (None: it contradicts the word)."""

    as_they_are: Sequence[int]
    plus_12: Sequence[int] = ()
    twelve: int | None = None
    #: 12:00 alone is clear, half an hour later it could be either night.
    sharp: bool = False


EARLY = HalfDay(range(7), twelve=0)
MORNING = HalfDay(range(4, 12))
FORENOON = HalfDay(range(12), twelve=0)
MIDDAY = HalfDay(range(11, 15), range(1, 3), twelve=NOON)
AFTERNOON = HalfDay(range(12, 24), range(1, 12), twelve=NOON)
DUSK = HalfDay(range(16, 21), range(4, 9))
EVENING = HalfDay(range(17, 24), range(5, 12), twelve=MIDNIGHT, sharp=True)
NIGHT = HalfDay((*range(6), *range(20, 24)), range(8, 12), twelve=MIDNIGHT, sharp=True)
DEAD_OF_NIGHT = HalfDay((*range(4), 23), range(11, 12))
WORDS = {
    **dict.fromkeys(("凌晨", "拂晓", "黎明"), EARLY),
    **dict.fromkeys(("早上", "早晨", "清晨", "清早", "早间", "早"), MORNING),
    **dict.fromkeys(("上午", "am", "a.m.", "a.m", "午前"), FORENOON),
    **dict.fromkeys(("中午", "午间", "正午"), MIDDAY),
    **dict.fromkeys(("下午", "午后", "pm", "p.m.", "p.m"), AFTERNOON),
    **dict.fromkeys(("傍晚", "黄昏"), DUSK),
    **dict.fromkeys(("晚上", "晚间", "夜晚", "晚"), EVENING),
    **dict.fromkeys(("夜里", "夜间", "深夜", "半夜"), NIGHT),
    "午夜": DEAD_OF_NIGHT,
}
HALF = "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
CLOCK = re.compile(
    rf"(?P<half>{HALF})?\s*(?P<h>\d{{1,2}})\s*(?:[:时点]\s*(?:(?P<part>半|[13]刻|整|正)|(?P<m>\d{{1,2}})\s*分?)?"
    r"(?:\s*[:]?\s*(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?\s*秒?)?)?"
    rf"\s*(?P<half2>{HALF})?\s*(?P<zone>\S.*)?",
    re.IGNORECASE,
)
PACKED = re.compile(r"(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?(?:[.,](?P<f>\d{1,9}))?\s*(?P<zone>\S.*)?")
ZONE = re.compile(r"(?:(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?)", re.IGNORECASE)
PARTS = {"半": 30, "1刻": 15, "3刻": 45, "整": 0, "正": 0}
BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class ClockTime:
    """From the day's midnight; 24 hours and more are the next day."""

    since_midnight: timedelta
    zone: tzinfo | None = None


def read_clock(text: str, *, packed: bool = False) -> ClockTime:
    """Raises ValueError with the reason. `packed`: HHMM and HHMMSS may be written without separators."""
    match = (PACKED.fullmatch(text) if packed else None) or CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not understood")
    parts = match.groupdict()
    half = (parts.get("half") or parts.get("half2") or "").lower()
    if parts.get("half") and parts.get("half2"):
        raise ValueError(f"'{text}' names two halves of the day")
    if not half and re.fullmatch(r"\d+", text) and not packed:
        raise ValueError(f"'{text}' is not understood")
    minute = PARTS[parts["part"]] if parts.get("part") else int(parts["m"] or 0)
    second = int(parts["s"] or 0)
    hour = _hour(text, int(parts["h"]), minute, second, half)
    leap = second == 60 and minute == 59
    if hour > 24 or minute > 59 or (second > 59 and not leap) or (hour == 24 and not half and (minute or second)):
        raise ValueError(f"{text} is on no clock")
    micro = int((parts["f"] or "").ljust(6, "0")[:6])
    since = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)
    return ClockTime(since, read_zone(parts["zone"]) if parts.get("zone") else None)


def _hour(text: str, hour: int, minute: int, second: int, half: str) -> int:
    if not half:
        return hour
    known = WORDS[half]
    if hour == 12 and known.twelve is not None and 12 not in known.as_they_are:
        if known.sharp and (minute or second):
            raise ValueError(f"'{text}' can be two nights: write 凌晨0:{minute:02d} and its day")
        return known.twelve
    if hour in known.plus_12:
        return hour + 12
    if hour in known.as_they_are:
        return hour
    hint = ": write 凌晨 and the day it belongs to" if known is EVENING and hour < 5 else ""
    raise ValueError(f"'{half}' and {hour} o'clock contradict each other{hint}")


def read_zone(text: str) -> tzinfo:
    """Raises ValueError for abbreviations: CST is four zones, IST three."""
    word = text.strip().removeprefix("(").removesuffix(")").strip()
    if word.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if word in ("北京时间", "中国标准时间"):
        return BEIJING
    match = ZONE.fullmatch(word)
    if match is None:
        if re.fullmatch("[A-Za-z]{2,5}", word):
            raise ValueError(f"'{word}' can be several time zones: write the offset (+08:00)")
        raise ValueError(f"'{text}' is not understood")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > timedelta(hours=14):
        raise ValueError(f"'{word}' is no offset of a time zone")
    return timezone(-offset if match[1] == "-" else offset)
