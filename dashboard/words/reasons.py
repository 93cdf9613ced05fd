"""Reasons of a recommendation in words: codes in their values are named, figures are formatted."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.words.texts import text_or

SEPARATOR = {"zh_CN": "、"}


def reason_words(code: str, values: Mapping[str, object], locale: str, *, family: str = "reason") -> str:
    """The sentence of a reason; its code when an own rule names one that has no words yet."""
    words = text_or(f"{family}.{code}", locale, code)
    try:
        return words.format(**{name: _told(name, value, locale) for name, value in values.items()})
    except (KeyError, IndexError, ValueError):
        return words


def _told(name: str, value: object, locale: str) -> object:
    if name == "skills" and isinstance(value, list):
        return SEPARATOR.get(locale, ", ").join(text_or(f"skill.{skill}", locale, skill) for skill in value)
    return f"{value:g}" if isinstance(value, float) else value
