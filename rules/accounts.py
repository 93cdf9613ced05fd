"""What an account has to have: a name, a role of people, an organisation where its role works in one, a password that is
not guessed."""

from __future__ import annotations

from collections.abc import Iterator

from rules.access import PERSONS, Role
from rules.errors import Fault, Problem
from rules.personal_data import contains_personal_data
from rules.texts import check_line

NAME_LENGTH = 100
#: Length is what makes a password strong; kinds of letters are not asked for (NIST SP 800-63B, 5.1.1).
LEAST_LETTERS, MOST_LETTERS = 10, 200
#: Fewer different letters than this are one key held down.
LEAST_DIFFERENT = 4
#: Roles whose work belongs to a centre or organisation.
IN_A_BODY = (Role.dispatcher, Role.handler)


def is_readable(name: str) -> bool:
    """Whether people can read, type and say a name: of an account or a display."""
    try:
        check_line("name", name, required=True)
    except Problem:
        return False
    return len(name) <= NAME_LENGTH and name == name.strip()


def name_faults(field: str, name: str) -> Iterator[Fault]:
    if not name.strip():
        yield Fault(field, "required")
    elif not is_readable(name):
        yield Fault(field, "unreadable", {"most": NAME_LENGTH})
    elif contains_personal_data(name):
        yield Fault(field, "personal_data")


def role_faults(role: str, organisation: object) -> Iterator[Fault]:
    """`organisation`: None where there is none."""
    if role not in PERSONS:
        yield Fault("role", "required")
    elif role in IN_A_BODY and organisation is None:
        yield Fault("organisation", "needs_organisation")


def password_faults(field: str, password: str, *, username: str, old: str | None = None) -> Iterator[Fault]:
    """At most one: what is wrong with a new password. `old`: the one before, where it is known."""
    if len(password) < LEAST_LETTERS:
        yield Fault(field, "too_short", {"least": LEAST_LETTERS})
    elif len(password) > MOST_LETTERS:
        yield Fault(field, "too_long", {"most": MOST_LETTERS})
    elif len(set(password)) < LEAST_DIFFERENT:
        yield Fault(field, "too_plain")
    elif username.casefold() in password.casefold() and len(password) - len(username) < LEAST_LETTERS // 2:
        yield Fault(field, "like_account")
    elif password == old:
        yield Fault(field, "as_before")
