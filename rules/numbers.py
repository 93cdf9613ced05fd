"""Whole numbers from untrusted text: ASCII digits and nothing else.

`int` also takes `1_0`, ` 7`, `+7`, full-width and Arabic digits, and more than a database column holds.
"""

from __future__ import annotations

#: The largest of PostgreSQL's `integer` and `bigint`.
MAX_INT = 2**31 - 1
MAX_BIGINT = 2**63 - 1


def digits(text: str, *, most: int = MAX_BIGINT) -> int | None:
    """The number that `text` writes in ASCII digits, up to `most`; None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None
