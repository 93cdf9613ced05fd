"""Frames of the live stream: each made once for all viewers who may see the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy import Connection, RowMapping

from data.queries import case_markers, summaries
from data.sql import prepared
from rules.access import Act, Role, Viewer, may


def frame(event: str, data: dict, seq: int) -> bytes:
    """One server-sent event; its id is the seq up to which the browser is then up to date."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, event.encode(), orjson.dumps(data, option=orjson.OPT_UTC_Z))


def is_no_event(data: bytes) -> bool:
    """Whether a frame gives the present state, and so is worth sending whatever its seq."""
    return b"\nevent: heartbeat\n" in data or b"\nevent: boundaries\n" in data


@dataclass(frozen=True)
class WorldEvent:
    """One numbered thing that happened, with the counts of every area it touched and the frames made of it so far."""

    seq: int
    path: str
    row: RowMapping
    counts: dict[str, dict] = field(default_factory=dict)
    frames: dict[tuple, bytes | None] = field(default_factory=dict)

    def touches(self, area_path: str) -> bool:
        return self.path.startswith(area_path)

    def frame_for(self, viewer: Viewer) -> bytes | None:
        """The frame for this viewer, None when it is not for it. Viewers of one scope and view share one."""
        view = _view(viewer)
        key = (viewer.scope_path, view, viewer.organisation_id if view == "own" else None)
        if key not in self.frames:
            self.frames[key] = self._make(viewer, view)
        return self.frames[key]

    def _make(self, viewer: Viewer, view: str) -> bytes | None:
        if "tier" in self.row:
            data = {"seq": self.seq, "code": self.row["code"], "tier": self.row["tier"]}
            return frame("tier", data, self.seq) if self.path.startswith(viewer.scope_path) else None
        if view == "own":
            return frame("case", self._told({}), self.seq) if viewer.organisation_id in self._parties() else None
        if not self.path.startswith(viewer.scope_path):
            return None
        counts = {code: count for code, count in self.counts.items() if self._lies_at_or_below(code, viewer.scope_path)}
        if view == "redacted":
            return frame("case", {"seq": self.seq, "counts": counts}, self.seq)
        return frame("case", self._told(counts), self.seq)

    def _lies_at_or_below(self, code: str, scope_path: str) -> bool:
        """Whether an area on the way to this event's place lies within a scope that covers the place too."""
        end = self.path.find(f"/{code}/") + len(code) + 2 if not self.path.startswith(f"{code}/") else len(code) + 1
        return end >= len(scope_path)

    def _parties(self) -> set[int | None]:
        names = ("by_organisation_id", "from_organisation_id", "to_organisation_id", "reporter_id", "responsible_id")
        return {*(self.row[name] for name in names), *self.row["co_handlers"]}

    def _told(self, counts: dict) -> dict:
        row = self.row
        return {
            "seq": self.seq,
            "case_no": row["case_no"],
            "act": row["act"],
            "from_status": row["from_status"],
            "to_status": row["to_status"],
            "version": row["event_version"],
            "path": self.path,
            "marker": case_markers.marker(row),
            "by": {"role": row["role"], "organisation": row["by_name"]},
            "counts": counts,
        }


def _view(viewer: Viewer) -> str:
    """Whole events, only one's own cases, or counts without a case number."""
    if viewer.role == Role.handler:
        return "own"
    return "whole" if may(viewer.role, Act.see_cases) and viewer.role != Role.display else "redacted"


def read_events(connection: Connection, *, after: int, lo: str, hi: str, limit: int, now: datetime) -> list[WorldEvent]:
    """Up to `limit` things that happened after a number within a range of paths, in the order of the world."""
    values = {"seq": after, "lo": lo, "hi": hi, "limit": limit}
    moved = connection.execute(prepared("read_live_events"), values).mappings().all()
    tiers = connection.execute(prepared("read_live_tiers"), values).mappings().all()
    counts = summaries.counts_upwards(connection, {row["path"] for row in moved}, now) if moved else {}
    happened = [WorldEvent(row["seq"], row["path"], row, counts[row["path"]]) for row in moved]
    happened += [WorldEvent(row["seq"], row["path"], row) for row in tiers]
    happened.sort(key=lambda event: event.seq)
    if len(happened) > limit or len(moved) == limit or len(tiers) == limit:
        happened = _up_to_complete(happened, moved, tiers, limit)
    return happened


def _up_to_complete(happened: list[WorldEvent], moved, tiers, limit: int) -> list[WorldEvent]:
    """Where one of the two was cut off, what the other has beyond the cut waits for the next reading."""
    ends = [rows[-1]["seq"] for rows in (moved, tiers) if len(rows) == limit]
    return [event for event in happened if not ends or event.seq <= min(ends)]
