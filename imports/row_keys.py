"""Keys of an export's rows: the number, or a digest of what does not change in the life of a case."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from imports.case_rows import CaseDraft
from imports.standing import HELD_BY_ORGANISATION


def key_of(
    *, category: str, reported_at: datetime, lon: float | None, lat: float | None, path: str, title: str,
    description: str,
) -> str:  # fmt: skip
    """The digest of what a case was reported as. Without a point its area counts."""
    return _digest(category, _moment(reported_at), _place(lon, lat, path), title, description)


def give_keys(drafts: Sequence[CaseDraft]) -> None:
    """Rows without a number get their key; of rows that are the same in all of it the second gets ':2'."""
    seen: Counter[str] = Counter()
    for draft in drafts:
        if draft.case_no is not None:
            continue
        key = key_of(
            category=draft.category, reported_at=draft.reported_at, lon=draft.lon, lat=draft.lat, path=draft.area.path,
            title=draft.title, description=draft.description,
        )  # fmt: skip
        seen[key] += 1
        draft.key = key if seen[key] == 1 else f"{key}:{seen[key]}"


def digest_of(draft: CaseDraft) -> str:
    """All that the row says of the case now: the same digest again means that nothing has changed in the file."""
    standing = draft.standing
    return _digest(
        draft.kind, draft.category, draft.title, draft.description, draft.severity, draft.source,
        _moment(draft.reported_at), _moment(draft.due_at), draft.area.path, _place(draft.lon, draft.lat, ""),
        standing.status.value, draft.holder.code if standing.status in HELD_BY_ORGANISATION else "", draft.reason or "",
        *(f"{step}{_moment(at)}" for step, at in standing.course if step not in standing.untold),
    )  # fmt: skip


def rough_key(category: str, reported_at: datetime, lon: float | None, lat: float | None, path: str) -> tuple[str, ...]:
    """What stays when somebody has reworded a row without a number."""
    return category, _moment(reported_at), _place(lon, lat, path)


def _place(lon: float | None, lat: float | None, path: str) -> str:
    return path if lon is None or lat is None else f"{lon:.6f},{lat:.6f}"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat()


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
