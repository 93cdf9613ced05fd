"""What an import did: how much came in, what was left out and why, and every bad row."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[str, int, int], None]


class InputError(Exception):
    """A file or a mapping that cannot be used at all; the message is the one line that says why."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot come in. `row` is counted as in a spreadsheet (headings = 1), in a map file from 1."""

    file: str
    row: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file} row {self.row}, {self.field}: {self.reason}"


class RowError(Exception):
    """One field of one row is wrong."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(f"{field_name}: {reason}")
        self.field = field_name
        self.reason = reason


@dataclass
class ImportReport:
    """`read` = imported + updated + unchanged + the sum of skipped + bad rows. `notes` count what was taken with a change.

    `changed` counts the columns that were written over; `findings` name single things that somebody should look at, by
    kind (for areas `moved`, `split`, `overlapping`, `gaps`, `cases_outside`).
    """

    what: str
    read: int = 0
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    bad_n: int = 0

    def find(self, kind: str, **facts: Any) -> None:
        """One thing that somebody should look at; `facts` are written into the report as they are."""
        self.findings.setdefault(kind, []).append(facts)

    def refuse_row(self, file: str, row: int, error: RowError) -> None:
        self.bad.append(BadRow(file, row, error.field, error.reason))
        self.bad_n += 1

    def require_good(self, skip_bad: bool) -> None:
        """Raises ImportRefused when there are bad rows and they are not to be skipped."""
        if self.bad and not skip_bad:
            raise ImportRefused(self)

    def lines(self) -> list[str]:
        """The account in one line each, for people."""
        head = f"{self.what}: {self.imported} imported"
        if self.updated:
            head += f", {self.updated} updated"
        if self.bad:
            head += f", {self.bad_n} bad rows left out"
        told = [f"{head} of {self.read} rows read."]
        told += [f"  {count} left out: {reason}" for reason, count in self.skipped.most_common()]
        told += [f"  {name}: {count}" for name, count in self.counts.items()]
        return told + [f"  {count} x {note}" for note, count in self.notes.most_common()]


class ImportRefused(InputError):
    """Bad rows were found, so nothing at all was imported."""

    def __init__(self, report: ImportReport) -> None:
        good = report.read - report.bad_n - report.skipped.total()
        super().__init__(
            f"Nothing was imported: {report.bad_n} of {report.read} rows of {report.what} are bad. "
            f"Mend them, or use --skip-bad to import the other {good}."
        )
        self.report = report


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint to append to 'unknown ...': the nearest known word, or all of them when they are few."""
    words = [str(one) for one in known]
    lower = {one.lower(): one for one in words}
    near = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{lower[near[0]]}'?"
    return f" (known: {', '.join(words)})" if 0 < len(words) <= 25 else ""
