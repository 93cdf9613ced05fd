"""The sentences of a brief in words, whole and in pieces with their doors."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from dashboard.words.formats import count, moment
from dashboard.words.texts import known_locale, text
from data.queries.brief import Brief, Sentence

#: Marks the place of a number; no text holds these.
PLACE = re.compile("\ue000(\\w+)\ue001")


def pieces(sentence: Sentence, locale: str, zone: str) -> list[tuple[str, dict[str, Any] | None]]:
    """The words of a sentence piece by piece: plain words (None), and numbers with value and list."""
    values: dict[str, Any] = {name: f"\ue000{name}\ue001" for name in sentence.numbers}
    said = text(f"brief.{sentence.key}", locale, **values, **_said(sentence.values, locale, zone))
    found: list[tuple[str, dict[str, Any] | None]] = []
    for place, part in enumerate(PLACE.split(said)):
        if place % 2:
            number = sentence.numbers[part]
            found.append((count(number["value"], locale), number))
        elif part:
            found.append((part, None))
    return found


def _said(values: dict[str, Any], locale: str, zone: str) -> dict[str, str]:
    return {name: _value(value, locale, zone) for name, value in values.items()}


def _value(value: Any, locale: str, zone: str) -> str:
    if isinstance(value, datetime):
        return str(format_date(value.astimezone(ZoneInfo(zone)), "EEEE", locale=known_locale(locale)))
    return count(value, locale) if isinstance(value, int) else str(value)


def sentence_shape(sentence: Sentence, locale: str, zone: str) -> dict[str, Any]:
    """A sentence of the interface: text, numbers, and whether it says something unusual."""
    parts = pieces(sentence, locale, zone)
    words = "".join(words for words, _ in parts)
    return {"text": words, "numbers": [number for _, number in parts if number is not None], "unusual": sentence.unusual}


def period(found: Brief, locale: str, zone: str) -> str:
    ends = [moment(at, locale, zone) for at in (found.since, found.until)]
    return text("brief.period", locale, since=ends[0], until=ends[1])
