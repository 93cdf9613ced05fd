"""Names in several languages, search keys, and codes made of names."""

from __future__ import annotations

import re
from collections.abc import Mapping

LOCALES = ("zh_CN", "en")
CODE = re.compile(r"[A-Za-z0-9_.-]+")
HAN = re.compile(r"[\u3400-\u9fff]")


def _syllables(text: str, *, initials: bool = False) -> list[str]:
    """The syllables of a Chinese text in pinyin without tones, or their first letters."""
    # its dictionary takes half a second: only when a name is spelled, not at every start of manage.py
    from pypinyin import Style, lazy_pinyin

    syllables: list[str] = lazy_pinyin(text, style=Style.FIRST_LETTER if initials else Style.NORMAL)
    return syllables


def names_of(name: str, others: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """{locale: name} for every language of the screens: the translation where there is one, else the name itself."""
    given = {locale: text for locale, text in (others or {}).items() if text}
    return {**dict.fromkeys(LOCALES, name), **given}


def search_letters(*texts: str) -> str:
    """Initials and full spelling of Chinese names, the words of others; lower case, parted by blanks."""
    words: list[str] = []
    for text in texts:
        if HAN.search(text):
            words += ["".join(_syllables(text, initials=True)), "".join(_syllables(text))]
        else:
            words += text.split()
    return " ".join(dict.fromkeys(word.lower() for word in words))


def slug(text: str) -> str:
    """A code made of a name: Latin letters (Chinese in pinyin), digits and '-', at most 60 characters."""
    spelt = "-".join(_syllables(text)) if HAN.search(text) else text
    code = re.sub(r"[^A-Za-z0-9_.]+", "-", spelt).strip("-.").lower()[:60].rstrip("-")
    return code or f"x{abs(hash_of(text)):08x}"


def hash_of(text: str) -> int:
    """The same number for the same text on every run (Python's own hash is salted)."""
    value = 0
    for character in text:
        value = (value * 31 + ord(character)) & 0xFFFFFFFF
    return value
