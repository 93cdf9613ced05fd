"""Whether the anchors of the trace are there, are this deployment's, reach to their end and are young enough. What they say
is compared by data/audit/trace.py; here it is that a missing guard is not taken for a quiet one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from sqlalchemy import Connection, Row

from data.audit import anchors
from data.audit.anchors import Anchor, AnchorError
from data.audit.faults import Fault
from data.sql import load

DAY = timedelta(days=1)
#: The scheduler writes one line a day; a day of standstill is no fault.
OLDEST = 2 * DAY
HEADS = load("list_anchored_heads")


@dataclass(frozen=True)
class Expected:
    """What may be expected of the anchors. `now`: None where the clock of the deployment is stopped, and no day passes.

    `daily`: the scheduler, or somebody in its place, writes one a day.
    """

    now: datetime | None
    daily: bool = True

    def late(self, since: datetime) -> bool:
        return self.now is not None and self.now - since > DAY


class Folder:
    """The anchors of one deployment, read before the snapshot of the database, so that none is younger than it."""

    def __init__(self, folder: Path, own: str) -> None:
        self.path, self.own = folder, own
        self.prefectures = anchors.prefectures(folder, own)
        self.lines: dict[str, list[tuple[Anchor, str]]] = {}
        self.unreadable: dict[str, str] = {}
        for prefecture in self.prefectures:
            try:
                self.lines[prefecture] = anchors.read_lines(folder, own, prefecture)
            except AnchorError as error:
                # the name of the file, not where it is: screens show it too
                self.unreadable[prefecture] = str(error).removeprefix(f"{folder}/")

    def anchored(self, prefecture: str) -> Sequence[Anchor]:
        """For data/audit/trace.py. A file that was changed is compared as far as its lines hold."""
        return [anchor for anchor, _ in self.read(prefecture)]

    def read(self, prefecture: str) -> list[tuple[Anchor, str]]:
        return self.lines.get(anchors.file_stem(prefecture), [])

    def problem(self, prefecture: str) -> str:
        return self.unreadable.get(anchors.file_stem(prefecture), "")

    def head(self, prefecture: str) -> dict | None:
        """What the file beside the lines says of them; None when there is none or it is not readable."""
        try:
            said = orjson.loads(anchors.head_path(self.path, prefecture, self.own).read_bytes())
            return {"lines": int(said["lines"]), "line": str(said["line"])}
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def others(self, prefecture: str) -> int:
        """How many files of other deployments there are for a prefecture."""
        stem = anchors.file_stem(prefecture)
        return len([path for path in self.path.glob(f"{stem}.*.jsonl") if path.name != f"{stem}.{self.own}.jsonl"])


def faults(connection: Connection, folder: Folder, expected: Expected) -> Iterator[Fault]:
    """What is wrong with the anchors themselves."""
    for row in connection.execute(HEADS):
        for what in _one(row, folder, expected):
            yield Fault(row.prefecture, 0, "", 0, what)


def _one(row: Row, folder: Folder, expected: Expected) -> Iterator[str]:
    lines = folder.read(row.prefecture)
    if folder.problem(row.prefecture):
        yield folder.problem(row.prefecture)
        return
    if row.identity is not None and row.identity != folder.own:
        yield f"its anchors were written by deployment {row.identity}, and this one is {folder.own or 'without identity'}"
    if not lines:
        yield from _missing(row, folder, expected)
        return
    yield from _cut(row, lines, folder.head(row.prefecture))
    newest = lines[-1][0].day
    if (
        expected.now
        and expected.daily
        and expected.now - datetime.combine(newest, datetime.min.time(), UTC) > OLDEST + DAY
    ):
        yield f"the newest anchor is of {newest}: no scheduler has written one since"


def _missing(row: Row, folder: Folder, expected: Expected) -> Iterator[str]:
    others = folder.others(row.prefecture)
    beside = f"; {others} of other deployments stand in the folder" if others else ""
    if row.lines:
        yield f"its {row.lines} anchors are missing{beside}"
    elif row.since is None or expected.late(row.since):
        since = f"since {row.since:%Y-%m-%d}" if row.since else "for nobody knows how long"
        yield f"there are no anchors, though it has had acts {since}{beside}"


def _cut(row: Row, lines: Sequence[tuple[Anchor, str]], beside: dict | None) -> Iterator[str]:
    """The database and the file beside the lines each say how many there were: lines may be more, never fewer or others."""
    newer = any(anchor.seals for anchor, _ in lines)
    known = {"database": {"lines": row.lines, "line": row.line} if row.lines else None, "file beside them": beside}
    for where, head in known.items():
        if head is None:
            # before 0.3.0 nobody wrote it down
            if newer:
                yield f"the {where} does not say any more how many anchors there were"
        elif len(lines) < head["lines"]:
            yield f"of {head['lines']} anchors that the {where} knows, the last {head['lines'] - len(lines)} are missing"
        elif lines[head["lines"] - 1][1] != head["line"]:
            yield f"line {head['lines']} of the anchors is not the one that the {where} knows"
