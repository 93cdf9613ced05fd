"""XLSX files, looked at before they are opened: a small file can unpack to gigabytes or to billions of cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from data.imports.report import InputError, did_you_mean

LARGEST_UNPACKED = 400_000_000
LARGEST_RATIO = 150
RATIO_COUNTS_FROM = 20_000_000
MOST_CELLS = 30_000_000
CHUNK = 1 << 20
CELL = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"')


def read_sheet(path: Path, sheet: str | None) -> list[list[Any]]:
    """All rows of a sheet (by default the first), empty ones too, so that row n is at n - 1. Raises InputError."""
    check_archive(path, sheets=True)
    try:
        with CalamineWorkbook.from_path(path) as book:
            name = _sheet_name(path.name, book.sheet_names, sheet)
            return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise InputError(f"{path.name}: cannot be read as a workbook: {' '.join(str(error).split())[:120]}.") from error


def _sheet_name(file: str, names: list[str], wanted: str | None) -> str:
    if not names:
        raise InputError(f"{file}: the workbook has no sheet.")
    if wanted is None:
        return names[0]
    if wanted not in names:
        raise InputError(f"{file}: there is no sheet '{wanted}'{did_you_mean(wanted, names)}")
    return wanted


def check_archive(path: Path, *, sheets: bool = False) -> None:
    """Unpack without keeping anything, to know that the size is bearable. Raises InputError."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = 0
            for entry in archive.infolist():
                widest = _measure(path, archive, entry, total, sheets and entry.filename.startswith("xl/worksheets/"))
                total += widest
            if total > RATIO_COUNTS_FROM and total > LARGEST_RATIO * path.stat().st_size:
                raise InputError(
                    f"{path.name}: unpacks to {total // path.stat().st_size} times its size; it is not read."
                )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path.name}: not a whole zip archive: {error}.") from error
    except OSError as error:
        raise InputError(f"{path.name}: {error.strerror or error}.") from error


def _measure(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, before: int, cells: bool) -> int:
    """The entry's true unpacked size; its header may say anything."""
    if entry.file_size + before > LARGEST_UNPACKED:
        raise InputError(f"{path.name}: unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB; it is not read.")
    size, tail, column, row = 0, b"", 0, 0
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size + before > LARGEST_UNPACKED:
                raise InputError(
                    f"{path.name}: unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB; it is not read."
                )
            if cells:
                for match in CELL.finditer(tail + chunk):
                    column, row = max(column, _column(match[1])), max(row, int(match[2]))
                tail = chunk[-20:]
    if column * row > MOST_CELLS:
        raise InputError(
            f"{path.name}: spans {row} rows x {column} columns; it is not read. Delete stray cells far out."
        )
    return size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
