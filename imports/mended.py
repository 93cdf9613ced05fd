"""The table of bad rows with their faults, and its import once mended."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import IO, Any

from imports.cells import cell_text
from imports.mapping import Section
from imports.report import ImportReport

# Last columns of the table. No field and, one may hope, no column of a file has these names; they are not read again.
FILE, ROW, REASON = "bad_file", "bad_row", "bad_reason"
ADDED = (FILE, ROW, REASON)
ORIGIN = "\x00origin"
# What a mapping says of a file's layout; this table has its own.
LAYOUT = ("sheet", "encoding", "delimiter", "header_row")
MARK = b"\xef\xbb\xbf"
# What a spreadsheet takes for a formula. A number is none.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
PLAIN_NUMBER = re.compile(r"[+-]?[\d.,\s]+([eE][+-]?\d+)?%?°?")


def write_bad_rows(report: ImportReport, file: IO[str]) -> None:
    """CSV with the headings of the files in their order, the rows with their own values, file, row and reasons.

    A value that a spreadsheet would compute gets an apostrophe in front, which `read_again` takes off.
    """
    rows, columns = _rows(report)
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow((*columns, *ADDED))
    reasons: dict[tuple[str, int], list[str]] = {}
    for bad in report.bad:
        reasons.setdefault((bad.file, bad.row), []).append(f"{bad.field}: {bad.reason}")
    for (name, row), row_reasons in sorted(reasons.items()):
        values = rows.get((name, row), {})
        cells = [_harmless(cell_text(values.get(column))) for column in columns]
        writer.writerow((*cells, _harmless(values.get(ORIGIN) or name), row, _harmless("; ".join(row_reasons))))


def _rows(report: ImportReport) -> tuple[dict[tuple[str, int], dict[str, Any]], list[str]]:
    """The values of the bad rows, and the columns of their files."""
    wanted = {(bad.file, bad.row) for bad in report.bad}
    files = {file for file, _ in wanted} or {source.file for source in report.sources}
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    columns: dict[str, None] = {}
    for source in report.sources:
        if source.file not in files:
            continue
        for record in source.records:
            columns.update(dict.fromkeys(record.values))
            if (source.file, record.row) in wanted:
                rows[source.file, record.row] = record.values
    return rows, [column for column in columns if column not in ADDED and not column.startswith("\x00")]


def _harmless(value: str) -> str:
    return f"'{value}" if FORMULA.match(value) and not PLAIN_NUMBER.fullmatch(value) else value


def read_again(values: dict[str, Any]) -> dict[str, Any]:
    """A row of the table as it was in its file, and the file's name."""
    return {ORIGIN: values.get(FILE)} | {
        column: value[1:] if isinstance(value, str) and value.startswith("'") and FORMULA.match(value) else value
        for column, value in values.items()
        if column not in ADDED
    }


def name_of(path: Path) -> str | None:
    """The file that the rows of a table of bad rows are from; None for any other file."""
    if not path.name.lower().endswith((".csv", ".txt")):
        return None
    try:
        with path.open("rb") as file:
            head = file.read(200_000)
    except OSError:
        return None
    lines = head.removeprefix(MARK).decode("utf-8", "replace")
    for delimiter in (",", ";", "\t"):
        reader = csv.reader(io.StringIO(lines), delimiter=delimiter)
        try:
            if tuple(next(reader, ())[-len(ADDED) :]) == ADDED:
                return next(reader, [path.name, "", ""])[-len(ADDED)]
        except csv.Error:
            continue
    return None


def as_written(section: Section) -> Section:
    """The section without what it says of the layout of the file that the rows are from."""
    return section.model_copy(update=dict.fromkeys(LAYOUT))
