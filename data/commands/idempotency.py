"""One effect for one key: a request that comes again is answered as it was the first time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

import orjson
from sqlalchemy import Connection

from data.sql import load
from rules.access import Viewer
from rules.errors import Problem

KEY_LENGTH = 200
TIMES = ("reported_at", "status_since", "due_at", "settled_at", "settle_due_at", "paused_until", "extension_until")


def once(
    connection: Connection, viewer: Viewer, key: str | None, request: dict, now: datetime, act: Callable[[], dict],
    last: Callable[[], None],
) -> dict:  # fmt: skip
    """Runs `act` once for a key: a second request with it waits for the first and gets the first one's answer.

    `last` comes after all else: it appends to the trace, which takes the world's lock until the end. Raises Problem
    invalid (Idempotency-Key) and key_reused, when the key came with another request before.
    """
    if key is None:
        answer = act()
        last()
        return answer
    if not 0 < len(key) <= KEY_LENGTH:
        raise Problem("invalid", field="Idempotency-Key", value=key[:40])
    digest = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).hexdigest()
    slot = {"prefecture": viewer.prefecture, "user": viewer.user_id or 0, "key": key}
    fresh = connection.execute(load("take_key"), dict(slot, hash=digest, now=now)).rowcount == 1
    if not fresh:
        stored = connection.execute(load("read_key"), slot).one()
        if stored.request_hash != digest:
            raise Problem("key_reused")
        return _as_answered(stored.response)
    answer = act()
    connection.execute(load("answer_key"), dict(slot, response=orjson.dumps(answer).decode()))
    last()
    return answer


def _as_answered(response: dict) -> dict:
    """Times come back from JSON as text; callers get what they got the first time."""
    return dict(response, **{name: datetime.fromisoformat(response[name]) for name in TIMES if response.get(name)})
