"""A verification of the trace and of the access log that somebody starts on a screen: it runs in a thread of one process,
says how far it is where every process can read it, and leaves its result as an entry of the access log."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, text

from data.audit import access_anchors, access_log, anchor_checks, trace
from data.audit.access_log import Actor
from data.audit.anchor_checks import Expected, Folder
from data.audit.anchors import AnchorError
from data.audit.trace import Fault
from data.database import Database
from data.queries.deployment import identity
from data.sql import load
from rules.access import Viewer
from rules.access_log import Access, Outcome
from rules.errors import Problem

log = structlog.get_logger()
#: One that says nothing for so long has died with its process.
SILENT = timedelta(seconds=30)
BEAT_S = 0.5
#: Faults named in a result; all are counted.
MOST_NAMED = 100
#: How old the anchors are is not judged.
NOTHING_EXPECTED = Expected(now=None)


@dataclass(frozen=True)
class Progress:
    """`result`: the number of the entry that holds it, once it is there."""

    read: int
    total: int
    failed: bool
    result: int | None


@dataclass
class Outcomes:
    """What a verification found so far."""

    events: int = 0
    trace_anchors: int = 0
    summary: access_log.Summary = field(default_factory=access_log.Summary)
    heads: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def start(
    database: Database, viewer: Viewer, *, folder: Path, address: str = "", expected: Expected = NOTHING_EXPECTED
) -> int:
    """Begin one, or join the one that runs already; returns its number."""
    now = datetime.now(UTC)
    with database.writing(viewer) as connection:
        running: int | None = connection.execute(
            load("find_running_verification"),
            {"alive": now - SILENT, "user": viewer.user_id},
        ).scalar()
        if running is not None:
            return running
        number: int = connection.execute(
            load("begin_verification"),
            {"user": viewer.user_id, "now": now},
        ).scalar_one()
    work = (database, viewer, number, folder, now, address, expected)
    threading.Thread(target=run, args=work, name="verification", daemon=True).start()
    return number


def progress(database: Database, viewer: Viewer, number: int) -> Progress:
    """How far one's own verification is. Raises Problem not_found."""
    with database.reading(viewer) as connection:
        row = connection.execute(
            load("read_verification"),
            {"id": number, "user": viewer.user_id, "alive": datetime.now(UTC) - SILENT},
        ).one_or_none()
    if row is None:
        raise Problem("not_found")
    return Progress(row.read, row.total, row.failed, row.result_seq)


def run(
    database: Database, viewer: Viewer, number: int, folder: Path, started: datetime, address: str,
    expected: Expected = NOTHING_EXPECTED,
) -> None:  # fmt: skip
    """Verify both chains in one snapshot and write the result."""
    try:
        outcomes = check(database, folder, partial(_beat, database, viewer, number), expected)
        _finish(database, Actor(viewer, address=address), viewer, number, outcomes, started)
    except Exception as error:
        log.warning("verification failed", error=type(error).__name__)
        _give_up(database, viewer, number)


def check(
    database: Database, folder: Path, tell: Callable[[int, int], None], expected: Expected = NOTHING_EXPECTED
) -> Outcomes:
    """Walk both chains as the owner; `tell` is called with links read and links in all, twice a second."""
    outcomes, last_beat = Outcomes(), 0.0
    with database.owning() as connection:
        own = identity(connection)
    # read first: an anchor that is written meanwhile is younger than the snapshot
    kept = Folder(folder, own)
    with database.owning() as connection:
        access_log.in_one_snapshot(connection)
        events = trace.length(connection)
        total = events + access_log.length(connection)
        outcomes.heads = _heads(connection)
        for offset, steps in (
            (0, _trace(connection, kept, expected, outcomes)),
            (events, _access(connection, folder, outcomes)),
        ):
            for step in _safely(steps):
                if isinstance(step, Fault):
                    outcomes.faults.append(step)
                elif time.monotonic() - last_beat > BEAT_S:
                    last_beat = time.monotonic()
                    tell(offset + step, total)
        tell(total, total)
    return outcomes


def _safely(steps: Iterator[Fault | int]) -> Iterator[Fault | int]:
    """A file of anchors that cannot be read is a fault, not the end."""
    try:
        yield from steps
    except AnchorError as error:
        # its words name a file of the server
        yield Fault("", 0, "", 0, str(error).partition(": ")[2] or "a file of anchors is not as it was written")


def _trace(connection: Connection, kept: Folder, expected: Expected, outcomes: Outcomes) -> Iterator[Fault | int]:
    """The trace as data/audit/trace.py verifies it: the one place that calls it, for screens."""
    summary = trace.Summary()
    yield from anchor_checks.faults(connection, kept, expected)
    for step in trace.verify(connection, kept.anchored, kept.prefectures, summary):
        outcomes.events, outcomes.trace_anchors = summary.events, summary.anchors
        yield step
    outcomes.events, outcomes.trace_anchors = summary.events, summary.anchors


def _access(connection: Connection, folder: Path, outcomes: Outcomes) -> Iterator[Fault | int]:
    yield from access_log.verify(connection, access_anchors.read_anchors(connection, folder), outcomes.summary)


def _heads(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(
        text("SELECT prefecture, seq, encode(hash, 'hex') AS hash FROM chain_head ORDER BY prefecture")
    )
    return [dict(row) for row in rows.mappings()]


def _beat(database: Database, viewer: Viewer, number: int, read: int, total: int) -> None:
    with database.writing(viewer) as connection:
        connection.execute(
            text("UPDATE verification SET beat_at = :now, read = :read, total = :total WHERE id = :id"),
            {"now": datetime.now(UTC), "read": read, "total": total, "id": number},
        )


def _finish(database: Database, by: Actor, viewer: Viewer, number: int, outcomes: Outcomes, started: datetime) -> None:
    with database.reading(viewer) as connection:
        named = _named(connection, outcomes.faults[:MOST_NAMED])
    summary = outcomes.summary
    result = {
        "started": started.isoformat(),
        "trace": {"events": outcomes.events, "anchors": outcomes.trace_anchors, "heads": outcomes.heads},
        "log": {
            "entries": summary.entries,
            "anchors": summary.compared,
            "head": summary.head,
            "pruned": summary.pruned,
        },
        "faults": len(outcomes.faults),
        "named": named,
    }
    outcome = Outcome.failed if outcomes.faults else Outcome.done
    with database.writing(viewer) as connection:
        seq = access_log.append(connection, [access_log.entry(Access.verify, by, outcome=outcome, details=result)])
        connection.execute(
            text("UPDATE verification SET result_seq = :seq, beat_at = :now WHERE id = :id"),
            {"seq": seq, "now": datetime.now(UTC), "id": number},
        )


def _named(connection: Connection, faults: list[Fault]) -> list[dict[str, Any]]:
    """The faults; of a case outside the viewer's area without its number."""
    numbers = [one.case_no for one in faults if one.case_no]
    rows = connection.execute(text("SELECT DISTINCT case_no FROM case_event WHERE case_no = ANY(:n)"), {"n": numbers})
    visible = set(rows.scalars())
    return [
        {
            "chain": one.prefecture,
            "seq": one.seq,
            "case_no": one.case_no if one.case_no in visible else "",
            "what": one.what,
        }
        for one in faults
    ]


def _give_up(database: Database, viewer: Viewer, number: int) -> None:
    try:
        with database.writing(viewer) as connection:
            connection.execute(text("UPDATE verification SET failed = true WHERE id = :id"), {"id": number})
    except Problem:
        log.warning("verification left open", number=number)
