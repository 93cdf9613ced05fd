"""Entries of the access log: appended in the transaction of what they record, pruned, and their chain verified."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, text

from data.audit.anchors import Anchor
from data.audit.trace import EPOCH, MICROSECOND, Fault
from data.sql import load
from rules.access import Role, Viewer
from rules.access_log import Access, Outcome, Via, address_prefix

#: In the place of a prefecture in a Fault.
CHAIN = "access log"
#: An anchor is written each day; without one for so long, it was taken away or is not written.
ANCHOR_DUE = timedelta(days=2)
PRUNED_AT_ONCE = 20_000
HASHED = (
    "seq", "at", "written_at", "act", "outcome", "via", "user_id", "account", "role", "organisation_id", "area", "path",
    "case_no", "case_path", "object", "address", "n", "details",
)  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """Whose act it is, by which way, from which network. Without a viewer: a stranger, the command line, the server."""

    viewer: Viewer | None = None
    via: Via = Via.api
    address: str = ""


COMMAND_LINE = Actor(via=Via.command_line)
SERVER = Actor(via=Via.server)


@dataclass(frozen=True)
class Entry:
    """What append_access takes (migrations/sql/0009_access_log.sql). `path` is empty for what belongs to no area."""

    act: Access
    outcome: Outcome
    via: Via
    at: datetime
    user_id: int | None = None
    account: str = ""
    role: str = ""
    organisation_id: int | None = None
    area: str = ""
    path: str = ""
    case_no: str = ""
    object: str = ""
    address: str = ""
    n: int = 1
    details: dict[str, Any] = field(default_factory=dict)

    def repeated(self, n: int, first: datetime, last: datetime) -> Entry:
        """The same, `n` more times between two moments."""
        return replace(self, at=first, n=n, details={**self.details, "until": last.isoformat()})


def entry(
    act: Access,
    by: Actor,
    *,
    outcome: Outcome = Outcome.done,
    case_no: str = "",
    object: str = "",
    path: str = "",
    n: int = 1,
    details: dict[str, Any] | None = None,
) -> Entry:
    """What an actor did now, by the machine's clock. `path`: of the area of what was changed, where there is one."""
    viewer = by.viewer if by.viewer and by.viewer.role != Role.system else None
    return Entry(
        act=act,
        outcome=outcome,
        via=by.via,
        at=datetime.now(UTC),
        user_id=viewer.user_id if viewer else None,
        account=viewer.username if viewer else "",
        role=str(viewer.role) if viewer else "",
        organisation_id=viewer.organisation_id if viewer else None,
        area=viewer.area_code if viewer else "",
        path=path or (viewer.scope_path if viewer else ""),
        case_no=_storable(case_no),
        object=_storable(object),
        address=address_prefix(by.address),
        n=n,
        details=details or {},
    )


def _storable(words: str) -> str:
    return words[:200].encode("utf-8", "replace").decode().replace("\0", "")


def append(connection: Connection, entries: Sequence[Entry]) -> int:
    """Chain entries within the caller's transaction, as its last act: the chain is locked until it ends. Returns the
    number of the last one."""
    if not entries:
        return 0
    rows = orjson.dumps([vars(one) for one in entries]).decode()
    return int(connection.execute(text("SELECT append_access(CAST(:entries AS json))"), {"entries": rows}).scalar_one())


def prune(connection: Connection, *, days: int) -> int:
    """Take away the oldest entries, a batch of those older than `days` (180 at least); returns how many."""
    values = {"days": days, "most": PRUNED_AT_ONCE}
    return int(connection.execute(text("SELECT prune_access(:days, :most)"), values).scalar_one())


def entry_text(row: dict[str, Any] | RowMapping) -> str:
    """What the hash of an entry covers: its columns in order, parted by U+001F; `details` is the JSON as stored."""
    return "\x1f".join(map(_hashed, (row[name] for name in HASHED)))


