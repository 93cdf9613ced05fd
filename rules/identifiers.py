"""Identifiers as people see them: two texts that look the same are one code, number, category or heading."""

from __future__ import annotations

import unicodedata

#: Fillers and marks that show nothing although their category is not Cf.
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")


def _shows(letter: str) -> bool:
    category = unicodedata.category(letter)
    return not (category in ("Cf", "Cc") or letter in BLANK_LETTERS or 0xFE00 <= ord(letter) <= 0xFE0F)


def visible(text: str) -> str:
    """The text without letters that show nothing, every run of blanks (no-break, ideographic, tab) as one blank."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split(" ")).strip() if "  " in text else text.strip()
    return " ".join("".join(letter for letter in " ".join(text.split()) if _shows(letter)).split())


def normal_code(text: str) -> str:
    """The one spelling of an identifier: NFKC (full-width as half-width), no format characters, blanks as one blank.

    Capitals stay: `folded` is for comparing.
    """
    if text.isascii():
        return visible(text)
    return visible(unicodedata.normalize("NFKC", visible(text)))


def folded(text: str) -> str:
    """For comparing words of people (headings, names, categories): `normal_code` without capitals."""
    return normal_code(text).casefold()


#: Format characters that texts need: joiners of emoji and of scripts that bind letters.
JOINERS = "\u200c\u200d"


def plain_text(text: str) -> str:
    """A text for people without letters that show nothing or turn the line round; its own width and lines stay."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if letter in JOINERS or unicodedata.category(letter) != "Cf").strip()
