"""Names in several languages, and codes made of names."""

from __future__ import annotations

import re
from collections.abc import Mapping

LOCALES = ("zh_CN", "en")
CODE = re.compile(r"[A-Za-z0-9_.-]+")
HAN = re.compile(r"[\u3400-\u9fff]")


def _syllables(text: str) -> list[str]:
    """The syllables of a Chinese text in pinyin without tones."""
    # its dictionary takes half a second: only when a name is spelled, not at every start of manage.py
    from pypinyin import lazy_pinyin

    syllables: list[str] = lazy_pinyin(text)
    return syllables


def names_of(name: str, others: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """{locale: name} for every language of the screens: the translation where there is one, else the name itself."""
    given = {locale: text for locale, text in (others or {}).items() if text}
    return {**dict.fromkeys(LOCALES, name), **given}


def slug(text: str) -> str:
    """A code made of a name: Latin letters (Chinese in pinyin), digits and '-', at most 60 characters.

    By the library's own readings, whatever data/pinyin.py knows better: a code stays what it was.
    """
    spelt = "-".join(_syllables(text)) if HAN.search(text) else text
    code = re.sub(r"[^A-Za-z0-9_.]+", "-", spelt).strip("-.").lower()[:60].rstrip("-")
    return code or f"x{abs(hash_of(text)):08x}"


def hash_of(text: str) -> int:
    """The same number for the same text on every run (Python's own hash is salted)."""
    value = 0
    for character in text:
        value = (value * 31 + ord(character)) & 0xFFFFFFFF
    return value
