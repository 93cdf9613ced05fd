"""Users, sessions and wall displays. Tokens and passwords are stored as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import Connection, RowMapping, text

from data.audit import access_log
from data.audit.access_log import COMMAND_LINE, Actor
from data.database import SYSTEM, Database
from data.sql import load
from rules.access import PERSONS, Role, Viewer
from rules.access_log import Access, Via
from rules.accounts import IN_A_BODY, is_readable
from rules.errors import Problem
from rules.texts import check_line

HASHER = PasswordHasher()
# A wrong user name costs the same as a wrong password: this hash is checked when there is no user.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$Z3JpZGJvYXJkLW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
SESSION_LENGTH = timedelta(hours=12)


@dataclass(frozen=True)
class LoggedIn:
    token: str
    csrf_token: str
    viewer: Viewer


class WrongCredentials(Problem):
    """Nobody comes in with these. `account`: whose name it was, for the access log alone; the answer is the same."""

    def __init__(self, account: Viewer | None = None) -> None:
        super().__init__("wrong_credentials")
        self.account = account


class PasswordDue(Problem):
    """The password is right and an initial one: its owner has to replace it before a session is opened."""

    def __init__(self, account: Viewer, password_hash: str) -> None:
        super().__init__("password_due")
        self.account, self.password_hash = account, password_hash


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def log_in(
    database: Database,
    username: str,
    password: str,
    now: datetime,
    *,
    length: timedelta = SESSION_LENGTH,
    via: Via = Via.api,
    address: str = "",
) -> LoggedIn:
    """Open a session. Raises Problem wrong_credentials, the same for an unknown user and a wrong password; password_due
    for the right one that is an initial one."""
    user = user_named(database, username)
    if not password_fits(user["password_hash"] if user else NOBODY, password) or user is None or not user["active"]:
        raise WrongCredentials(viewer_from(user) if user else None)
    viewer = viewer_from(user)
    if user["must_change"]:
        raise PasswordDue(viewer, user["password_hash"])
    with database.writing(SYSTEM) as connection:
        session = open_session(connection, viewer, now, length)
        access_log.append(connection, [access_log.entry(Access.login, Actor(viewer, via, address))])
    return session


def user_named(database: Database, username: str) -> RowMapping | None:
    with database.reading(SYSTEM) as connection:
        return connection.execute(load("find_user"), {"username": username}).mappings().one_or_none()


def open_session(connection: Connection, viewer: Viewer, now: datetime, length: timedelta) -> LoggedIn:
    token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    connection.execute(
        text("SELECT open_session(:token, :user, :csrf, :now, :until)"),
        {"token": digest(token), "user": viewer.user_id, "csrf": csrf_token, "now": now, "until": now + length},
    )
    return LoggedIn(token, csrf_token, viewer)


def hashed(password: str) -> str:
    return HASHER.hash(password)


def password_fits(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except Argon2Error:
        return False


def viewer_from(user) -> Viewer:
    return Viewer(
        user_id=user["id"],
        username=user["username"],
        role=Role(user["role"]),
        area_code=user["area_code"],
        scope_path=user["area_path"],
        organisation_id=user["organisation_id"],
        organisation_path=user["organisation_path"],
        prefecture=user["prefecture"],
        locale=user["locale"] or "",
    )


def viewer_named(database: Database, username: str) -> Viewer:
    """The account of that name, for a command of the machine's keeper. Raises Problem not_found."""
    user = user_named(database, username)
    if user is None or not user["active"]:
        raise Problem("not_found", what=username)
    return viewer_from(user)


def viewer_of(database: Database, token: str, now: datetime) -> tuple[Viewer, str] | None:
    """Whose session this is, and its token against forged requests; None when it is unknown, over or disabled."""
    row = database.ask(load("find_session"), {"token": digest(token), "now": now})
    return (viewer_from(row), row["csrf_token"]) if row else None


def log_out(database: Database, token: str, *, via: Via = Via.api, address: str = "") -> None:
    """End a session; one that was over already leaves nothing."""
    with database.writing(SYSTEM) as connection:
        user = connection.execute(text("SELECT end_session(:token)"), {"token": digest(token)}).scalar()
        if user is not None:
            _note_logout(connection, user, via, address)


