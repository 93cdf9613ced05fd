"""Texts of people as cells of a spreadsheet: what a program would compute is neutralised."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

#: What begins a formula, in the letters of either width; a tab or a return may precede it.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
#: XML 1.0 has no place for these, and a workbook with one does not open.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def cell(value: object) -> str:
    """The value as text; an apostrophe keeps a formula from being one."""
    words = str(value)
    return f"'{words}" if words.startswith(FORMULA) or words.lstrip().startswith(FORMULA) else words


def line(cells: Iterable[object]) -> str:
    """One line of a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerow([cell(one) for one in cells])
    return out.getvalue()
