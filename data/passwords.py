"""One's own password: changed by who knows the old one, replaced by who was given an initial one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from data import accounts
from data.audit import access_log
from data.audit.access_log import Actor
from data.database import Database
from rules.access import Viewer
from rules.access_log import Access, Via
from rules.accounts import password_faults
from rules.errors import Fault, unfit

#: Letters and digits that are not taken for another, on paper or by telephone: 31, so that twelve hold 59 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 3, 4


def initial() -> str:
    """A password to be given to somebody, who replaces it at the first login."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def change(
    database: Database,
    viewer: Viewer,
    *,
    old: str,
    new: str,
    now: datetime,
    length: timedelta = accounts.SESSION_LENGTH,
    via: Via = Via.api,
    address: str = "",
) -> accounts.LoggedIn:
    """A new password of one's own. All sessions end; the answer is a fresh one. Raises Problem invalid where the old
    password is wrong."""
    user = accounts.user_named(database, viewer.username)
    if user is None or not user["active"] or not accounts.password_fits(user["password_hash"], old):
        raise unfit([Fault("old", "wrong_password")])
    return _replace(
        database, viewer, old_hash=user["password_hash"], new=new, now=now, length=length, via=via, address=address
    )


def replace_initial(
    database: Database,
    username: str,
    *,
    fits: Callable[[str], bool],
    new: str,
    now: datetime,
    length: timedelta = accounts.SESSION_LENGTH,
    via: Via = Via.api,
    address: str = "",
) -> accounts.LoggedIn:
    """The first password of one's own, and a session. `fits`: whether what was shown goes with the hash of the initial
    password. Raises Problem wrong_credentials where it does not, or the password is no initial one any more; invalid."""
    user = accounts.user_named(database, username)
    if user is None or not user["active"] or not user["must_change"] or not fits(user["password_hash"]):
        raise accounts.WrongCredentials(accounts.viewer_from(user) if user else None)
    old_hash = user["password_hash"]
    faults = list(password_faults("new_password", new, username=username))
    if not faults and accounts.password_fits(old_hash, new):
        faults = [Fault("new_password", "as_before")]
    if faults:
        raise unfit(faults)
    return _replace(
        database, accounts.viewer_from(user), old_hash=old_hash, new=new, now=now, length=length, via=via, address=address,
        also=Access.login,
    )  # fmt: skip


def _replace(
    database: Database,
    viewer: Viewer,
    *,
    old_hash: str,
    new: str,
    now: datetime,
    length: timedelta,
    via: Via,
    address: str,
    also: Access | None = None,
) -> accounts.LoggedIn:
    """Raises Problem wrong_credentials where somebody else was first, or the account is switched off."""
    by, new_hash = Actor(viewer, via, address), accounts.hashed(new)
    with database.writing(viewer) as connection:
        statement = text("SELECT change_own_password(:old_hash, :new_hash)")
        if not connection.execute(statement, {"old_hash": old_hash, "new_hash": new_hash}).scalar_one():
            raise accounts.WrongCredentials(viewer)
        session = accounts.open_session(connection, viewer, now, length)
        access_log.append(connection, [access_log.entry(act, by) for act in (Access.password_change, also) if act])
    return session