def log_out_everywhere(database: Database, user_id: int, *, via: Via = Via.api, address: str = "") -> int:
    """End all sessions of a user; returns how many there were."""
    with database.writing(SYSTEM) as connection:
        ended: int = connection.execute(text("SELECT end_sessions_of(:user)"), {"user": user_id}).scalar_one()
        if ended:
            _note_logout(connection, user_id, via, address, object="everywhere", n=ended)
    return ended


def log_out_elsewhere(database: Database, viewer: Viewer, token: str, *, via: Via = Via.api, address: str = "") -> int:
    """End all sessions of a user but that of this token; returns how many there were."""
    with database.writing(SYSTEM) as connection:
        ended: int = connection.execute(text("SELECT end_other_sessions(:token)"), {"token": digest(token)}).scalar_one()
        if ended:
            by = Actor(viewer, via, address)
            access_log.append(connection, [access_log.entry(Access.logout, by, object="elsewhere", n=ended)])
    return ended


def _note_logout(connection: Connection, user_id: int, via: Via, address: str, **more: Any) -> None:
    name = connection.execute(text("SELECT username FROM app_user WHERE id = :id"), {"id": user_id}).scalar_one()
    user = connection.execute(load("find_user"), {"username": name}).mappings().one()
    access_log.append(connection, [access_log.entry(Access.logout, Actor(viewer_from(user), via, address), **more)])


def set_locale(database: Database, user_id: int, locale: str) -> None:
    with database.writing(SYSTEM) as connection:
        connection.execute(
            text("UPDATE app_user SET locale = :locale WHERE id = :user"), {"locale": locale, "user": user_id}
        )


def add_user(
    connection: Connection,
    *,
    username: str,
    password: str,
    role: Role,
    area: str,
    organisation: str | None = None,
    demo: bool = False,
    now: datetime,
    by: Actor = COMMAND_LINE,
) -> int:
    """Add a user within the owner's transaction. Raises Problem invalid for a role that is no person's, an unknown
    area or organisation, a taken name, and hidden_letters."""
    if role not in PERSONS:
        raise Problem("invalid", field="role", value=role.value)
    check_name("username", username)
    area_id = _id_of(connection, "area", area)
    organisation_id = None if organisation is None else _id_of(connection, "organisation", organisation)
    if role in IN_A_BODY and organisation_id is None:
        raise Problem("invalid", field="organisation", value="")
    row = connection.execute(
        load("insert_user"),
        {
            "username": username,
            "password": hashed(password),
            "role": role.value,
            "area": area_id,
            "organisation": organisation_id,
            "demo": demo,
            "now": now,
        },
    ).scalar()
    if row is None:
        raise Problem("invalid", field="username", value=username)
    details = {"role": role.value, "area": area} | ({"organisation": organisation} if organisation else {})
    note_change(connection, Access.user_add, by, object=username, area_id=area_id, details=details)
    return row


def note_change(
    connection: Connection, act: Access, by: Actor, *, object: str, area_id: int, details: dict[str, Any]
) -> None:
    """A change of a user or display belongs to its area, so that the auditor there sees it."""
    path = connection.execute(text("SELECT path FROM area WHERE id = :id"), {"id": area_id}).scalar_one()
    access_log.append(connection, [access_log.entry(act, by, object=object, path=path, details=details)])


def check_name(field: str, name: str) -> None:
    """Raises Problem invalid or hidden_letters for a name that nobody could read or type."""
    check_line(field, name, required=True)
    if not is_readable(name):
        raise Problem("invalid", field=field, value=name[:40])


def _id_of(connection: Connection, table: str, code: str) -> int:
    identity = connection.execute(
        text(
            "SELECT id FROM area WHERE code = :code"
            if table == "area"
            else "SELECT id FROM organisation WHERE code = :code"
        ),
        {"code": code},
    ).scalar()
    if identity is None:
        raise Problem("invalid", field=table, value=code)
    return identity