def _hashed(value: Any) -> str:
    if isinstance(value, datetime):
        return str((value - EPOCH) // MICROSECOND)
    return "" if value is None else str(value)


def chain(rows: Iterable[dict[str, Any]], *, first_seq: int, head: bytes) -> Iterator[dict[str, Any]]:
    """Number and chain entries as the database does. `details` has to be a JSON string already."""
    for seq, row in enumerate(rows, first_seq):
        linked = dict(row, seq=seq, prev_hash=head)
        head = hashlib.sha256(head + entry_text(linked).encode()).digest()
        yield dict(linked, hash=head)


@dataclass
class Summary:
    """What a walk over the chain met; filled by `verify`. `compared`: anchors that it could be held against."""

    entries: int = 0
    head: str = ""
    pruned: int = 0
    compared: int = 0


def in_one_snapshot(connection: Connection) -> None:
    """As the first statement of a transaction: what is written meanwhile is no fault."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def length(connection: Connection) -> int:
    """How many entries there are."""
    return int(connection.execute(text("SELECT count(*) FROM access_log")).scalar_one())


def verify(connection: Connection, anchors: Sequence[Anchor] = (), summary: Summary | None = None) -> Iterator[Fault | int]:
    """Walk the chain, best in one snapshot; yields each Fault, and after every thousand links and at the end their number.

    A changed entry fails its own hash, a missing, inserted or moved one breaks the link of the next, a cut end differs
    from the head, a cut beginning from what the newest entry about pruning says, and a chain computed anew from `anchors`.
    """
    head = connection.execute(text("SELECT * FROM access_head")).mappings().one_or_none()
    result = summary or Summary()
    if head is None:
        yield Fault(CHAIN, 0, "", 0, "the head of the access log is missing")
        return
    walk = _Walk(head, list(anchors))
    options = {"stream_results": True, "yield_per": 5000}
    for row in connection.execute(load("walk_access_log"), execution_options=options).mappings():
        yield from walk.step(row)
        if walk.links % 1000 == 0:
            yield walk.links
    yield from walk.end()
    result.entries, result.head, result.pruned = walk.links, bytes(head["hash"]).hex(), head["pruned_seq"]
    result.compared = walk.compared
    yield walk.links


class _Walk:
    """The chain, link by link, from the last pruned one on."""

    def __init__(self, head: RowMapping, anchors: list[Anchor]) -> None:
        self.head, self.links, self.compared = head, 0, 0
        self.seq, self.hash = head["pruned_seq"], bytes(head["pruned_hash"])
        self.pruned: tuple[int, str] = (0, "")
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        self.newest_anchor = anchors[-1].day if anchors else None
        self.anchors = [anchor for anchor in anchors if anchor.seq >= self.seq]
        self.wrong = list(self._at_edge())

    def _at_edge(self) -> Iterator[Fault]:
        """The anchor of the day on which the last pruned entry was the newest."""
        while self.anchors and self.anchors[0].seq == self.seq:
            yield from self._compare(self.anchors.pop(0), self.seq, self.hash)

    def _compare(self, anchor: Anchor, seq: int, hashed: bytes) -> Iterator[Fault]:
        self.compared += 1
        if anchor.hash != hashed.hex():
            yield self._fault(seq, f"the access log up to here is not the one anchored on {anchor.day}")

    def step(self, row: RowMapping) -> Iterator[Fault]:
        yield from self.wrong
        self.wrong = []
        seq, own = row["seq"], bytes(row["hash"])
        yield from self._passed(seq)
        if seq != self.seq + 1 or bytes(row["prev_hash"]) != self.hash:
            yield self._fault(seq, f"an entry between {self.seq} and this one is missing, or they changed places", row)
        if hashlib.sha256(bytes(row["prev_hash"]) + entry_text(row).encode()).digest() != own:
            yield self._fault(seq, "the entry was changed after it was written", row)
        self.seq, self.hash, self.links = seq, own, self.links + 1
        self.oldest, self.newest = self.oldest or row["written_at"], row["written_at"]
        if row["act"] == Access.prune:
            said = orjson.loads(row["details"])
            self.pruned = (said.get("upto", 0), said.get("hash", ""))
        if self.anchors and self.anchors[0].seq == seq:
            yield from self._compare(self.anchors.pop(0), seq, own)

    def _passed(self, seq: int) -> Iterator[Fault]:
        while self.anchors and self.anchors[0].seq < seq:
            anchor = self.anchors.pop(0)
            yield self._fault(anchor.seq, f"the entry anchored on {anchor.day} is missing")

    def end(self) -> Iterator[Fault]:
        yield from self.wrong
        head = self.head
        if (self.seq, self.hash) != (head["seq"], bytes(head["hash"])):
            yield self._fault(head["seq"], "the end of the access log is missing or was replaced")
        if self.pruned != (head["pruned_seq"], bytes(head["pruned_hash"]).hex()):
            yield self._fault(head["pruned_seq"], "the beginning is missing, and no entry about pruning says so")
        yield from self._passed(2**63)
        if self.oldest and self.newest and self.newest - self.oldest > ANCHOR_DUE:
            if self.newest_anchor is None:
                yield self._fault(0, "there are no anchors of the access log")
            elif self.newest.date() - self.newest_anchor > ANCHOR_DUE:
                yield self._fault(0, f"the newest anchor of the access log is of {self.newest_anchor}")

    def _fault(self, seq: int, what: str, row: RowMapping | None = None) -> Fault:
        return Fault(CHAIN, seq, row["case_no"] if row else "", 0, what)
