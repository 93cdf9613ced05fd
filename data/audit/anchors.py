"""The head of each trace, written down once a day outside the database: whoever rewrites the database whole, with every
hash recomputed, still differs from these files."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import orjson
from sqlalchemy import text

from data.database import Database
from data.queries.deployment import identity
from data.sql import load

FOLDER = Path("var") / "anchors"


@dataclass(frozen=True)
class Anchor:
    """The newest link of a prefecture's trace on a day, and how many there were; the same of its records of facts
    (`seals` of them, the newest of hash `seal`), which older lines do not have. Hashes in hex."""

    day: date
    seq: int
    hash: str
    events: int
    seals: int = 0
    seal: str = ""


class AnchorError(Exception):
    """A file of anchors is not as it was written; the message names file and line."""


def anchor_heads(database: Database, folder: Path, now: datetime) -> int:
    """Append today's line (UTC) for every prefecture that has none yet; returns how many were written.

    The database keeps how many lines there are and the digest of the last, and so does a file beside them: each covers
    the others (data/audit/anchor_checks.py). Safe to be called by many at once: a lock on the file decides. Raises AnchorError
    and OSError.
    """
    with database.owning() as connection:
        heads = connection.execute(load("list_chain_heads")).all()
        own = identity(connection)
    written, wrong = 0, ""
    for row in heads:
        head = (row.seq, bytes(row.hash).hex(), row.events, row.seal_n, bytes(row.seal_hash).hex())
        written += _append(_path(folder, row.prefecture, own), Anchor(now.date(), *head))
        wrong = _remember(database, folder, own, row.prefecture) or wrong
    if wrong:
        raise AnchorError(wrong)
    return written


def begin_anew(database: Database) -> int:
    """Forget how far the lines had come, for a folder that is another one on purpose; the chain of facts says so.

    Returns for how many prefectures something was known.
    """
    with database.owning() as connection:
        known = connection.execute(text("DELETE FROM anchor_head RETURNING prefecture, lines, line")).all()
        for row in sorted(known):
            connection.execute(
                text("SELECT append_seal(:prefecture, '', NULL, 'anchors', CAST(:details AS json))"),
                {
                    "prefecture": row.prefecture,
                    "details": orjson.dumps({"lines": row.lines, "line": row.line}).decode(),
                },
            )
    return len(known)


def _remember(database: Database, folder: Path, own: str, prefecture: str) -> str:
    """Write down how far the lines have come; what is wrong with them when they are not those that were written."""
    path = _path(folder, prefecture, own)
    lines = list(_lines(path))
    last, digest = lines[-1]
    part = path.with_suffix(".head.part")
    with database.owning() as connection:
        known = connection.execute(
            text("SELECT identity, lines, line FROM anchor_head WHERE prefecture = :prefecture FOR UPDATE"),
            {"prefecture": prefecture},
        ).one_or_none()
        if known and known.identity == own and (len(lines) < known.lines or lines[known.lines - 1][1] != known.line):
            return f"{path}: is not the file that was written"
        connection.execute(
            load("write_anchor_head"),
            {"prefecture": prefecture, "own": own, "lines": len(lines), "line": digest, "day": last.day},
        )
        part.write_bytes(orjson.dumps({"lines": len(lines), "line": digest}, option=orjson.OPT_APPEND_NEWLINE))
        part.replace(head_path(folder, prefecture, own))
    return ""


def read_anchors(folder: Path, own: str, prefecture: str) -> list[Anchor]:
    """The anchors of a prefecture of the deployment `own` (identity), oldest first; each line takes in the hash of the
    line before. Raises AnchorError."""
    return [anchor for anchor, _ in read_lines(folder, own, prefecture)]


def read_lines(folder: Path, own: str, prefecture: str) -> list[tuple[Anchor, str]]:
    """The anchors of a prefecture, each with the digest of its line. Raises AnchorError."""
    path = _path(folder, prefecture, own)
    return list(_lines(path)) if path.exists() else []


def head_path(folder: Path, prefecture: str, own: str) -> Path:
    """Beside the lines: how many there are, and the digest of the last one."""
    return _path(folder, prefecture, own).with_suffix(".head")


def prefectures(folder: Path, own: str) -> list[str]:
    """The prefectures whose anchors are in a folder."""
    return sorted(path.stem.removesuffix(f".{own}") for path in folder.glob(f"*.{own}.jsonl"))


def file_stem(prefecture: str) -> str:
    """Codes come from imports: only what cannot leave the folder names a file."""
    safe = all(letter.isalnum() or letter in "-_" for letter in prefecture)
    return prefecture if safe else hashlib.sha256(prefecture.encode()).hexdigest()[:16]


def _path(folder: Path, prefecture: str, own: str) -> Path:
    return folder / f"{file_stem(prefecture)}.{own}.jsonl"


def _append(path: Path, anchor: Anchor) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file, _locked(file.fileno()):
        lines = list(_lines(path))
        last = lines[-1] if lines else None
        if last and (last[0].day >= anchor.day or last[0].seq > anchor.seq):
            return False
        file.write(_line(anchor, last[1] if last else ""))
        file.flush()
        os.fsync(file.fileno())
        return True


def _line(anchor: Anchor, previous: str) -> bytes:
    record: dict = {"day": anchor.day.isoformat(), "seq": anchor.seq, "hash": anchor.hash, "events": anchor.events}
    if anchor.seals:
        record |= {"seals": anchor.seals, "seal": anchor.seal}
    return orjson.dumps({**record, "line": _digest(record, previous)}, option=orjson.OPT_APPEND_NEWLINE)


def _digest(record: dict, previous: str) -> str:
    return hashlib.sha256(previous.encode() + orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _lines(path: Path) -> Iterator[tuple[Anchor, str]]:
    previous = ""
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            said = orjson.loads(line)
            written = said.pop("line")
            facts = (said.get("seals", 0), said.get("seal", ""))
            anchor = Anchor(date.fromisoformat(said["day"]), said["seq"], said["hash"], said["events"], *facts)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AnchorError(f"{path}, line {number}: is not a line of anchors") from error
        if written != _digest(said, previous):
            raise AnchorError(f"{path}, line {number}: it or a line before it was changed or taken away")
        previous = written
        yield anchor, written


@contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
