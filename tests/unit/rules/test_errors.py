"""The catalogue of errors: stable codes, a status that HTTP knows, a text key each."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from rules.errors import CATALOGUE, Problem

# What programs rely on; a row may be added, never changed.
PROMISED = {
    "bad_request": 400, "unauthenticated": 401, "wrong_credentials": 401, "forbidden": 403, "foreign_origin": 403,
    "csrf": 403, "not_found": 404, "old_boundaries": 404, "conflict": 409, "stale_version": 409, "too_large": 413,
    "invalid": 422, "move_not_allowed": 422, "body_unsuitable": 422, "reason_required": 422,
    "key_reused": 422, "too_many": 429, "unavailable": 503,
}  # fmt: skip


def test_the_promised_codes_keep_their_status():
    assert {code: CATALOGUE[code].status for code in PROMISED} == PROMISED


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_row_names_itself_its_text_and_a_known_status(code: str):
    row = CATALOGUE[code]
    assert (row.code, row.text_key) == (code, f"error.{code}")
    assert HTTPStatus(row.status) >= HTTPStatus.BAD_REQUEST


def test_a_problem_carries_what_its_text_and_its_answer_need():
    problem = Problem("invalid", extra={"current": 1}, field="to", value="7")
    assert (problem.code, problem.status, problem.text_key) == ("invalid", 422, "error.invalid")
    assert (problem.values, problem.extra) == ({"field": "to", "value": "7"}, {"current": 1})
    assert Problem("not_found").extra == {} == Problem("not_found").values


def test_a_code_outside_the_catalogue_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        Problem("no_such_code")
