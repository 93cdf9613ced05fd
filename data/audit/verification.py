"""One verification of the trace with everything that it is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from data.audit import anchor_checks, trace
from data.audit.anchor_checks import Expected, Folder
from data.audit.faults import Fault
from data.audit.trace import Summary
from data.database import Database
from data.queries.deployment import identity

__all__ = ["Check", "Expected", "Summary", "check_all"]


class Check:
    """`walk` once; `summary` is filled in meanwhile and complete afterwards."""

    def __init__(self, database: Database, folder: Path, expected: Expected) -> None:
        self.database, self.expected, self.summary = database, expected, Summary()
        with database.owning() as connection:
            own = identity(connection)
        # read first: an anchor that is written meanwhile is younger than the snapshot
        self.folder = Folder(folder, own)

    def length(self) -> int:
        with self.database.owning() as connection:
            return trace.length(connection)

    def walk(self) -> Iterator[Fault | int]:
        """Every fault, and now and then how many events were read; in one snapshot."""
        with self.database.auditing() as connection:
            yield from anchor_checks.faults(connection, self.folder, self.expected)
            known = self.folder.prefectures
            yield from trace.verify(connection, self.folder.anchored, known, self.summary)


def check_all(database: Database, folder: Path, expected: Expected) -> tuple[list[Fault], Summary]:
    """All faults and the summary, for who prints them: events and records read, anchors compared, from when to when."""
    check = Check(database, folder, expected)
    faults = [found for found in check.walk() if isinstance(found, Fault)]
    return faults, check.summary
