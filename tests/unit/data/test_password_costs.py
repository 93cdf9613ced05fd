"""What a password costs where no test makes it cheap: RFC 9106's recommendation for a machine without gigabytes to spare."""

from __future__ import annotations

from argon2 import Type, extract_parameters

from tests.templates import HASHER, NOBODY


def test_a_password_costs_what_is_recommended():
    costs = extract_parameters(HASHER.hash("a long password"))
    assert (costs.type, costs.memory_cost, costs.time_cost, costs.parallelism) == (Type.ID, 65_536, 3, 4)


def test_a_wrong_name_costs_the_same_as_a_wrong_password():
    assert extract_parameters(NOBODY) == extract_parameters(HASHER.hash("a long password"))
