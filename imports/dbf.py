"""The table of a Shapefile (.dbf, dBASE III and later): texts in a stated, certain or named encoding."""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from imports.report import InputError
from imports.text_encoding import contradiction, decode, known_encoding

DESCRIPTOR, NAME_BYTES, LONGEST_NAME = 32, 11, 10
END_OF_FIELDS, DELETED = 0x0D, 0x2A
#: The byte 29 of the header ("language driver"), as far as it says anything about these countries.
LANGUAGE_DRIVERS = {0x4D: "gb18030", 0x4E: "cp949", 0x4F: "cp950", 0x13: "cp932", 0x7A: "gb18030", 0x78: "cp950"}
CODE_PAGES = {"936": "gb18030", "ansi 936": "gb18030", "54936": "gb18030", "65001": "utf-8", "950": "cp950"}


@dataclass
class DbfTable:
    """A row that is marked as deleted is None."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any] | None]
    notes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Column:
    raw_name: bytes
    kind: str
    start: int
    length: int
    decimals: int


def read_dbf(name: str, content: bytes, *, encoding: str | None, stated: str | None) -> DbfTable:
    """`encoding` is a person's word, `stated` that of the .cpg. Raises InputError."""
    if len(content) < DESCRIPTOR + 1:
        raise InputError(f"{name}: its .dbf is not whole.")
    count, start, length = struct.unpack("<IHH", content[4:12])
    columns = _columns(name, content, start)
    if length < 1 or sum(column.length for column in columns) + 1 > length:
        raise InputError(f"{name}: its .dbf is not whole: rows are shorter than their columns.")
    records = [content[at : at + length] for at in range(start, start + count * length, length)][:count]
    if records and len(records[-1]) < length - 1:
        raise InputError(f"{name}: its .dbf ends before its last row.")
    codec = _codec(name, columns, records, encoding, stated, content[29])
    notes: Counter[str] = Counter()
    names = _names(name, columns, codec)
    rows = [_row(name, number, record, columns, names, codec, notes) for number, record in enumerate(records, 1)]
    return DbfTable(tuple(names), rows, notes)


def _columns(name: str, content: bytes, start: int) -> list[Column]:
    columns, place, offset = [], DESCRIPTOR, 1
    while place + DESCRIPTOR <= min(start, len(content)) and content[place] != END_OF_FIELDS:
        entry = content[place : place + DESCRIPTOR]
        kind = chr(entry[11])
        length = entry[16] + (entry[17] * 256 if kind == "C" else 0)
        columns.append(Column(entry[:NAME_BYTES].split(b"\x00")[0], kind, offset, length, entry[17]))
        offset += length
        place += DESCRIPTOR
    if not columns:
        raise InputError(f"{name}: its .dbf has no columns.")
    return columns


def _codec(
    name: str, columns: list[Column], records: list[bytes], encoding: str | None, stated: str | None, driver: int
) -> str:
    """The encoding of all texts together; what the file says is held against the bytes."""
    texts = [column.raw_name for column in columns]
    for record in records:
        texts += [cell for column in columns if column.kind == "C" and not (cell := _cell(record, column)).isascii()]
    whole = b"\n".join(_without_cut(text) for text in texts)
    label = encoding or (stated and CODE_PAGES.get(stated.strip().lower(), stated.strip())) or None
    if label is None:
        label = LANGUAGE_DRIVERS.get(driver)
    if label is None:
        decode(f"{name} (.dbf)", whole, None)
        return "utf-8" if _is_utf8(whole) else "gb18030"
    codec = known_encoding(name, label)
    other = contradiction(whole, codec)
    if other is None and _fits(whole, codec):
        return codec
    said = f"--encoding says {encoding}" if encoding else f"it says that its texts are in {label}"
    fitting = other or ("utf-8" if _is_utf8(whole) else None)
    shown = _sample(whole, codec, fitting)
    raise InputError(f"{name}: {said}, and they are not{shown}; name the encoding with --encoding.")


def _sample(whole: bytes, codec: str, other: str | None) -> str:
    part = next((part for part in whole.split(b"\n") if not part.isascii()), b"")[:40]
    readings = [
        f"'{part.decode(one, errors='replace').strip()}' in {one}" for one in dict.fromkeys((codec, other)) if one
    ]
    return f" ({', '.join(readings)})"


def _is_utf8(content: bytes) -> bool:
    return _fits(content, "utf-8")


def _fits(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _without_cut(text: bytes) -> bytes:
    """A text without the first bytes of a letter that did not fit into its column any more."""
    text = text.rstrip(b" \x00")
    for cut in range(1, 4):
        head, tail = text[:-cut], text[-cut:]
        lead = tail[0] if tail else 0
        width = 2 if 0xC2 <= lead <= 0xDF else 3 if 0xE0 <= lead <= 0xEF else 4 if 0xF0 <= lead <= 0xF4 else 0
        begun = width > cut and all(0x80 <= byte <= 0xBF for byte in tail[1:])
        if begun and not _is_utf8(text) and _is_utf8(head) and not head.isascii():
            return head
    if not _fits(text, "gb18030") and len(text) > 1 and text[-1] >= 0x81 and _fits(text[:-1], "gb18030"):
        return text[:-1]
    return text


def _names(name: str, columns: list[Column], codec: str) -> list[str]:
    """Names of at most ten bytes, of which the last letter may be cut."""
    names = []
    for place, column in enumerate(columns, 1):
        text = column.raw_name.decode(codec, errors="ignore" if len(column.raw_name) >= LONGEST_NAME else "replace")
        names.append(text.strip() or f"column {place}")
    doubled = {one for one in names if names.count(one) > 1}
    if doubled:
        raise InputError(f"{name}: the column '{sorted(doubled)[0]}' stands there twice.")
    return names


def _cell(record: bytes, column: Column) -> bytes:
    return record[column.start : column.start + column.length]


def _row(
    name: str, number: int, record: bytes, columns: list[Column], names: list[str], codec: str, notes: Counter[str]
) -> dict[str, Any] | None:
    if record[:1] and record[0] == DELETED:
        return None
    row: dict[str, Any] = {}
    for column, heading in zip(columns, names, strict=True):
        cell = _cell(record, column)
        if column.kind == "C":
            row[heading] = _text(name, number, heading, cell, codec, notes)
        else:
            row[heading] = _value(cell.strip(b" \x00"), column)
    return row


def _text(name: str, number: int, heading: str, cell: bytes, codec: str, notes: Counter[str]) -> str | None:
    bare = cell.rstrip(b" \x00")
    try:
        return bare.decode(codec) or None
    except UnicodeDecodeError as error:
        whole = _without_cut(bare)
        if len(bare) < len(cell) - 3 or whole == bare or not _fits(whole, codec):
            raise InputError(
                f"{name} feature {number}, {heading}: not written in {codec}; name the encoding with --encoding."
            ) from error
        notes["texts of the .dbf that are cut at the width of their column"] += 1
        return whole.decode(codec)


def _value(cell: bytes, column: Column) -> Any:
    text = cell.decode("ascii", errors="replace")
    if not text or set(text) == {"*"}:
        return None
    if column.kind == "L":
        return {"y": True, "t": True, "n": False, "f": False}.get(text.lower())
    if column.kind == "D":
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            return text if text.strip("0 ") else None
    if column.kind in "NF":
        try:
            return float(text) if "." in text or "e" in text.lower() else int(text)
        except ValueError:
            return text
    return text
