"""Verification of the facts of the cases: each row against the chain of records of what acts, looks and loads left in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping

from data.audit.faults import Fault
from data.sql import load
from rules.moves import MOVES, Actor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
#: The first records of a prefecture: who it belongs to, and what was there when its chain began.
FIRST = frozenset({"deployment", "before"})
#: What only a report, a load or an act of the software itself (an amendment, new boundaries) may say or say anew.
REPORTED = frozenset(
    {"prefecture", "case_no", "kind", "category", "title", "description", "severity", "source", "area_id", "lon", "lat",
     "geom", "reporter_id", "reported_at", "needs", "salt"}
)  # fmt: skip
#: What the other records may say.
ALLOWED = {
    "look": frozenset({"notify_at"}),
    "deadlines": frozenset({"due_at", "settle_from", "settle_due_at", "queued_at", "notify_at"}),
}
CHUNK = {"stream_results": True, "yield_per": 2000}


def seal_text(row: RowMapping) -> str:
    """What the hash of a record covers, as the database computes it (seal_text in migrations/sql/0013_seals.sql)."""
    event = "" if row["event_seq"] is None else str(row["event_seq"])
    at = str((row["at"] - EPOCH) // MICROSECOND)
    return "\x1f".join((row["prefecture"], str(row["n"]), row["case_no"], event, row["why"], at, row["details"]))


@dataclass
class Sealed:
    """Figures of a prefecture's records. `before_events`: acts that were there when they began;
    `renewed`: when somebody began another folder of anchors."""

    records: int = 0
    since: datetime | None = None
    before_seq: int = 0
    before_events: int = 0
    identity: str | None = None
    renewed: tuple[date, ...] = ()


@dataclass
class SealWalk:
    """The records of one prefecture, link by link; `anchored` holds the hash that an anchor names for a number."""

    prefecture: str
    anchored: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    hash: bytes = b""
    told: Sealed = field(default_factory=Sealed)
    begun: bool = False

    def step(self, row: RowMapping) -> Iterator[Fault]:
        if row["n"] != self.told.records + 1 or bytes(row["prev_hash"]) != self.hash:
            what = f"records of facts between {self.told.records} and {row['n']} are missing, or they changed places"
            yield self._fault(row, what)
        if hashlib.sha256(bytes(row["prev_hash"]) + seal_text(row).encode()).digest() != bytes(row["hash"]):
            yield self._fault(row, f"record {row['n']} of the facts was changed after it was written")
        self.hash, self.told.records = bytes(row["hash"]), row["n"]
        self.told.since = self.told.since or row["at"]
        yield from self._anchored(row)
        yield from self._content(row, orjson.loads(row["details"]))

    def end(self, n: int, head: bytes) -> Iterator[Fault]:
        if (self.told.records, self.hash) != (n, head):
            yield Fault(self.prefecture, 0, "", 0, "the end of the records of facts is missing or was replaced")
        for number, (_, day) in self.anchored.items():
            if number > self.told.records:
                yield Fault(self.prefecture, 0, "", 0, f"record {number} of the facts, anchored on {day}, is missing")

    def _anchored(self, row: RowMapping) -> Iterator[Fault]:
        anchor = self.anchored.get(row["n"])
        if anchor is not None and anchor[0] != self.hash.hex():
            yield self._fault(row, f"the records of facts up to here are not those anchored on {anchor[1]}")

    def _content(self, row: RowMapping, details: Mapping[str, Any]) -> Iterator[Fault]:
        first = row["why"] in FIRST
        if first and self.begun:
            yield self._fault(row, "a record of what was there before stands after the beginning")
        self.begun = self.begun or not first
        if row["why"] == "deployment":
            self.told.identity = details["identity"]
        elif row["why"] == "anchors":
            self.told.renewed += (row["at"].date(),)
        elif row["why"] == "before" and not row["case_no"]:
            self.told.before_seq, self.told.before_events = row["event_seq"] or 0, details["events"]
        if details.get("broken"):
            columns = tuple(details["broken"])
            yield self._fault(row, "was changed past the trace before this record", columns)
        if row["event_seq"] is not None and row["case_no"] and row["event_case"] != row["case_no"]:
            yield self._fault(row, "the act of this record is missing")
        wrong = _foreign(row, details.get("columns", {}))
        if wrong:
            yield self._fault(row, f"is changed by {row['act'] or row['why']}, which does not change it", wrong)

    def _fault(self, row: RowMapping, what: str, columns: tuple[str, ...] = ()) -> Fault:
        return Fault(self.prefecture, row["event_seq"] or 0, row["case_no"], 0, what, columns)


def _foreign(row: RowMapping, columns: Mapping[str, Any]) -> tuple[str, ...]:
    """Columns that a record of this kind does not change."""
    if row["why"] in ALLOWED:
        return tuple(sorted(set(columns) - ALLOWED[row["why"]]))
    move = MOVES.get(row["act"] or "") if row["why"] == "act" else None
    if move is None or move.name == "report" or move.actor == Actor.rule:
        return ()
    return tuple(sorted(REPORTED & set(columns)))


def cases(connection: Connection) -> Iterator[Fault | int]:
    """Each row of `cases` against its records, and against what it is derived from; each thousandth gives its number."""
    rows = connection.execute(load("compare_cases"), execution_options=CHUNK).mappings()
    for number, row in enumerate(rows, 1):
        yield from _case(row)
        if number % 1000 == 0:
            yield number
    for row in connection.execute(load("list_derived_paths")).mappings():
        what = "is not the path of its area or body"
        yield Fault(row["prefecture"], 0, row["case_no"], row["version"], what, tuple(row["columns"]))


def _case(row: RowMapping) -> Iterator[Fault]:
    def fault(what: str, columns: Sequence[str] = ()) -> Fault:
        return Fault(row["prefecture"], row["last_seq"] or 0, row["case_no"], row["version"], what, tuple(columns))

    if row["records"] is None:
        yield fault("the facts of the case stand in no record")
        return
    recorded = fold(row["records"])
    columns = differing(recorded, orjson.loads(row["marks"]))
    if columns:
        yield fault("is not as the trace left it", columns)
    if row["last_seq"] is not None and row["sealed_seq"] != row["last_seq"]:
        yield fault("what its last act left stands in no record")
    if row["kept"] is None or (not columns and differing(recorded, orjson.loads(row["kept"]))):
        yield fault("its kept digests are not those of its records")


def fold(records: Sequence[str]) -> dict[str, str]:
    """The digests of a case's columns after all of its records, oldest first."""
    marks: dict[str, str] = {}
    for record in records:
        for name, mark in orjson.loads(record).get("columns", {}).items():
            if mark is None:
                marks.pop(name, None)
            else:
                marks[name] = mark
    return marks


def differing(recorded: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    return sorted(name for name in recorded.keys() | present.keys() if recorded.get(name) != present.get(name))


def reminders(connection: Connection) -> Iterator[Fault]:
    """The reminders against those of the records."""
    for row in connection.execute(load("compare_reminders")).mappings():
        name = f"the reminder {row['step']}/{row['level']} of {row['at']}"
        what = f"{name} stands in no record" if row["unknown"] else f"{name} is missing or was changed"
        yield Fault(row["prefecture"], 0, row["case_no"], 0, what)
