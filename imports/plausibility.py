"""Plausibility of decoded text: what somebody wrote, or the same bytes in a wrong encoding."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from imports.common_hanzi import COMMON

#: Shares of everyday and of frequent characters: in running text, and in lists of names, where rare ones are more.
SHARES = ((0.85, 0.4), (0.6, 0.55))
LOST = re.compile("\ufffd|锟斤拷|锟斤|烫烫烫|屯屯屯屯|ï»¿|ï¿½")
HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
KANA = re.compile("[\u3041-\u30fa]")
LETTER_BESIDE = re.compile("[A-Za-z][\u3400-\u9fff]+[A-Za-z]")
SINGLE_BYTES = ("cp1252", "latin-1")
#: The 3,755 characters of GB 2312's first level (rows 16 to 55), with which nearly all of today's Chinese is written.
EVERYDAY = frozenset(
    "".join(
        bytes((row, cell)).decode("gb2312", errors="ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)
    )
)


@dataclass(frozen=True)
class Reading:
    """What GB18030 makes of bytes: Chinese characters, those of the everyday set, frequent ones, and what never is."""

    han: int
    simple: int
    common: int
    impossible: int
    inside_words: int
    kana: int

    @property
    def convincing(self) -> bool:
        """Chinese of today: nearly all of the everyday characters, many of them frequent."""
        if self.impossible or not self.han:
            return False
        if self.inside_words * 2 > self.han or self.kana * 8 > self.han:  # EUC-JP has kana where GB18030 has them
            return False
        return any(self.simple >= simple * self.han and self.common >= common * self.han for simple, common in SHARES)


def read_hanzi(text: str) -> Reading:
    """Counts over decoded text."""
    letters = HAN.findall(text)
    return Reading(
        len(letters),
        sum(letter in EVERYDAY for letter in letters),
        sum(letter in COMMON for letter in letters),
        sum(never_written(letter) for letter in set(text) if not letter.isascii()),
        sum(len(match) - 2 for match in LETTER_BESIDE.findall(text)),
        len(KANA.findall(text)),
    )


def never_written(letter: str) -> bool:
    """Unassigned, private or control characters (U+0080 to U+009F), which no keyboard gives."""
    return unicodedata.category(letter) in ("Co", "Cn", "Cs") or "\x80" <= letter <= "\x9f"


#: A word's last letter and the mark that closes a quotation: „groß“. Letters that often begin a garbled one are none.
QUOTED_END = re.compile("[^\u00c2\u00c3\u00d0\u00d1][\u2018\u2019\u201c\u201d\u00bb\u00ab\u2013\u2014\u2026]")


def garbled(text: str) -> str | None:
    """What a garbled text was meant to be ('' when it is lost), None when it is not garbled."""
    if text.isascii():
        return None
    if LOST.search(text):
        return ""
    return _twice_encoded(text) or _utf8_as_gbk(text)


def _twice_encoded(text: str) -> str | None:
    """UTF-8 that was read as a Western encoding and saved again: 'MÃ¼ll'."""
    for part in re.findall("[\u00c2-\u00f4][^\x00-\x7f]+", text):
        if QUOTED_END.fullmatch(part):
            continue
        for encoding in SINGLE_BYTES:
            try:
                better = part.encode(encoding).decode("utf-8")
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
            if not any(never_written(letter) for letter in better):
                return text.replace(part, better)
    return None


def _utf8_as_gbk(text: str) -> str | None:
    """UTF-8 that was read as GB18030 and saved again: '鍣煶'."""
    for part in re.findall("[^\x00-\x7f]{3,}", text):
        better = _reread(part)
        if better and len(HAN.findall(better)) >= 2:
            meant, is_now = read_hanzi(better), read_hanzi(part)
            if meant.convincing and not is_now.convincing:
                return text.replace(part, better)
    return None


def _reread(part: str) -> str | None:
    """The part as UTF-8; its last letter may have been cut."""
    try:
        coded = part.encode("gb18030")
    except UnicodeEncodeError:
        return None
    for end in (len(coded), len(coded) - 1, len(coded) - 2):
        try:
            return coded[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None
