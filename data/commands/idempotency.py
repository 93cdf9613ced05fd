"""Idempotency keys: one effect for a repeated request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from data.commands.case_transaction import CaseTransaction
from data.sql import load, prepared
from rules.errors import Problem

KEY_LENGTH = 200
TIMES = ("reported_at", "status_since", "due_at", "settled_at", "settle_due_at", "paused_until", "extension_until")


def run_once(
    transaction: CaseTransaction, key: str | None, request: Mapping[str, Any], work: Callable[[], dict]
) -> dict:
    """What `work` answers, which runs once for a key: a second request with it waits for the first and gets its answer.

    Raises Problem invalid (Idempotency-Key) and key_reused, when the key came with another request before.
    """
    if key is None:
        return work()
    if not 0 < len(key) <= KEY_LENGTH:
        raise Problem("invalid", field="Idempotency-Key", value=key[:40])
    connection, viewer = transaction.connection, transaction.viewer
    digest = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).hexdigest()
    slot = {"prefecture": viewer.prefecture, "user": viewer.user_id or 0, "key": key}
    fresh = connection.execute(prepared("take_key"), dict(slot, hash=digest, now=transaction.now)).rowcount == 1
    if not fresh:
        stored = connection.execute(load("read_key"), slot).one()
        if stored.request_hash != digest:
            raise Problem("key_reused")
        return _as_answered(stored.response)
    answer = work()
    connection.execute(prepared("answer_key"), dict(slot, response=orjson.dumps(answer).decode()))
    return answer


def _as_answered(response: dict) -> dict:
    """Times come back from JSON as text; callers get what they got the first time."""
    return dict(response, **{name: datetime.fromisoformat(response[name]) for name in TIMES if response.get(name)})
