"""Letters that are invisible or reverse the direction of text: found, refused, removed.

Categories and joining behaviour: Unicode 15, UAX 9 (bidi controls), UAX 44 (default ignorable), RFC 5892 appendix A
(joiners). A letter is refused for what it does to the reader, never for its script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rules.errors import Problem

# Format characters that one sees: signs of Arabic, Syriac and Kaithi that go before a number.
VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Default ignorable, of a category that looks harmless (Lo, Mn, Cn); Mongolian and Khmer ones depend on what is before.
IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
# Drawn as nothing, though Unicode calls them a letter or a symbol.
BLANKS = frozenset("\u2800\u3164\uffa0\u115f\u1160")
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
MONGOLIAN_SELECTORS = frozenset("\u180b\u180c\u180d\u180e\u180f")
ZWNJ, ZWJ = "\u200c", "\u200d"
# The three flags that are written with tags (England, Scotland, Wales): all that Unicode recommends for interchange.
TAG_FLAGS = re.compile("\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|"
                       "\U000e0077\U000e006c\U000e0073)\U000e007f")  # fmt: skip
LINE_BREAKS = frozenset("\n\r\t")
#: More marks on one letter than any script needs: they run over the lines above and below.
MOST_MARKS = 8
VIRAMA = 9


def first_hidden(text: str, *, lines: bool = False) -> str | None:
    """The first letter that may not be in a text, as "U+202E"; None when there is none.

    `lines`: whether the text may have several lines, that is newlines and tabs.
    """
    position = next(_hidden(text, lines), None)
    return None if position is None else f"U+{ord(text[position]):04X}"


def without_hidden(text: str, *, lines: bool = False) -> str:
    """The text without the letters that may not be in it. What separates words (a newline, U+2028) becomes a space."""
    # what is taken out may leave something beside its like that was parted from it before
    while gone := set(_hidden(text, lines)):
        text = "".join(char if place not in gone else " " * char.isspace() for place, char in enumerate(text))
    return text


def has_visible(text: str) -> bool:
    """Whether there is at least one letter, digit or symbol that is drawn: punctuation and marks alone say nothing."""
    return any(unicodedata.category(char)[0] in "LNS" and char not in BLANKS for char in text) or any(
        unicodedata.category(char) == "Co" for char in text
    )


def check_line(field: str, value: str | None, *, required: bool = False) -> None:
    """Raises Problem invalid (field) for a required text in which nothing is seen, hidden_letters (field, letter)."""
    _check(field, value or "", required=required, lines=False)


def check_lines(field: str, value: str | None, *, required: bool = False) -> None:
    """The same of a text that may have several lines."""
    _check(field, value or "", required=required, lines=True)


def _check(field: str, value: str, *, required: bool, lines: bool) -> None:
    letter = first_hidden(value, lines=lines)
    if letter is not None:
        raise Problem("hidden_letters", field=field, letter=letter)
    if required and not has_visible(value):
        raise Problem("invalid", field=field, value=value[:40])


def _hidden(text: str, lines: bool) -> Iterator[int]:
    """The places of the letters that may not be there, in order."""
    if text.isascii() and text.isprintable():
        return
    flags = {place for found in TAG_FLAGS.finditer(text) for place in range(found.start() + 1, found.end())}
    marks = 0
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if place not in flags and (marks > MOST_MARKS or _is_hidden(text, place, category, lines)):
            yield place


def _is_hidden(text: str, place: int, category: str, lines: bool) -> bool:
    char = text[place]
    if category == "Cc":
        return not (lines and char in LINE_BREAKS)
    if category in ("Zl", "Zp", "Cs") or ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF:
        return True
    if char in (ZWNJ, ZWJ):
        return not _joins(text, place)
    if char in MONGOLIAN_SELECTORS:
        return not (place and "\u1800" <= text[place - 1] <= "\u18af")
    if SELECTORS.match(char):
        return not (place and _takes_selector(text[place - 1]))
    if char in "\u115f\u1160":
        return not _is_jamo(text[place - 1 : place]) and not _is_jamo(text[place + 1 : place + 2])
    return bool(IGNORABLE.match(char)) or (category == "Cf" and char not in VISIBLE_FORMATS)


def _joins(text: str, place: int) -> bool:
    """Whether a joiner has something to join: emoji, after a virama, or between letters of a script that joins."""
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if not before:
        return False
    if unicodedata.combining(before) == VIRAMA:
        return True
    if text[place] == ZWJ and after and unicodedata.category(after) == "So":
        return unicodedata.category(before) in ("So", "Sk") or before == "\ufe0f"
    return bool(after) and _is_cursive(before) and _is_cursive(after)


def _is_cursive(char: str) -> bool:
    """Arabic, Syriac, N'Ko, Mongolian and the scripts of India: where a joiner changes what is drawn."""
    return unicodedata.category(char)[0] in "LM" and (
        "\u0600" <= char <= "\u08ff" or "\u0900" <= char <= "\u0dff" or "\u1800" <= char <= "\u18af"
    )


def _takes_selector(before: str) -> bool:
    return unicodedata.category(before)[0] in "LNSP" or unicodedata.category(before) == "Co"


def _is_jamo(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff" or "\ua960" <= char <= "\ua97c" or "\ud7b0" <= char <= "\ud7fb"
