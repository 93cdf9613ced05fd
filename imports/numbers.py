"""Counts as files write them."""

from __future__ import annotations

import math

from imports.report import RowError

MOST = 2**31 - 1


def whole(text: str | None, name: str, otherwise: int = 0) -> int:
    """A count. Raises RowError for anything but a whole number from 0 on."""
    if text is None:
        return otherwise
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise RowError(name, f"'{text}' is no number") from None
    if math.isnan(value) or not 0 <= value <= MOST:
        raise RowError(name, f"'{text}' is no count")
    return round(value)
