"""Rows of CSV files (UTF-8, GB18030; also gzipped) and of workbooks, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.imports.fields import cell_text
from data.imports.mapping import Section
from data.imports.report import InputError
from data.imports.workbooks import read_sheet

CSV_ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
LARGEST_BYTES = 600_000_000
LONGEST_CELL = 1_000_000
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Table:
    """A file's headings and its rows that are not empty, each with its number; `empty_n` rows held nothing."""

    file: str
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, Any]]]
    empty_n: int = 0


def is_table(path: Path) -> bool:
    return path.name.lower().endswith((*CSV_ENDINGS, *WORKBOOK_ENDINGS))


def read_table(path: Path, section: Section) -> Table:
    """Read a CSV file or workbook. Raises InputError when it cannot be read at all."""
    name = path.name.lower()
    if name.endswith(WORKBOOK_ENDINGS):
        return _tabulate(path.name, iter(read_sheet(path, section.option("sheet"))), section)
    if not name.endswith(CSV_ENDINGS):
        raise InputError(f"{path.name}: tables are read from {', '.join((*CSV_ENDINGS, *WORKBOOK_ENDINGS))}.")
    text = decode(path.name, read_bytes(path), section.option("encoding"))
    return _tabulate(path.name, _records(path.name, text, section.option("delimiter")), section)


def read_bytes(path: Path) -> bytes:
    """A file's bytes, unpacked when it is gzipped, but never more than LARGEST_BYTES."""
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            found = file.read(LARGEST_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path.name}: not a whole gzip file: {error}.") from error
    except OSError as error:
        raise InputError(f"{path.name}: {error.strerror or error}.") from error
    if len(found) > LARGEST_BYTES:
        raise InputError(f"{path.name}: holds more than {LARGEST_BYTES // 1_000_000} MB unpacked; split it.")
    return found


def decode(name: str, found: bytes, encoding: str | None) -> str:
    """Text in the encoding given, else by its byte order mark, else UTF-8, else GB18030. Raises InputError."""
    if encoding:
        try:
            return found.decode(encoding)
        except LookupError as error:
            raise InputError(f"{name}: there is no encoding '{encoding}'.") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{name} row {_row_of(found, error)}: not written in {encoding}.") from error
    if found.startswith((b"\xff\xfe", b"\xfe\xff")):
        return found.decode("utf-16", errors="replace")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as not_utf8:
        try:
            return found.decode("gb18030")
        except UnicodeDecodeError:
            raise InputError(
                f"{name} row {_row_of(found, not_utf8)}: neither UTF-8 nor GB18030 throughout;"
                " name its encoding with --encoding."
            ) from not_utf8


def _row_of(found: bytes, error: UnicodeDecodeError) -> int:
    return found.count(b"\n", 0, error.start) + 1


def _records(name: str, text: str, delimiter: str | None) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    if "\x00" in text[:10_000]:
        raise InputError(f"{name}: holds NUL characters, so it is no text file.")
    mark = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter) or _sniff(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    began = ended = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            _require_closed(name, text, mark, began, ended)
            return
        except csv.Error as error:
            raise InputError(f"{name} line {reader.line_num}: {error}; is a quotation mark left open?") from error
        began, ended = ended + 1, reader.line_num
        yield record


def _require_closed(name: str, text: str, mark: str, began: int, ended: int) -> None:
    """A quotation mark that is never closed swallows all rows behind it: then the last record spans lines, wrongly."""
    if ended <= began:
        return
    last = "\n".join(text.splitlines()[began - 1 :])
    try:
        list(csv.reader(io.StringIO(last + "\n", newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise InputError(f"{name} line {began}: a quotation mark is opened there and never closed.") from error


def _sniff(text: str) -> str:
    """The delimiter that stands most often in the headings, quoted parts left out."""
    heading = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    bare = "".join(part for place, part in enumerate(heading.split('"')) if place % 2 == 0)
    return max(DELIMITERS, key=bare.count)


def _tabulate(name: str, records: Iterator[list[Any]], section: Section) -> Table:
    skip = max(int(section.option("header_row") or 1) - 1, 0)
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, Any]]] = []
    empty = 0
    for number, record in enumerate(records, 1):
        if number <= skip:
            continue
        if not any(cell not in (None, "") and cell_text(cell) for cell in record):
            empty += bool(columns)
        elif not columns:
            columns = _headings(name, record)
        else:
            rows.append((number, _row(columns, record)))
    if not columns:
        raise InputError(f"{name}: has no headings and no rows.")
    return Table(name, columns, rows, empty)


def _row(columns: tuple[str, ...], record: list[Any]) -> dict[str, Any]:
    row = dict(zip(columns, record, strict=False))
    if len(record) > len(columns) and any(cell_text(cell) for cell in record[len(columns) :]):
        row[TOO_LONG] = len(record)
    return row


TOO_LONG = "\x00too long"


def _headings(name: str, record: list[Any]) -> tuple[str, ...]:
    columns = [cell_text(cell).lstrip("\ufeff") for cell in record]
    while columns and not columns[-1]:
        columns.pop()
    doubled = {column for column in columns if column and columns.count(column) > 1}
    if doubled:
        raise InputError(f"{name}: the heading '{sorted(doubled)[0]}' stands there twice.")
    return tuple(column or f"column {place}" for place, column in enumerate(columns, 1))
