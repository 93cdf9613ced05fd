"""Tables as files: CSV and XLSX, written into a file of their own row by row, so that memory holds none of them whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from dashboard.loaders.case_table import CaseTable
from dashboard.words.case_table import plain
from dashboard.words.cells import NOT_IN_XML, cell, line
from dashboard.words.formats import instant
from dashboard.words.texts import text

#: More than this of a file is kept on disk.
IN_MEMORY = 1 << 20
PIECE = 1 << 16
WIDTHS = {
    "title": 44,
    "area": 18,
    "holder": 26,
    "category": 18,
    "case_no": 22,
    "reported_at": 17,
    "due_at": 17,
    "settled_at": 17,
}
MOMENT = "yyyy-mm-dd hh:mm"
SUFFIXES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Table = tuple[IO[bytes], int]


def as_csv(table: CaseTable) -> Table:
    """The file at its beginning, and how many rows it has. The byte order mark: Excel takes it for another encoding without."""
    file, n = _file(), 0
    file.write(b"\xef\xbb\xbf" + line(table.headings).encode())
    for row in table.rows:
        file.write(line(map(plain, row)).encode())
        n += 1
    file.seek(0)
    return file, n


def as_xlsx(table: CaseTable) -> Table:
    """A sheet of the rows and one that says what they are of."""
    book, n = Workbook(write_only=True), 0
    sheet = book.create_sheet(text("export.sheet.cases", table.reader.locale))
    _lay_out(sheet, table)
    sheet.append([_cell(sheet, words) for words in table.headings])
    for row in table.rows:
        sheet.append([_cell(sheet, one) for one in row])
        n += 1
    about = book.create_sheet(text("export.sheet.about", table.reader.locale))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 18, 60
    for name, words in _about(table, n):
        about.append([_cell(about, name), _cell(about, words)])
    file = _file()
    book.save(file)
    file.seek(0)
    return file, n


WRITERS: dict[str, Callable[[CaseTable], Table]] = {"csv": as_csv, "xlsx": as_xlsx}


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file as an answer sends it; it is gone afterwards."""
    with file:
        while piece := file.read(PIECE):
            yield piece


def _file() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def _lay_out(sheet: WriteOnlyWorksheet, table: CaseTable) -> None:
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(column, 12)


def _cell(sheet: WriteOnlyWorksheet, value: str | datetime) -> str | WriteOnlyCell:
    """A text as it is where the library takes it for one: an object a cell doubles the time."""
    if isinstance(value, datetime):
        found = WriteOnlyCell(sheet, value)
        found.number_format = MOMENT
        return found
    words = NOT_IN_XML.sub("", cell(value))
    if not words.startswith("#"):
        return words
    found = WriteOnlyCell(sheet, words)
    # "#N/A" and its like would be errors
    found.data_type = "s"
    return found


def _about(table: CaseTable, n: int) -> list[tuple[str, str]]:
    reader = table.reader
    facts = [
        (text("export.office", reader.locale), table.office),
        (text("export.area", reader.locale), table.area),
        (text("export.filter", reader.locale), text("list.joiner", reader.locale).join(table.narrowed)),
        (text("export.rows", reader.locale), str(n)),
        (text("export.at", reader.locale), instant(reader.now, reader.locale, reader.zone, form="zone")),
    ]
    return facts + ([("", text("synthetic", reader.locale))] if table.synthetic else [])
