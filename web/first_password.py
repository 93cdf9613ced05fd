"""The ticket with which somebody who has shown an initial password replaces it: it travels in the form, so that the password
need not. It holds for a quarter of an hour, and for that password alone."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from data.accounts import PasswordDue
from data.login_attempts import account_key
from rules.numbers import digits

VALID = timedelta(minutes=15)
Keyed = Callable[..., bytes]


def ticket(due: PasswordDue, username: str, keyed: Keyed, now: datetime) -> str:
    until = str(int((now + VALID).timestamp()))
    return f"{until}.{_signature(username, due.password_hash, until, keyed)}"


def fits(shown: str, username: str, keyed: Keyed, now: datetime, password_hash: str) -> bool:
    """Whether the ticket is ours, still valid, and of this account with this password."""
    until, _, signature = shown.partition(".")
    end = digits(until)
    if end is None or end < now.timestamp() or not signature.isascii():
        return False
    return hmac.compare_digest(signature, _signature(username, password_hash, until, keyed))


def _signature(username: str, password_hash: str, until: str, keyed: Keyed) -> str:
    parts = keyed("first password", account_key(username), password_hash, until)
    return base64.urlsafe_b64encode(parts).decode().rstrip("=")
