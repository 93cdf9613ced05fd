"""The report of an import: rows taken, changed and left out with the reason, and every fault of every bad row."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imports.records import Source

Progress = Callable[[str, int, int], None]
# How much of a list a line on the screen names; a report file has all of it.
RANGES_SHOWN, EXAMPLES, FACTS_SHOWN = 12, 3, 5
QUOTED = re.compile(r"'[^']*'")
NUMBER = re.compile(r"(?<![\w])-?\d[\d.,]*")
HINT = re.compile(r"; did you mean .*| \(known: .*", re.DOTALL)


class InputError(Exception):
    """A file or a mapping that cannot be used at all; the message is the one line that says why."""


@dataclass(frozen=True)
class BadRow:
    """One fault of a row that cannot come in. `row` as in a spreadsheet (headings = 1), in a map file from 1."""

    file: str
    row: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file} row {self.row}, {self.field}: {self.reason}"


class RowError(Exception):
    """One field of one row is wrong; `errors` are all that is wrong with the row."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(f"{field_name}: {reason}")
        self.field = field_name
        self.reason = reason
        self.errors: tuple[RowError, ...] = (self,)


class RowErrors(RowError):
    """Several fields of one row are wrong."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(errors[0].field, errors[0].reason)
        self.errors = tuple(errors)


@dataclass(frozen=True)
class FaultGroup:
    """The same fault in one field of many rows. `examples`: the first different values, where the reason names one."""

    file: str
    field: str
    reason: str
    examples: tuple[str, ...]
    rows: tuple[int, ...]

    def __str__(self) -> str:
        if len(self.rows) == 1:
            return f"{self.file} row {self.rows[0]}, {self.field}: {self.reason}"
        such = f" (e.g. {', '.join(self.examples)})" if self.examples else ""
        rows = f"rows {ranges(self.rows)} ({len(self.rows)} rows)"
        return f"{self.file}, {self.field}: {self.reason}{such}: {rows}"


@dataclass
class ImportReport:
    """`read` = imported + updated + unchanged + the sum of skipped + bad rows. `notes` count what was taken with a change.

    `changed` counts the columns that were written over; `findings` name single things that somebody should look at, by
    kind (for areas `moved`, `split`, `overlapping`, `gaps`, `cases_outside`). `sources`: what was read, for the rows.
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
    note_rows: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list, repr=False)
    refused: bool = False

    @property
    def bad_n(self) -> int:
        """Bad rows, each once, however many faults it has."""
        return len({(bad.file, bad.row) for bad in self.bad})

    def find(self, kind: str, **facts: Any) -> None:
        """One thing that somebody should look at; `facts` are written into the report as they are."""
        self.findings.setdefault(kind, []).append(facts)

    def note(self, words: str, file: str, row: int) -> None:
        """A row that was taken otherwise than the file has it."""
        self.notes[words] += 1
        self.note_rows.setdefault(words, []).append((file, row))

    def refuse_row(self, file: str, row: int, error: RowError) -> None:
        self.bad += [BadRow(file, row, one.field, one.reason) for one in error.errors]

    def require_good(self, skip_bad: bool) -> None:
        """Raises ImportRefused when there are bad rows and they are not to be skipped."""
        if self.bad and not skip_bad:
            raise ImportRefused(self)

    def finish(self) -> None:
        """The last act within the import's transaction: a report that cannot be written undoes the import.

        Raises InputError.
        """
        write = _WRITER.get()
        if write is not None:
            write(self)

    def groups(self) -> list[FaultGroup]:
        """The faults of the bad rows by field and reason, the most frequent first."""
        by_kind: dict[tuple[str, str, str], list[BadRow]] = {}
        for bad in self.bad:
            by_kind.setdefault((bad.file, bad.field, _kind_of(bad.reason)), []).append(bad)
        groups = [_group(bads) for bads in by_kind.values()]
        return sorted(groups, key=lambda group: (-len(group.rows), group.rows[0]))

    def lines(self) -> list[str]:
        """The account in one line each, for people."""
        head = f"{self.what}: {self.imported} imported"
        if self.updated:
            head += f", {self.updated} updated"
        if self.unchanged:
            head += f", {self.unchanged} unchanged"
        if self.bad:
            head += f", {self.bad_n} bad rows left out"
        lines = [f"{head} of {self.read} rows read."]
        if self.changed:
            lines.append("  changed: " + ", ".join(f"{name} {count}" for name, count in self.changed.most_common()))
        lines += [f"  {count} left out: {reason}" for reason, count in self.skipped.most_common()]
        lines += [f"  {name}: {count}" for name, count in self.counts.items()]
        lines += [f"  {count} x {words}{self._rows_of(words)}" for words, count in self.notes.most_common()]
        return lines + [_finding_line(kind, found) for kind, found in self.findings.items()]

    def _rows_of(self, words: str) -> str:
        rows = self.note_rows.get(words)
        if not rows or len({file for file, _ in rows}) > 1:
            return ""
        return f" ({'row' if len(rows) == 1 else 'rows'} {ranges([row for _, row in rows])})"

    def facts(self) -> dict[str, Any]:
        """All of it as plain values, for a report file."""
        return {
            "what": self.what,
            "files": list(dict.fromkeys(source.file for source in self.sources)),
            "done": not self.refused,
            **{name: getattr(self, name) for name in ("read", "imported", "updated", "unchanged")},
            "changed": dict(self.changed),
            "left_out": dict(self.skipped),
            "counts": {name.strip(): count for name, count in self.counts.items()},
            "notes": [
                {"note": words, "n": count, "rows": [list(one) for one in self.note_rows.get(words, ())]}
                for words, count in self.notes.items()
            ],
            "findings": self.findings,
            "bad_rows": self.bad_n,
            "refused": [
                {**vars(group), "examples": list(group.examples), "rows": list(group.rows), "n": len(group.rows)}
                for group in self.groups()
            ],
        }