def set_user(
    connection: Connection,
    username: str,
    *,
    role: Role | None = None,
    area: str | None = None,
    organisation: str | None = None,
    by: Actor = COMMAND_LINE,
) -> bool:
    """Give a user another role, area or organisation, within the owner's transaction; what is None stays, an empty
    organisation is none. False when there is no such user. Raises Problem invalid."""
    now = connection.execute(load("find_rights"), {"username": username}).mappings().one_or_none()
    if now is None:
        return False
    wanted = {
        "role": (role or Role(now["role"])).value,
        "area": now["area_id"] if area is None else _id_of(connection, "area", area),
        "organisation": now["organisation_id"],
    }
    if organisation is not None:
        wanted["organisation"] = _id_of(connection, "organisation", organisation) if organisation else None
    if wanted["role"] in IN_A_BODY and wanted["organisation"] is None:
        raise Problem("invalid", field="organisation", value="")
    connection.execute(
        text("UPDATE app_user SET role = :role, area_id = :area, organisation_id = :organisation WHERE id = :id"),
        wanted | {"id": now["id"]},
    )
    given = {"role": role and role.value, "area": area, "organisation": organisation}
    details = {name: value for name, value in given.items() if value is not None}
    note_change(connection, Access.user_change, by, object=username, area_id=wanted["area"], details=details)
    return True


def change_user(
    connection: Connection,
    username: str,
    *,
    password: str | None = None,
    active: bool | None = None,
    by: Actor = COMMAND_LINE,
) -> bool:
    """Set a new password or switch a user on or off; all its sessions end. False when there is no such user."""
    row = connection.execute(
        text("SELECT id, area_id FROM app_user WHERE username = :name"), {"name": username}
    ).one_or_none()
    if row is None:
        return False
    user, area_id = row
    if password is not None:
        connection.execute(
            text("UPDATE app_user SET password_hash = :hash, must_change = false WHERE id = :id"),
            {"hash": hashed(password), "id": user},
        )
    if active is not None:
        connection.execute(text("UPDATE app_user SET active = :active WHERE id = :id"), {"active": active, "id": user})
    connection.execute(text("DELETE FROM login_session WHERE user_id = :id"), {"id": user})
    details = ({"password": "new"} if password is not None else {}) | ({"active": active} if active is not None else {})
    note_change(connection, Access.user_change, by, object=username, area_id=area_id, details=details)
    return True


def demo_accounts_exist(database: Database) -> bool:
    with database.reading(SYSTEM) as connection:
        return bool(connection.execute(text("SELECT EXISTS (SELECT 1 FROM app_user WHERE demo AND active)")).scalar())


def demo_names(connection: Connection) -> list[str]:
    rows = connection.execute(text("SELECT username FROM app_user WHERE demo AND active ORDER BY id"))
    return list(rows.scalars())


def new_display_token() -> str:
    return secrets.token_urlsafe(24)


def add_display(connection: Connection, *, name: str, area: str, now: datetime, by: Actor = COMMAND_LINE) -> str:
    """Add a wall display and return its token, which is shown once and kept only as a hash."""
    check_name("name", name)
    token, area_id = new_display_token(), _id_of(connection, "area", area)
    row = connection.execute(
        load("insert_display"),
        {"name": name, "token": digest(token), "area": area_id, "now": now},
    ).scalar()
    if row is None:
        raise Problem("invalid", field="name", value=name)
    note_change(connection, Access.display_add, by, object=name, area_id=area_id, details={"area": area})
    return token


def revoke_display(connection: Connection, name: str, now: datetime, *, by: Actor = COMMAND_LINE) -> bool:
    area_id = connection.execute(
        text("UPDATE display SET revoked_at = :now WHERE name = :name AND revoked_at IS NULL RETURNING area_id"),
        {"name": name, "now": now},
    ).scalar()
    if area_id is None:
        return False
    note_change(connection, Access.display_revoke, by, object=name, area_id=area_id, details={})
    return True


def display_viewer(database: Database, token: str) -> tuple[Viewer, str] | None:
    """The viewer of a display's token, and the display's name; None when unknown or revoked."""
    row = database.ask(load("find_display"), {"token": digest(token)})
    if row is None:
        return None
    viewer = Viewer(
        user_id=None,
        username="",
        role=Role.display,
        area_code=row["area_code"],
        scope_path=row["area_path"],
        organisation_id=None,
        organisation_path=None,
        prefecture=row["prefecture"],
        locale="",
    )
    return viewer, row["name"]
