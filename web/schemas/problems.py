"""Errors as problem documents (RFC 9457)."""

from __future__ import annotations

from typing import Any

from web.schemas.base import Outgoing
from web.schemas.cases import Case


class FieldProblem(Outgoing):
    """What is wrong with one field of a form."""

    field: str
    code: str
    detail: str


class ProblemDocument(Outgoing):
    """`errors`: what is wrong, field by field, where a form was filled in."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] | None = None


class Conflict(ProblemDocument):
    """Somebody else was first: the case as it is now, and who did what."""

    current: Case | None = None
    winner: dict[str, Any] | None = None
