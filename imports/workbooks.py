"""XLSX files, checked before they are opened: a small file can unpack to gigabytes or billions of cells.

What the sheet's reader leaves out is read from the sheet's own XML: error cells, formulas without a value, hidden rows.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from imports.archives import Archive
from imports.calendar_digits import Serial1904
from imports.cells import BadCell, MergedCell, cell_text
from imports.file_bytes import read_packed, refuse_other_kind
from imports.layers import choose
from imports.report import InputError
from rules.identifiers import folded

MOST_CELLS = 30_000_000
CELL = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
PREFIX = rb"(?:\w+:)?"
ERROR_CELL = re.compile(
    rb"<" + PREFIX + rb"c\s([^>]*\bt=[\"']e[\"'][^>]*)(?:/>|>(.*?)</" + PREFIX + rb"c>)", re.DOTALL
)
VALUE = re.compile(rb"<" + PREFIX + rb"v[^>]*>([^<]*)</")
FORMULA_CELL = re.compile(
    rb"<" + PREFIX + rb"c\s([^>]*[^>/])>\s*<" + PREFIX + rb"f\b(?:[^>]*/>|[^>]*[^/]>[^<]*</" + PREFIX + rb"f>|>[^<]*</"
    + PREFIX + rb"f>)\s*(?:<" + PREFIX + rb"v\s*/>|<" + PREFIX + rb"v[^>]*>([^<]*)</" + PREFIX + rb"v>)?\s*</"
)  # fmt: skip
HIDDEN_ROW = re.compile(rb"<" + PREFIX + rb"row\s([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
ROW_NUMBER = re.compile(rb"\br=[\"'](\d+)[\"']")
NO_VALUE = "holds a formula without a value: open and save the file in a spreadsheet program"
FILLED = "cells filled from the merged range they lie in"
HIDDEN = "rows that are hidden or filtered out in the sheet, read all the same"
HEAD_ROWS = 10


@dataclass
class Sheet:
    """All rows of a sheet, empty ones too, so that row n is at n - 1."""

    rows: list[list[Any]]
    notes: Counter[str] = field(default_factory=Counter)


class Book:
    """A workbook that was found bearable. Raises InputError."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        content = read_packed(path)
        if not content.startswith(b"PK"):
            refuse_other_kind(self.file, content, "a workbook (.xlsx)")
        self.archive = Archive(self.file, content)
        for name in self.archive.names:
            if name.lower().startswith("xl/worksheets/") and name.endswith(".xml"):
                self._require_bearable(self.archive.read(name))
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except (CalamineError, ValueError, OSError) as error:
            raise self._unreadable(error) from error
        self.names = [one.name for one in self._book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        self.visible = [
            one.name
            for one in self._book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
        ]

    def rows(self, name: str) -> list[list[Any]]:
        """The values as the reader gives them."""
        try:
            return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, OSError) as error:
            raise self._unreadable(error) from error

    def merged(self, name: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        return self._book.get_sheet_by_name(name).merged_cell_ranges or []

    def xml(self, name: str) -> tuple[bytes, bool, bool]:
        """The sheet's own XML, whether its days count from 1904, and whether it waits to be calculated."""
        book = self._tree("xl/workbook.xml")
        targets = {
            one.get("Id"): one.get("Target", "") for one in self._tree("xl/_rels/workbook.xml.rels") if one.get("Id")
        }
        sheet = next((one for one in book.iter() if _local(one.tag) == "sheet" and one.get("name") == name), None)
        identity = next((value for key, value in (sheet.items() if sheet is not None else ()) if _local(key) == "id"), "")
        target = targets.get(identity, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        marks = {_local(one.tag): one for one in book.iter()}
        return self.archive.read(part), _on(marks, "workbookPr", "date1904"), _on(marks, "calcPr", "fullCalcOnLoad")

    def having(self, looked_for: Sequence[frozenset[str]]) -> list[str]:
        """The sheets of which a row near the top has a column of each of these sets (folded names)."""
        return [name for name in self.names if any(_has(row, looked_for) for row in self.rows(name)[:HEAD_ROWS])]

    def _tree(self, part: str) -> ElementTree.Element:
        content = self.archive.read(part)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise InputError(f"{self.file}: declares entities, which no spreadsheet program does; it is not read.")
        try:
            return ElementTree.fromstring(content)  # noqa: S314 (without a DOCTYPE there is nothing to expand)
        except ElementTree.ParseError as error:
            raise self._unreadable(error) from error

    def _require_bearable(self, content: bytes) -> None:
        column = row = 0
        for match in CELL.finditer(content):
            column, row = max(column, _column(match[1])), max(row, int(match[2]))
        if column * row > MOST_CELLS:
            raise InputError(
                f"{self.file}: spans {row} rows x {column} columns; it is not read. Delete stray cells far out."
            )

    def _unreadable(self, error: Exception) -> InputError:
        return InputError(f"{self.file}: cannot be read as a workbook: {' '.join(str(error).split())[:120]}.")


def read_sheet(path: Path, wanted: str | None, looked_for: Sequence[frozenset[str]] = ()) -> Sheet:
    """The sheet that is named, or the only visible one with rows. Raises InputError."""
    book = Book(path)
    sheet = _choose(book, wanted, looked_for)
    rows, notes = book.rows(sheet), Counter[str]()
    content, from_1904, uncalculated = book.xml(sheet)
    if from_1904:
        rows = [[Serial1904(cell) if type(cell) in (int, float) else cell for cell in row] for row in rows]
    for name, row, column, cell in _faults(content, uncalculated):
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = BadCell(cell[0], f"{name} {cell[1]}")
    filled = [any(not_empty(cell) for cell in row) for row in rows]
    hidden = {int(match[1]) for found in HIDDEN_ROW.finditer(content) if (match := ROW_NUMBER.search(found[1]))}
    notes[HIDDEN] += sum(number <= len(filled) and filled[number - 1] for number in hidden)
    notes[FILLED] += _fill(rows, book.merged(sheet), filled)
    return Sheet(rows, +notes)


def not_empty(cell: Any) -> bool:
    return cell not in (None, "") and bool(cell_text(cell))


def _choose(book: Book, wanted: str | None, looked_for: Sequence[frozenset[str]]) -> str:
    if wanted is not None:
        return choose(book.file, "sheet", book.names, wanted, "--sheet")
    with_rows = [name for name in book.visible if any(any(map(not_empty, row)) for row in book.rows(name))]
    if len(with_rows) > 1:
        fitting = [name for name in book.having(looked_for) if name in with_rows] if looked_for else []
        hint = f" (sheet {fitting[0]} has the columns)" if len(fitting) == 1 else ""
        raise InputError(
            f"{book.file}: holds {len(with_rows)} sheets with rows ({', '.join(with_rows[:20])});"
            f" name one with --sheet{hint}."
        )
    if not with_rows and len(book.names) > len(book.visible):
        hidden = [name for name in book.names if name not in book.visible]
        raise InputError(f"{book.file}: only hidden sheets may hold rows ({', '.join(hidden)}); name one with --sheet.")
    return with_rows[0] if with_rows else choose(book.file, "sheet", book.visible[:1], None, "--sheet")


def _has(row: Sequence[Any], looked_for: Sequence[frozenset[str]]) -> bool:
    headings = {folded(cell_text(cell)) for cell in row}
    return all(headings & one for one in looked_for)


def _faults(content: bytes, uncalculated: bool) -> Iterator[tuple[str, int, int, tuple[str, str]]]:
    """Address, row and column (from 0) of cells that hold an error or a formula without a value."""
    for match in ERROR_CELL.finditer(content):
        value = VALUE.search(match[2] or b"")
        shown = value[1].decode(errors="replace") if value else "#N/A"
        if place := _place(match[1]):
            yield *place, (shown, f"holds {shown}, an error of a spreadsheet")
    for match in FORMULA_CELL.finditer(content):
        text = re.search(rb"\bt=[\"'](str|e)[\"']", match[1])
        nothing = not match[2] and text is None
        if (nothing or (uncalculated and match[2] == b"0")) and (place := _place(match[1])):
            yield *place, ("#VALUE!", NO_VALUE)


def _place(attributes: bytes) -> tuple[str, int, int] | None:
    match = CELL.search(attributes)
    if match is None:
        return None
    return (match[1] + match[2]).decode(), int(match[2]) - 1, _column(match[1]) - 1


def _fill(rows: list[list[Any]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], filled: list[bool]) -> int:
    """A value that is merged over rows belongs to each of them; one merged over columns belongs to the first alone."""
    count = 0
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value, address = rows[top][left], f"{_letters(left)}{top + 1}"
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            if not filled[row]:
                continue
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                if column > left:
                    rows[row][column] = MergedCell(f"{_letters(column)}{row + 1} is merged with {address}")
                elif row > top and not_empty(value):
                    rows[row][column] = value
                    count += 1
    return count


def _on(marks: dict[str, ElementTree.Element], tag: str, attribute: str) -> bool:
    return tag in marks and marks[tag].get(attribute, "0") in ("1", "true")


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(65 + place) + letters
    return letters
