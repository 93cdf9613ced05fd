"""The hash chain of the trace, computed as the database does (event_text in migrations/sql/0001_functions.sql), and its
verification with all that hangs on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Row, RowMapping, text

from data.audit import case_replay, rollups, seals
from data.audit.anchors import Anchor, file_stem
from data.audit.faults import Fault
from data.sql import load

__all__ = ["EVENT_COLUMNS", "Fault", "Summary", "chain", "event_text", "length", "verify"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CHUNK = {"stream_results": True, "yield_per": 5000}
EVENT_COLUMNS = (
    "prefecture",
    "seq",
    "case_no",
    "at",
    "act",
    "role",
    "user_id",
    "by_organisation_id",
    "from_status",
    "to_status",
    "from_organisation_id",
    "to_organisation_id",
    "reason",
    "details",
    "version",
    "path",
)


def event_text(row: dict) -> str:
    """What the hash of an event covers: its columns in order, parted by U+001F; `details` is the JSON as stored."""
    parts = []
    for column in EVENT_COLUMNS:
        value = row.get(column)
        if value is None:
            parts.append("")
        elif column == "at":
            parts.append(str((value - EPOCH) // MICROSECOND))
        else:
            parts.append(str(value))
    return "\x1f".join(parts)


def chain(rows: Iterable[dict], *, first_seq: int, head: bytes) -> Iterator[dict]:
    """Number and chain events that come in the order of the world. `details` has to be a JSON string already."""
    for seq, row in enumerate(rows, first_seq):
        linked = dict(row, seq=seq, prev_hash=head)
        head = hashlib.sha256(head + event_text(linked).encode()).digest()
        yield dict(linked, hash=head)


@dataclass
class Summary:
    """What a verification has read. `before_events`: acts that are older than the records of facts, which begin `since`;
    `renewed`: when somebody began another folder of anchors."""

    events: int = 0
    records: int = 0
    before_events: int = 0
    since: datetime | None = None
    anchors: int = 0
    first_anchor: date | None = None
    last_anchor: date | None = None
    renewed: tuple[date, ...] = ()

    def compared(self, anchor: Anchor) -> None:
        self.anchors += 1
        self.first_anchor = min(self.first_anchor or anchor.day, anchor.day)
        self.last_anchor = max(self.last_anchor or anchor.day, anchor.day)

    def sealed(self, seals_read: seals.Sealed) -> None:
        self.records += seals_read.records
        self.before_events += seals_read.before_events
        self.renewed += seals_read.renewed
        if seals_read.since is not None:
            self.since = min(self.since or seals_read.since, seals_read.since)


Anchored = Callable[[str], Sequence[Anchor]]


def verify(
    connection: Connection,
    anchored: Anchored = lambda prefecture: (),
    prefectures: Iterable[str] = (),
    summary: Summary | None = None,
) -> Iterator[Fault | int]:
    """Walk every prefecture's chains; yields each Fault, and after every thousand acts or cases and at the end the number
    of acts read.

    A changed row fails its own hash, a missing or reordered one breaks the link of the next, a cut-off end differs from
    the head that the database keeps apart, a chain that was computed anew from what the `anchored` heads say, and of
    `prefectures` that have anchors none may be gone. Then each case: its versions are 1 to n, it stands as its acts say
    and every column is as the records of facts say; reminders and roll-ups are what they were written or counted from.
    One snapshot is the caller's to open (Database.auditing): what is written meanwhile would be a fault. `summary` is
    filled in.
    """
    summary = summary if summary is not None else Summary()
    heads = connection.execute(
        text("SELECT prefecture, seq, hash, seal_n, seal_hash FROM chain_head ORDER BY prefecture")
    ).all()
    for prefecture in sorted(set(prefectures) - {file_stem(head.prefecture) for head in heads}):
        yield Fault(prefecture, 0, "", 0, "it has anchors, and no trace at all")
    for head in heads:
        anchors = list(anchored(head.prefecture))
        yield from _acts(connection, head, anchors, summary)
        yield from _facts(connection, head, anchors, summary)
    for check in (_cases, seals.cases, case_replay.cases, seals.reminders, rollups.counts):
        for step in check(connection):
            # a sign of life: the numbers of a check are its own
            yield step if isinstance(step, Fault) else summary.events
    yield summary.events


def _acts(connection: Connection, head: Row, anchors: list[Anchor], summary: Summary) -> Iterator[Fault | int]:
    walk = _Walk(head.prefecture, list(anchors), summary)
    rows = connection.execute(load("walk_trace"), {"prefecture": head.prefecture}, execution_options=CHUNK)
    for row in rows.mappings():
        summary.events += 1
        yield from walk.step(row)
        if summary.events % 1000 == 0:
            yield summary.events
    yield from walk.end(head.seq, bytes(head.hash))


def _facts(connection: Connection, head: Row, anchors: list[Anchor], summary: Summary) -> Iterator[Fault]:
    named = {anchor.seals: (anchor.seal, str(anchor.day)) for anchor in anchors if anchor.seals}
    walk = seals.SealWalk(head.prefecture, named)
    rows = connection.execute(load("walk_seals"), {"prefecture": head.prefecture}, execution_options=CHUNK)
    for row in rows.mappings():
        yield from walk.step(row)
    yield from walk.end(head.seal_n, bytes(head.seal_hash))
    own = connection.execute(text("SELECT value #>> '{}' FROM deployment WHERE key = 'identity'")).scalar() or ""
    if walk.told.identity != own:
        yield Fault(head.prefecture, 0, "", 0, "the identity of the deployment is not the one that its records begin with")
    summary.sealed(walk.told)


def length(connection: Connection) -> int:
    """How many events there are."""
    return int(connection.execute(text("SELECT count(*) FROM case_event")).scalar_one())


class _Walk:
    """One chain, link by link."""

    def __init__(self, prefecture: str, anchors: list[Anchor], summary: Summary) -> None:
        self.prefecture, self.anchors, self.summary = prefecture, anchors, summary
        self.hash, self.seq, self.links = b"", 0, 0

    def step(self, row: RowMapping) -> Iterator[Fault]:
        yield from self._passed(row["seq"])
        if bytes(row["prev_hash"]) != self.hash:
            yield self._fault(row, f"a row between event {self.seq} and this one is missing, or they changed places")
        if hashlib.sha256(bytes(row["prev_hash"]) + event_text(dict(row)).encode()).digest() != bytes(row["hash"]):
            yield self._fault(row, "the row was changed after it was written")
        self.hash, self.seq, self.links = bytes(row["hash"]), row["seq"], self.links + 1
        # a day without an act has the anchor of the day before once more
        while self.anchors and self.anchors[0].seq == row["seq"]:
            anchor = self.anchors.pop(0)
            self.summary.compared(anchor)
            if (anchor.hash, anchor.events) != (self.hash.hex(), self.links):
                yield self._fault(row, f"the trace up to here is not the one anchored on {anchor.day}")

    def _passed(self, seq: int) -> Iterator[Fault]:
        while self.anchors and self.anchors[0].seq < seq:
            anchor = self.anchors.pop(0)
            self.summary.compared(anchor)
            yield Fault(self.prefecture, anchor.seq, "", 0, f"the event anchored on {anchor.day} is missing")

    def end(self, head_seq: int, head_hash: bytes) -> Iterator[Fault]:
        if (self.seq, self.hash) != (head_seq, head_hash):
            yield Fault(self.prefecture, head_seq, "", 0, "the end of the trace is missing or was replaced")
        yield from self._passed(2**63)

    def _fault(self, row: RowMapping, what: str) -> Fault:
        return Fault(self.prefecture, row["seq"], row["case_no"], row["version"], what)


def _cases(connection: Connection) -> Iterator[Fault]:
    for row in connection.execute(load("list_broken_traces")):
        yield Fault(row.prefecture, row.seq or 0, row.case_no, row.version or 0, row.what)
