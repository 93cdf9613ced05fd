"""The catalogue of errors for callers: one row each, with code, HTTP status and text."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class ErrorRow:
    code: str
    status: int
    text_key: str


_STATUS = {
    "bad_request": 400,
    "unauthenticated": 401,
    "wrong_credentials": 401,
    "forbidden": 403,
    "foreign_origin": 403,
    "csrf": 403,
    "password_due": 403,
    "not_found": 404,
    "old_boundaries": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "stale_version": 409,
    "claimed": 409,
    "taken": 409,
    "closed": 409,
    "too_slow": 408,
    "too_large": 413,
    "unsupported_media_type": 415,
    "wrong_host": 421,
    "invalid": 422,
    "list_too_long": 422,
    "move_not_allowed": 422,
    "body_unsuitable": 422,
    "no_body": 422,
    "own_account": 422,
    "merge_unsuitable": 422,
    "no_centre_above": 422,
    "ordered": 422,
    "extension_pending": 422,
    "no_extension_asked": 422,
    "personal_data": 422,
    "hidden_letters": 422,
    "reason_required": 422,
    "undo_ended": 422,
    "key_reused": 422,
    "too_many": 429,
    "head_too_large": 431,
    "internal": 500,
    "busy": 503,
    "unavailable": 503,
}
CATALOGUE: dict[str, ErrorRow] = {code: ErrorRow(code, status, f"error.{code}") for code, status in _STATUS.items()}


@dataclasses.dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a form: the text `field.CODE`, filled with `values`."""

    field: str
    code: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Problem(Exception):
    """An error for a caller. `values` fill the text; `extra` goes into the answer as it is.

    Raises KeyError for a code that is not in the catalogue.
    """

    def __init__(self, code: str, *, extra: dict[str, Any] | None = None, **values: Any) -> None:
        row = CATALOGUE[code]
        super().__init__(code)
        self.code = code
        self.status = row.status
        self.text_key = row.text_key
        self.values = values
        self.extra = extra or {}
        self.faults: tuple[Fault, ...] = ()


def unfit(faults: Sequence[Fault], code: str = "invalid") -> Problem:
    """The problem of a form in which these are wrong; the first of them stands for all in a single line."""
    problem = Problem(code, field=faults[0].field, value="", extra={"fields": [fault.field for fault in faults]})
    problem.faults = tuple(faults)
    return problem
