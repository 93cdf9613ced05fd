"""What somebody types into the search box, as words; the database cuts its texts in the same way.

Latin letters and digits are words, and a word that is typed finds those that begin with it. Chinese, which leaves no
blanks, is cut into pairs of characters: an index of three would not find a word of two. Twin of the functions
search_folded and search_vector (data/migrations/sql/0022_search.sql).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

#: Marks that one does not see: soft hyphens, marks of direction, joiners, byte order marks, variation selectors.
FORMAT = re.compile("[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
#: Scripts with blanks between words, in small letters; and those without.
SPACED = (
    "0-9a-z\u00aa\u00b5\u00ba\u00df-\u00f6\u00f8-\u02af\u0300-\u034e\u0350-\u036f\u0370-\u052f\u0561-\u0587"
    "\u05d0-\u05ea\u0620-\u0669\u1e00-\u1fff"
)
UNSPACED = (
    "\u0e01-\u0fff\u1000-\u109f\u1950-\u19df\u1a20-\u1aaf\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
RUN = re.compile(f"([{SPACED}]+)|([{UNSPACED}]+)")
NO_LETTER = re.compile(f"[^{SPACED}{UNSPACED}]+")
APOSTROPHE = re.compile("['\u2018\u2019\u02bc`]")
PART = re.compile(r"[\s,;\u3001]+")
MAX_WORDS, MAX_RUN = 8, 64
#: Fewer letters would be the end of too many numbers.
FEWEST_OF_NUMBER = 3


@dataclass(frozen=True)
class Wanted:
    """`text`: all of it, folded. `queries`: of each word, as PostgreSQL writes a tsquery. `number`: letters and digits
    alone, where it could be a case number or the end of one."""

    text: str
    queries: tuple[str, ...]
    number: str | None

    @property
    def is_short(self) -> bool:
        """One letter: it begins half of all words."""
        return len(NO_LETTER.sub("", self.text)) < 2


def folded(text: str) -> str:
    """Full width, ligatures and case made one, and without the marks that one does not see."""
    plain = FORMAT.sub("", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFKC", plain).lower()


def letters(text: str) -> str:
    """A number as it is compared: without hyphens, brackets, blanks."""
    return NO_LETTER.sub("", folded(text))


def wanted(typed: str) -> Wanted:
    """What `typed` looks for; without queries where it holds no letter."""
    text = " ".join(folded(typed).split())
    words = [word for word in PART.split(text) if RUN.search(word)][:MAX_WORDS]
    number = letters(text)
    numbered = all(any(letter.isdigit() for letter in word) for word in words) and len(number) >= FEWEST_OF_NUMBER
    return Wanted(text, tuple(map(_query, words)), number if words and numbered else None)


def _query(word: str) -> str:
    """An apostrophe parts syllables in one name and is a letter in another: Lu'an, O'Farrell. Who has no u with dots on the
    keyboard types v."""
    spellings = dict.fromkeys((word, APOSTROPHE.sub("", word), APOSTROPHE.sub("", word).replace("\u00fc", "v")))
    return " | ".join(f"({_all_of(spelling)})" for spelling in spellings)


def _all_of(word: str) -> str:
    return " & ".join(term for spaced, unspaced in RUN.findall(word) for term in _terms(spaced[:MAX_RUN], unspaced))


def _terms(spaced: str, unspaced: str) -> list[str]:
    if spaced:
        return [f"'{spaced}':*"]
    pairs = [f"'{one}{other}'" for one, other in pairwise(unspaced)]
    return pairs or [f"'{unspaced}':*"]