class ImportRefused(InputError):
    """Bad rows were found, so nothing at all was imported."""

    def __init__(self, report: ImportReport) -> None:
        report.refused = True
        good = report.read - report.bad_n - report.skipped.total()
        groups = report.groups()
        reason = f": {groups[0].field}: {groups[0].reason}" if len(groups) == 1 and report.bad_n > 1 else "."
        rest = f" Mend them, or use --skip-bad to import the other {good}." if good else " Mend them."
        super().__init__(
            f"Nothing was imported: {report.bad_n} of {report.read} rows of {report.what} are bad{reason}{rest}"
        )
        self.report = report


_WRITER: ContextVar[Callable[[ImportReport], None] | None] = ContextVar("writer", default=None)


@contextmanager
def writing(write: Callable[[ImportReport], None]) -> Iterator[None]:
    """Imports within it hand their report to `write` before they commit."""
    before = _WRITER.set(write)
    try:
        yield
    finally:
        _WRITER.reset(before)


def ranges(rows: Sequence[int], shown: int = RANGES_SHOWN) -> str:
    """'3, 7, 12-18', the first ones."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], row]
        else:
            runs.append([row, row])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:shown]]
    return ", ".join(words) + (", ..." if len(runs) > shown else "")


def _kind_of(reason: str) -> str:
    """A reason without the values that it names and without the hint."""
    return NUMBER.sub("#", QUOTED.sub("'…'", HINT.sub("", reason)))


def _group(bads: Sequence[BadRow]) -> FaultGroup:
    first = bads[0]
    rows = tuple(sorted({bad.row for bad in bads}))
    if len({bad.reason for bad in bads}) == 1:
        return FaultGroup(first.file, first.field, first.reason, (), rows)
    values = dict.fromkeys((QUOTED.findall(bad.reason) or NUMBER.findall(bad.reason) or [""])[0] for bad in bads)
    reason = QUOTED.sub("'…'", HINT.sub("", first.reason)).removeprefix("'…' ")
    if NUMBER.search(reason) and not QUOTED.search(first.reason):
        reason = NUMBER.sub("…", reason)
    examples = [value for value in values if value]
    return FaultGroup(first.file, first.field, reason, tuple(examples[:EXAMPLES]), rows)


def _finding_line(kind: str, findings: Sequence[dict[str, Any]]) -> str:
    """How many there are of a kind, and the first ones."""
    shown = [" ".join(_plain(name, value) for name, value in facts.items()) for facts in findings[:FACTS_SHOWN]]
    more = ", ..." if len(findings) > FACTS_SHOWN else ""
    return f"  {kind.replace('_', ' ')}: {len(findings)} ({', '.join(shown)}{more})"


def _plain(name: str, value: object) -> str:
    words = "+".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"(row {words})" if name == "row" else words


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint to append to 'unknown ...': the nearest known word, or all of them when they are few."""
    words = [str(one) for one in known]
    lower = {one.lower(): one for one in words}
    near = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{lower[near[0]]}'?"
    return f" (known: {', '.join(words)})" if 0 < len(words) <= 25 else ""
