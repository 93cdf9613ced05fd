"""Numbers and times in the reader's locale; all times arrive aware, in UTC."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal

from dashboard.words.texts import known_locale, text

_PATTERNS = {
    "zh_CN": {"full": "yyyy年M月d日 HH:mm", "short": "M月d日 HH:mm"},
    "en": {"full": "d MMM yyyy HH:mm", "short": "d MMM HH:mm"},
}
_INSTANTS = {
    "zh_CN": {"second": "yyyy年M月d日 HH:mm:ss", "clock": "HH:mm:ss", "zone": "yyyy年M月d日 HH:mm:ss (xxx)"},
    "en": {"second": "d MMM yyyy HH:mm:ss", "clock": "HH:mm:ss", "zone": "d MMM yyyy HH:mm:ss (xxx)"},
}


def count(number: float, locale: str) -> str:
    """A count with the locale's thousands separator."""
    return str(format_decimal(number, locale=known_locale(locale)))


def moment(at: datetime, locale: str, zone: str, *, form: str = "full") -> str:
    """Date and time in the deployment's zone; `form` is full (with the year) or short."""
    locale = known_locale(locale)
    return str(format_datetime(at, _PATTERNS[locale][form], tzinfo=ZoneInfo(zone), locale=locale))


def deadline(at: datetime, locale: str, zone: str, *, form: str = "full") -> str:
    """Until when something has to be done. A day ends at its end: midnight is 24:00 of the day before, never 0:00 of a
    day off."""
    local = at.astimezone(ZoneInfo(zone))
    if local.time() != time.min:
        return moment(at, locale, zone, form=form)
    locale = known_locale(locale)
    pattern = _PATTERNS[locale][form].replace("HH:mm", "'24:00'")
    return str(format_datetime(local - timedelta(hours=12), pattern, tzinfo=ZoneInfo(zone), locale=locale))


def day(on: date, locale: str) -> str:
    """A calendar day, with its year."""
    locale = known_locale(locale)
    return str(format_date(on, _PATTERNS[locale]["full"].removesuffix(" HH:mm"), locale=locale))


def instant(at: datetime, locale: str, zone: str, *, form: str = "second") -> str:
    """A moment to the second; `form`: second (with its date), clock (without), zone (with its offset too)."""
    locale = known_locale(locale)
    return str(format_datetime(at, _INSTANTS[locale][form], tzinfo=ZoneInfo(zone), locale=locale))


def month(at: datetime, locale: str) -> str:
    """A month as an axis label."""
    return str(format_skeleton("MMM", at, locale=known_locale(locale)))


def duration(length: timedelta, locale: str) -> str:
    """A length of time in its largest one or two units: 3 h 20 min, 2 d 4 h; never seconds."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        parts = [("time.days", days)] + ([("time.hours", hours)] if hours and days < 10 else [])
    elif hours:
        parts = [("time.hours", hours)] + ([("time.minutes", minutes)] if minutes else [])
    else:
        parts = [("time.minutes", minutes)]
    return text("time.joiner", locale).join(text(key, locale, n=number) for key, number in parts)


def relative(at: datetime, now: datetime, locale: str, zone: str) -> str:
    """How long ago within a day, the date and time after; the other one belongs into the title."""
    age = now - at
    if timedelta(0) <= age < timedelta(minutes=1):
        return text("time.now", locale)
    if timedelta(0) <= age < timedelta(days=1):
        return text("time.ago", locale, length=duration(age, locale))
    return moment(at, locale, zone, form="short")


def clock(due_at: datetime | None, now: datetime, locale: str, *, step: str | None = None) -> str:
    """The time left until `due_at`, or by how much it has passed, in words, and of which step's clock.

    Its twin, which lets them tick, is `timeLeft` in dashboard/assets/app/core/format.mjs; a test holds them together.
    """
    if due_at is None:
        return text("clock.none", locale)
    state, length = ("overdue" if due_at < now else "left"), duration(abs(now - due_at), locale)
    if step is None:
        return text(f"clock.{state}", locale, length=length)
    return text(f"clock.of.{state}", locale, step=text(f"clock.step.{step}", locale), length=length)


def distance(metres: float, locale: str) -> str:
    """Metres under a kilometre, kilometres with one decimal above."""
    if metres < 1000:
        return text("distance.m", locale, n=count(round(metres / 10) * 10, locale))
    return text("distance.km", locale, n=format_decimal(round(metres / 1000, 1), locale=known_locale(locale)))


def isolated(words: str) -> str:
    """What people wrote, for a line that holds other words too: U+2068 and U+2069 keep its direction to itself (UAX 9)."""
    return f"\u2068{words}\u2069" if words else words
