"""How little of an address is kept, and what is counted instead of listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access_log import FAILING, LISTING, READING, Access, Outcome, address_prefix, window_of


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::1", "::/48"),
        ("", ""),
        ("testclient", ""),
        ("192.0.2.77, 10.0.0.1", ""),
        ("<script>", ""),
    ],
)
def test_a_network_is_kept_and_nothing_else(address: str, kept: str):
    assert address_prefix(address) == kept


@given(st.ip_addresses())
def test_many_clients_share_what_is_kept(address):
    kept = address_prefix(str(address))
    assert kept.endswith(("/24", "/48"))
    assert str(address) not in kept or kept.startswith(str(address) + "/")


@pytest.mark.parametrize("access", Access)
def test_what_is_counted(access: Access):
    reading = {Access.case_read: READING, Access.document_read: READING, Access.case_list: LISTING}
    assert window_of(access, Outcome.done) == reading.get(access)
    guesses = (Access.login, Access.password_change)
    assert window_of(access, Outcome.failed) == (FAILING if access in guesses else reading.get(access))
    assert window_of(Access.login, Outcome.throttled) == FAILING
