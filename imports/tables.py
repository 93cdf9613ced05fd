"""Rows of CSV files (UTF-8, GB18030; also gzipped) and of workbooks, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imports.cells import cell_text
from imports.file_bytes import read_bytes, refuse_other_kind
from imports.mapping import Section
from imports.report import InputError
from imports.text_encoding import decode
from imports.workbooks import HEAD_ROWS, not_empty, read_sheet
from rules.identifiers import folded, visible

CSV_ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
LONGEST_CELL = 1_000_000
DELIMITERS = (",", ";", "\t", "|")
#: What Excel writes and reads as the first line of a CSV file to name the delimiter.
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
TOO_LONG, TOTALS = "\x00too long", "\x00totals"
SUMS = frozenset(("合计", "总计", "小计", "共计", "累计", "总数", "合 计", "总 计", "小 计", "本页合计", "本页小计"))
LAST_SUMS = frozenset(("total", "totals", "grand total", "sum", "subtotal", "summe", "gesamt", "totale"))


@dataclass(frozen=True)
class Table:
    """A file's headings and its rows that are not empty, each with its number; `empty_n` rows held nothing."""

    file: str
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, Any]]]
    empty_n: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    #: The first rows below the headings as lists, also where they are longer than the headings.
    head: list[tuple[int, list[Any]]] = field(default_factory=list)


def is_table(path: Path) -> bool:
    return path.name.lower().endswith((*CSV_ENDINGS, *WORKBOOK_ENDINGS))


def read_table(path: Path, section: Section, looked_for: Sequence[frozenset[str]] = ()) -> Table:
    """Read a CSV file or workbook; `looked_for`: the (folded) columns of each field that has to be there.

    Raises InputError when it cannot be read at all.
    """
    name = path.name.lower()
    if name.endswith(WORKBOOK_ENDINGS):
        sheet = read_sheet(path, section.sheet, looked_for)
        return _tabulate(path.name, iter(sheet.rows), section, sheet.notes)
    if not name.endswith(CSV_ENDINGS):
        raise InputError(f"{path.name}: tables are read from {', '.join((*CSV_ENDINGS, *WORKBOOK_ENDINGS))}.")
    content = read_bytes(path)
    refuse_other_kind(path.name, content, "a table of texts (CSV)")
    text = decode(path.name, content, section.encoding)
    return _tabulate(path.name, _records(path.name, text, section.delimiter), section, Counter())


def _records(name: str, text: str, delimiter: str | None) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    if "\x00" in text[:10_000]:
        raise InputError(f"{name}: holds NUL characters, so it is no text file.")
    named = SEPARATOR_LINE.match(text)
    mark = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter) or (named[1] if named else _sniff(text))
    if len(mark) != 1 or mark in "\r\n\"":
        raise InputError(f"{name}: '{mark}' is no delimiter: one character, or 'tab'.")
    if named:
        text = "\n" + text[named.end() :]
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
    """The most frequent delimiter in the headings, quoted parts left out."""
    heading = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    bare = "".join(part for place, part in enumerate(heading.split('"')) if place % 2 == 0)
    return max(DELIMITERS, key=bare.count)


def _tabulate(name: str, records: Iterator[list[Any]], section: Section, notes: Counter[str]) -> Table:
    skip = max(int(section.header_row or 1) - 1, 0)
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, Any]]] = []
    head: list[tuple[int, list[Any]]] = []
    empty = 0
    for number, record in enumerate(records, 1):
        if number <= skip:
            continue
        if not any(map(not_empty, record)):
            empty += bool(columns)
        elif not columns:
            columns = _headings(name, record)
        else:
            rows.append((number, _row(columns, record)))
            if len(head) < HEAD_ROWS:
                head.append((number, record))
    if not columns:
        raise InputError(f"{name}: has no headings and no rows.")
    if rows and _first_text(rows[-1][1]) in LAST_SUMS:
        rows[-1][1][TOTALS] = _first_text(rows[-1][1])
    return Table(name, columns, rows, empty, notes, head)


def _row(columns: tuple[str, ...], record: list[Any]) -> dict[str, Any]:
    row = dict(zip(columns, record, strict=False))
    if len(record) > len(columns) and any(map(not_empty, record[len(columns) :])):
        row[TOO_LONG] = len(record)
    if (first := _first_text(row)) in SUMS:
        row[TOTALS] = first
    return row


def _first_text(row: dict[str, Any]) -> str:
    """The first cell that is not empty, without the colon behind it."""
    return next((folded(text).rstrip(": ") for cell in row.values() if (text := cell_text(cell))), "")


def _headings(name: str, record: list[Any]) -> tuple[str, ...]:
    columns = [visible(cell_text(cell)) for cell in record]
    while columns and not columns[-1]:
        columns.pop()
    doubled = {column for column in columns if column and columns.count(column) > 1}
    if doubled:
        raise InputError(f"{name}: the heading '{sorted(doubled)[0]}' stands there twice.")
    return tuple(column or f"column {place}" for place, column in enumerate(columns, 1))
