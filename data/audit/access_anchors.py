"""Anchors of the access log: its head, written down once a day beside those of the trace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from data.audit import anchors
from data.audit.anchors import Anchor
from data.database import Database
from data.queries.deployment import identity


def path_of(folder: Path, own: str) -> Path:
    """A folder of its own: a file beside those of the trace would be taken for a prefecture's."""
    return folder / "access" / f"{own}.jsonl"


def anchor_head(database: Database, folder: Path) -> bool:
    """Append today's line (UTC, by the machine's clock) if there is none yet. Raises AnchorError and OSError."""
    with database.owning() as connection:
        head = connection.execute(text("SELECT seq, hash FROM access_head WHERE seq > 0")).one_or_none()
        own = identity(connection)
    if head is None:
        return False
    anchor = Anchor(datetime.now(UTC).date(), head.seq, bytes(head.hash).hex(), head.seq)
    return anchors._append(path_of(folder, own), anchor)


def read_anchors(connection: Connection, folder: Path) -> list[Anchor]:
    """The anchors of this deployment's access log, oldest first. Raises AnchorError."""
    path = path_of(folder, identity(connection))
    return [anchor for anchor, _ in anchors._lines(path)] if path.exists() else []
