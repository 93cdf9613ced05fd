"""Decoding of bytes: in the encoding that is named, else in the one that is certain, never in a merely possible one."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from imports.plausibility import garbled, never_written, read_hanzi
from imports.report import InputError

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What bytes that are neither UTF-8 nor surely GB18030 could be; shown with what they would read.
CANDIDATES = ("gb18030", "big5", "cp1252", "euc_kr", "shift_jis", "cp1251")
NO_TEXT = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7", "mbcs", "oem")
SHOWN, SHOWN_ROWS = 24, 5
CONVINCING_HAN = 4


def decode(name: str, content: bytes, encoding: str | None) -> str:
    """Text in the encoding given, else by its mark, else UTF-8, else GB18030 where that is certain. Raises InputError."""
    mark = next((codec for start, codec in MARKS if content.startswith(start)), None)
    if encoding:
        return _as_named(name, content, encoding, mark)
    if mark:
        return _strict(name, content, mark)
    _refuse_unmarked_wide(name, content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(name, content)
    _refuse_escapes(name, content)
    _refuse_chance(name, content, text)
    return text


def known_encoding(name: str, encoding: str) -> str:
    """Python's name of an encoding for texts. Raises InputError."""
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError, UnicodeError) as error:
        raise InputError(f"{name}: there is no encoding '{encoding}'.") from error
    if not getattr(info, "_is_text_encoding", True) or info.name.replace("-", "_") in NO_TEXT:
        raise InputError(f"{name}: '{encoding}' is no encoding of texts.")
    return "gb18030" if info.name in ("gbk", "gb2312") else info.name


def contradiction(content: bytes, encoding: str) -> str | None:
    """The encoding that bytes are written in although they are said to be in `encoding`; None where it may be true."""
    if encoding.startswith(("utf-8", "utf_8")) or content.isascii():
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and any(len(letter.encode()) > 2 or garbled(_forced(content, encoding)) for letter in set(text)):
        return "utf-8" if not any(map(never_written, set(text) - set("\x00"))) else None
    if encoding == "gb18030":
        return None
    try:
        reading = read_hanzi(content.decode("gb18030"))
    except UnicodeDecodeError:
        return None
    return "gb18030" if reading.convincing and reading.han >= CONVINCING_HAN else None


def _forced(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="replace")


def _as_named(name: str, content: bytes, encoding: str, mark: str | None) -> str:
    codec = known_encoding(name, encoding)
    if mark and codec.replace("_", "-").removesuffix("-sig")[:6] != mark.removesuffix("-sig")[:6]:
        raise InputError(f"{name}: begins with the mark of {mark.removesuffix('-sig')}, so it is not in {encoding}.")
    if mark:
        return _strict(name, content, mark)
    text = _strict(name, content, codec, encoding)
    _refuse_lie(name, content, codec, f"is said to be in {encoding}")
    if codec == "gb18030":
        odd = [(row, line) for row, line in _lines(content) if not line.isascii() and _implausible(line)]
        if odd:
            raise _unknown(name, odd)
    return text.removeprefix("\ufeff")


def _refuse_lie(name: str, content: bytes, codec: str, said: str) -> None:
    other = contradiction(content, codec)
    if other:
        for row, line in _lines(content):
            if not line.isascii():
                raise InputError(f"{name} row {row}: {said}, and is not: {_readings(line, (codec, other))}.")


def _strict(name: str, content: bytes, codec: str, said: str | None = None) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name} row {row}: not written in {said or codec.removesuffix('-sig')}.") from error


def _refuse_unmarked_wide(name: str, content: bytes) -> None:
    """UTF-16 and UTF-32 without a mark hold NUL bytes, in every second or in three of four places."""
    start = content[:4096]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if even + odd == 0 or len(start) < 4:
        return
    thirds = sum(start[place::4].count(0) for place in range(4)) * 4
    if thirds >= 2.2 * len(start):
        guess = "utf-32-le" if start[0] else "utf-32-be"
    elif max(even, odd) * 8 >= len(start) and min(even, odd) * 4 <= max(even, odd):
        guess = "utf-16-be" if even > odd else "utf-16-le"
    else:
        return
    raise InputError(f"{name}: looks like {guess} without a mark; if it is, say --encoding {guess}.")


