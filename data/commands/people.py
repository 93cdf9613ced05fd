"""Accounts of the area that an admin manages: added, given other rights, switched off and on, given an initial password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from data import accounts, passwords
from data.audit.access_log import Actor
from data.commands.managing import managing, place_of
from data.database import Database
from data.sql import load
from rules.access import Act, Viewer, within
from rules.access_log import Access
from rules.accounts import name_faults, role_faults
from rules.errors import Fault, Problem, unfit

ACT = Act.manage_users


@dataclass(frozen=True)
class Made:
    """An account with its initial password, which is told once and kept as a hash alone."""

    id: int
    username: str
    password: str


def add(
    database: Database, *, username: str, role: str, area: str, organisation: str | None, now: datetime, by: Actor
) -> Made:
    """Raises Problem forbidden, invalid (a fault for each field), taken."""
    password = passwords.initial()
    # before the transaction: it takes a moment, and others wait for that
    hashed = accounts.hashed(password)
    with managing(database, by, ACT) as connection:
        faults = list(name_faults("username", username))
        wanted = _rights(connection, by, {"role": role, "area": area, "organisation": organisation}, faults)
        statement = text("SELECT add_account(:username, :hash, :role, :area_id, :organisation_id, :now)")
        values = wanted | {"username": username, "hash": hashed, "now": now}
        made = connection.execute(statement, values).scalar_one()
        if made is None:
            raise unfit([Fault("username", "taken")], code="taken")
        details = {"role": role, "area": area} | ({"organisation": organisation} if organisation else {})
        _note(connection, Access.user_add, by, username, wanted["area_id"], details)
    return Made(made, username, password)


def change(database: Database, user_id: int, changes: Mapping[str, Any], *, by: Actor) -> None:
    """Give an account another `role`, `area`, `organisation` (code or None) or state (`active`); what is not named stays.
    Sessions and streams of the account end or go on with the new rights.

    Raises Problem forbidden, not_found, own_account, invalid (a fault for each field).
    """
    with managing(database, by, ACT) as connection:
        now = _found(connection, user_id)
        wanted = {name: changes.get(name, now[name]) for name in ("role", "area", "organisation", "active")}
        changed = {name: value for name, value in wanted.items() if value != now[name]}
        if not changed:
            return
        _check_other(by, now)
        if changed == {"active": False}:
            rights = {name: now[name] for name in ("role", "area_id", "organisation_id")}
        else:
            rights = _rights(connection, by, wanted, [], standing=now["organisation"])
        statement = text("SELECT change_account(:id, :role, :area_id, :organisation_id, :active)")
        connection.execute(statement, rights | {"id": user_id, "active": wanted["active"]})
        _note(connection, Access.user_change, by, now["username"], rights["area_id"], changed)


def reset_password(database: Database, user_id: int, *, by: Actor) -> Made:
    """An initial password; all sessions of the account end. Raises Problem forbidden, not_found, own_account."""
    password = passwords.initial()
    hashed = accounts.hashed(password)
    with managing(database, by, ACT) as connection:
        now = _found(connection, user_id)
        _check_other(by, now)
        connection.execute(text("SELECT reset_password(:id, :hash)"), {"id": user_id, "hash": hashed})
        _note(connection, Access.user_change, by, now["username"], now["area_id"], {"password": "initial"})
    return Made(user_id, now["username"], password)


def _found(connection: Connection, user_id: int) -> RowMapping:
    row = connection.execute(load("find_account"), {"id": user_id}).mappings().one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


def _check_other(by: Actor, account: RowMapping) -> None:
    """An admin's own rights are another admin's to change: so one always remains."""
    if by.viewer and account["id"] == by.viewer.user_id:
        raise Problem("own_account")


def _rights(
    connection: Connection, by: Actor, wanted: Mapping[str, Any], faults: list[Fault], *, standing: str | None = None
) -> dict[str, Any]:
    """Role, area and organisation as the database knows them. `standing`: the organisation that the account has.
    Raises Problem invalid with these faults and those that are found here."""
    place = place_of(connection, wanted["area"], faults)
    code = wanted["organisation"] or None
    organisation = _organisation(connection, by.viewer, code, standing) if code else None
    if code and organisation is None:
        faults.append(Fault("organisation", "unknown_organisation"))
    else:
        faults += role_faults(wanted["role"], organisation)
    if faults or place is None:
        raise unfit(faults)
    return {"role": wanted["role"], "area_id": place.id, "organisation_id": organisation}


def _organisation(connection: Connection, viewer: Viewer | None, code: str, standing: str | None) -> int | None:
    """An organisation of the admin's area that is open, or the one that the account has already."""
    statement = text("SELECT id, path, active FROM organisation WHERE code = :code")
    row = connection.execute(statement, {"code": code}).one_or_none()
    if row is None or viewer is None:
        return None
    return row.id if code == standing or (row.active and within(viewer, row.path)) else None


def _note(
    connection: Connection, act: Access, by: Actor, username: str, area_id: int, details: Mapping[str, Any]
) -> None:
    accounts.note_change(connection, act, by, object=username, area_id=area_id, details=dict(details))
