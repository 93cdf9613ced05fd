"""The hash chain of the trace, computed as the database does (event_text in migrations/sql/0001_functions.sql)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

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
    """A link that does not hold: where in the chain, which case, and how it shows."""

    prefecture: str
    seq: int
    case_no: str
    what: str


def verify(connection: Connection) -> Iterator[Fault | int]:
    """Walk every prefecture's chain; yields each Fault, and at the end the number of links read.

    A changed row fails its own hash, a missing or reordered one breaks the link of the next, a cut-off end differs
    from the head that the database keeps apart.
    """
    read = 0
    for prefecture, head_seq, head_hash in connection.execute(
        text("SELECT prefecture, seq, hash FROM chain_head ORDER BY prefecture")
    ).all():
        previous, last = b"", 0
        rows = connection.execute(
            load("walk_trace"),
            {"prefecture": prefecture},
            execution_options={"stream_results": True, "yield_per": 5000},
        )
        for row in rows.mappings():
            read += 1
            if bytes(row["prev_hash"]) != previous:
                yield Fault(prefecture, row["seq"], row["case_no"], "a row before it is missing or out of order")
            if hashlib.sha256(bytes(row["prev_hash"]) + event_text(dict(row)).encode()).digest() != bytes(row["hash"]):
                yield Fault(prefecture, row["seq"], row["case_no"], "the row was changed after it was written")
            previous, last = bytes(row["hash"]), row["seq"]
        if (last, previous) != (head_seq, bytes(head_hash)):
            yield Fault(prefecture, head_seq, "", "the end of the trace is missing or was replaced")
    yield read
