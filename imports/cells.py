"""Cells of tables as texts, and those that must not be taken for empty or for a value."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: From here on a number of eight bytes is not every whole number any more.
EXACT = 2**53
#: What spreadsheet programs show and export where a formula failed, or a column is too narrow.
ERRORS = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA|UNKNOWN!|BUSY!|PYTHON!)"
    r"|#{3,}|Err:\d{3}",
    re.IGNORECASE,
)


class CellRefused(ValueError):
    """A cell that cannot be read; the message is the reason."""


class BadCell:
    """A cell with an error: no text and no emptiness. `shown` is what the spreadsheet shows there."""

    def __init__(self, shown: str, reason: str) -> None:
        self.shown = shown
        self.reason = reason


class MergedCell(BadCell):
    """A cell inside a merged range, of which the value belongs to another column."""

    def __init__(self, reason: str) -> None:
        super().__init__("", reason)


def cell_text(value: object) -> str:
    """A cell as text: whole numbers without '.0', no control characters, no blanks around."""
    if value is None:
        return ""
    if isinstance(value, BadCell):
        return value.shown
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else "" if value != value else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return CONTROL.sub("", str(value)).strip()


def checked(value: Any) -> Any:
    """The cell itself. Raises CellRefused for an error, and for a number that was rounded."""
    if isinstance(value, BadCell):
        raise CellRefused(value.reason)
    if isinstance(value, float) and abs(value) >= EXACT:
        raise CellRefused(f"holds the number {value:.6g}, which is rounded: store the column as text")
    if isinstance(value, str) and ("#" in value or "Err:" in value) and ERRORS.fullmatch(value.strip()):
        raise CellRefused(f"holds {value.strip()}, an error of a spreadsheet")
    return value
