"""The hash chain of the trace, computed as the database does (event_text in migrations/sql/0001_functions.sql)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, text

from data.anchors import Anchor
from data.sql import load

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
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


@dataclass(frozen=True)
class Fault:
    """A link that does not hold: where in the chain, which case and version, and how it shows."""

    prefecture: str
    seq: int
    case_no: str
    version: int
    what: str


Anchored = Callable[[str], Sequence[Anchor]]


def verify(
    connection: Connection, anchored: Anchored = lambda prefecture: (), prefectures: Iterable[str] = ()
) -> Iterator[Fault | int]:
    """Walk every prefecture's chain; yields each Fault, and after every thousand links and at the end their number.

    A changed row fails its own hash, a missing or reordered one breaks the link of the next, a cut-off end differs from
    the head that the database keeps apart, a chain that was computed anew from what the `anchored` heads say, and of
    `prefectures` that have anchors none may be gone. Then each case: its versions are 1 to n, and it stands as its last event says.
    """
    read = 0
    heads = connection.execute(text("SELECT prefecture, seq, hash FROM chain_head ORDER BY prefecture")).all()
    for prefecture in sorted(set(prefectures) - {head.prefecture for head in heads}):
        yield Fault(prefecture, 0, "", 0, "it has anchors, and no trace at all")
    for prefecture, head_seq, head_hash in heads:
        walk = _Walk(prefecture, list(anchored(prefecture)))
        rows = connection.execute(
            load("walk_trace"),
            {"prefecture": prefecture},
            execution_options={"stream_results": True, "yield_per": 5000},
        )
        for row in rows.mappings():
            read += 1
            yield from walk.step(row)
            if read % 1000 == 0:
                yield read
        yield from walk.end(head_seq, bytes(head_hash))
    yield from _cases(connection)
    yield read


def length(connection: Connection) -> int:
    """How many events there are."""
    return int(connection.execute(text("SELECT count(*) FROM case_event")).scalar_one())


class _Walk:
    """One chain, link by link."""

    def __init__(self, prefecture: str, anchors: list[Anchor]) -> None:
        self.prefecture, self.anchors = prefecture, anchors
        self.hash, self.seq, self.links = b"", 0, 0

    def step(self, row: RowMapping) -> Iterator[Fault]:
        yield from self._passed(row["seq"])
        if bytes(row["prev_hash"]) != self.hash:
            yield self._fault(row, f"a row between event {self.seq} and this one is missing, or they changed places")
        if hashlib.sha256(bytes(row["prev_hash"]) + event_text(dict(row)).encode()).digest() != bytes(row["hash"]):
            yield self._fault(row, "the row was changed after it was written")
        self.hash, self.seq, self.links = bytes(row["hash"]), row["seq"], self.links + 1
        if self.anchors and self.anchors[0].seq == row["seq"]:
            anchor = self.anchors.pop(0)
            if (anchor.hash, anchor.events) != (self.hash.hex(), self.links):
                yield self._fault(row, f"the trace up to here is not the one anchored on {anchor.day}")

    def _passed(self, seq: int) -> Iterator[Fault]:
        while self.anchors and self.anchors[0].seq < seq:
            anchor = self.anchors.pop(0)
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
