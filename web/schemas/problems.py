"""Errors as problem documents (RFC 9457)."""

from __future__ import annotations

from typing import Any

from web.schemas.base import Outgoing
from web.schemas.cases import Case


class ProblemDocument(Outgoing):
    type: str
    title: str
    status: int
    code: str
    detail: str


class Conflict(ProblemDocument):
    """Somebody else was first: the case as it is now, and who did what."""

    current: Case | None = None
    winner: dict[str, Any] | None = None
