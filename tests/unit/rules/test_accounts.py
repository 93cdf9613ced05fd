"""Names, roles and passwords of accounts: what is refused, and with which word."""

from __future__ import annotations

import pytest

from rules.access import PERSONS, Role
from rules.accounts import IN_A_BODY, LEAST_LETTERS, MOST_LETTERS, name_faults, password_faults, role_faults


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("organisation", [None, 7])
def test_only_roles_of_people_and_an_organisation_where_one_is_needed(role: Role, organisation: int | None):
    codes = [fault.code for fault in role_faults(role.value, organisation)]
    if role not in PERSONS:
        assert codes == ["required"]
    else:
        assert codes == (["needs_organisation"] if role in IN_A_BODY and organisation is None else [])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("值班室一号", None), ("duty.officer", None), ("O'Neil", None), ("", "required"), (" \u3000", "required"),
        (" a", "unreadable"), ("a\tb", "unreadable"), ("a\u200bb", "unreadable"),
        ("\u202eevil", "unreadable"), ("x" * 101, "unreadable"),
        ("１３８００１３８０００", "personal_data"), ("11010519491231002X", "personal_data"),
    ],
)  # fmt: skip
def test_a_name_can_be_read_and_is_no_number_of_a_person(name: str, code: str | None):
    assert [fault.code for fault in name_faults("username", name)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("correct horse", None), ("夜里看星星的猫头鹰飞走", None), ("x" * (LEAST_LETTERS - 1), "too_short"), ("", "too_short"),
        ("ab c" * 50 + "x", "too_long"), ("ab c" * (MOST_LETTERS // 4), None), ("aaaabbbbcccc", "too_plain"),
        ("duty.officer", "like_account"), ("DUTY.OFFICER1", "like_account"), ("duty.officer and his dog", None),
        ("the old password", "as_before"),
    ],
)  # fmt: skip
def test_a_password_is_long_and_not_the_nearest_guess(password: str, code: str | None):
    faults = list(password_faults("new", password, username="duty.officer", old="the old password"))
    assert [fault.code for fault in faults] == ([code] if code else [])