def _refuse_escapes(name: str, content: bytes) -> None:
    """Encodings of seven bits look like plain letters until somebody reads them."""
    if b"\x1b$" in content or b"\x1b(" in content:
        raise InputError(f"{name}: holds escapes as of ISO-2022; name its encoding with --encoding.")


def _refuse_chance(name: str, content: bytes, text: str) -> None:
    """A few Chinese letters in GB18030 can be valid UTF-8 by chance: then the encoding is uncertain."""
    foreign = {letter for letter in text if not letter.isascii()}
    if not foreign or max(foreign) > "\u07ff":
        return
    try:
        reading = read_hanzi(content.decode("gb18030"))
    except UnicodeDecodeError:
        return
    if reading.han >= 2 and reading.convincing and reading.simple == reading.han and not reading.inside_words:
        row, line = next((row, line) for row, line in _lines(content) if not line.isascii())
        raise InputError(f"{name} row {row}: could be in two encodings: {_readings(line, ('utf-8', 'gb18030'))}.")


def _not_utf8(name: str, content: bytes) -> str:
    """GB18030 when the whole is convincing and no line is better read as UTF-8; else a refusal with the rows."""
    lines = [(row, line) for row, line in _lines(content) if not line.isascii()]
    as_utf8 = {row for row, line in lines if _valid(line, "utf-8")}
    others = [(row, line) for row, line in lines if row not in as_utf8]
    strange = [(row, line) for row, line in lines if row in as_utf8 and _truly_utf8(line)]
    if strange:
        utf8_is_rule = len(strange) >= len(others)
        raise _mixed(name, others if utf8_is_rule else strange, "UTF-8" if utf8_is_rule else "GB18030")
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise _unknown(name, others) from None
    if not read_hanzi(text).convincing:
        raise _unknown(name, others)
    odd = [(row, line) for row, line in lines if _implausible(line)]
    if odd:
        raise _mixed(name, odd, "GB18030")
    return text


def _truly_utf8(line: bytes) -> bool:
    """Whether a line of UTF-8 is that by more than chance: its letters take three bytes, or GB18030 makes nonsense."""
    if any(letter > "\u07ff" for letter in line.decode("utf-8")):
        return not _valid(line, "gb18030") or not read_hanzi(line.decode("gb18030")).convincing
    return not _valid(line, "gb18030") or _implausible(line)


def _implausible(line: bytes) -> bool:
    """A line that is no Chinese in GB18030: letters that are never written, or rare ones between Latin letters."""
    reading = read_hanzi(line.decode("gb18030", errors="replace"))
    rare = reading.han - reading.simple
    return bool(reading.impossible or (rare * 2 >= reading.han > 0 and reading.inside_words))


def _valid(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _mixed(name: str, rows: list[tuple[int, bytes]], most: str) -> InputError:
    numbers = ", ".join(str(row) for row, _ in rows[:SHOWN_ROWS]) + (" ..." if len(rows) > SHOWN_ROWS else "")
    reading = _readings(rows[0][1], ("utf-8", *CANDIDATES)) or "no encoding fits"
    return InputError(
        f"{name} row {numbers}: not in {most} as the other rows are (row {rows[0][0]}: {reading});"
        " save the whole file in one encoding."
    )


def _unknown(name: str, rows: list[tuple[int, bytes]]) -> InputError:
    row, line = rows[0]
    readings = _readings(line, CANDIDATES)
    hint = f" (it would read {readings})" if readings else ""
    return InputError(
        f"{name} row {row}: neither UTF-8 nor surely GB18030; name its encoding with --encoding{hint}."
    )


def _readings(line: bytes, codecs_tried: tuple[str, ...]) -> str:
    """How the first part outside ASCII reads in each encoding that can read it, shortest forms once."""
    shown: dict[str, str] = {}
    for codec in codecs_tried:
        if _valid(line, codec):
            text = line.decode(codec).removeprefix("\ufeff").strip()
            part = next((part for part in text.replace(";", ",").replace("\t", ",").split(",") if not part.isascii()), text)
            shown.setdefault(part[:SHOWN], codec)
    return ", ".join(f"'{_printable(part)}' in {codec}" for part, codec in shown.items())


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    return enumerate(content.split(b"\n"), 1)

