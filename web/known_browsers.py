"""Marks of known browsers: attempts of strangers do not slow down one that has logged in before.

After OWASP's "device cookies". It opens no door: it only moves the guesses of this browser on this account to a count
of their own. A browser keeps one for each of the last accounts that used it.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Scope

from data.login_attempts import account_key
from rules.numbers import digits
from web.cookies import values_of

COOKIE = "gridboard_device"
DAYS_KEPT = 180
DAYS_FRESH = 30
MOST_ACCOUNTS = 5
MARK = re.compile(r"(\d{1,6})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})", re.ASCII)
Keyed = Callable[..., bytes]


def device_of(scope: Scope, username: str, keyed: Keyed, today: int) -> str | None:
    """The number of this browser, if this account has logged in with it; `today`: days since 1970."""
    for mark in _marks(scope):
        nonce = _holds(mark, username, keyed, today)
        if nonce is not None:
            return nonce
    return None


def keep_device(response: Response, scope: Scope, username: str, keyed: Keyed, today: int, *, secure: bool) -> None:
    """Mark the browser for this account, beside the marks of others that it carries already."""
    others = []
    for mark in _marks(scope):
        if _holds(mark, username, keyed, today) is None:
            others.append(mark)
        elif today - int(mark.partition(".")[0]) < DAYS_FRESH:
            return
    nonce = secrets.token_urlsafe(16)
    mine = f"{today}.{nonce}.{_signature(username, str(today), nonce, keyed)}"
    response.set_cookie(
        COOKIE,
        "~".join([mine, *others][:MOST_ACCOUNTS]),
        max_age=DAYS_KEPT * 24 * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def _marks(scope: Scope) -> list[str]:
    marks = [mark for value in values_of(scope, COOKIE) for mark in value.split("~", MOST_ACCOUNTS)]
    return [mark for mark in marks if MARK.fullmatch(mark)][: MOST_ACCOUNTS * 2]


def _holds(mark: str, username: str, keyed: Keyed, today: int) -> str | None:
    """The number in a mark that was given to this account by us, and is not too old."""
    day, nonce, signature = mark.split(".")
    given = digits(day)
    if given is None or not 0 <= today - given <= DAYS_KEPT:
        return None
    return nonce if hmac.compare_digest(signature, _signature(username, day, nonce, keyed)) else None


def _signature(username: str, day: str, nonce: str, keyed: Keyed) -> str:
    return base64.urlsafe_b64encode(keyed("mark", day, nonce, account_key(username))).decode().rstrip("=")
