"""Wall displays of the area that an admin manages: added, renamed, moved, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from data import accounts
from data.audit.access_log import Actor
from data.commands.managing import managing, place_of
from data.database import Database
from data.queries import displays
from rules.access import Act
from rules.access_log import Access
from rules.accounts import name_faults
from rules.errors import Fault, Problem, unfit

ACT = Act.manage_displays


def add(database: Database, *, name: str, area: str, now: datetime, by: Actor) -> tuple[int, str]:
    """The display and its token, which is told once and kept as a hash alone. Raises Problem forbidden, invalid, taken."""
    token = accounts.new_display_token()
    with managing(database, by, ACT) as connection:
        faults = list(name_faults("name", name))
        place = place_of(connection, area, faults)
        if faults or place is None:
            raise unfit(faults)
        made = connection.execute(
            text("SELECT add_display(:name, :token, :area, :now)"),
            {"name": name, "token": accounts.digest(token), "area": place.id, "now": now},
        ).scalar_one()
        if made is None:
            raise _taken()
        _note(connection, Access.display_add, by, name, place.id, {"area": area})
    return made, token


def change(database: Database, display_id: int, changes: Mapping[str, str], *, by: Actor) -> None:
    """Another `name` or `area`; what is not named stays. The wall itself goes on with them within 5 s.

    Raises Problem forbidden, not_found (also one that was revoked), invalid, taken.
    """
    with managing(database, by, ACT) as connection:
        now = _in_use(connection, display_id)
        wanted = {name: changes.get(name, now[name]) for name in ("name", "area")}
        changed = {name: value for name, value in wanted.items() if value != now[name]}
        faults = list(name_faults("name", wanted["name"]))
        place = place_of(connection, wanted["area"], faults)
        if faults or place is None:
            raise unfit(faults)
        if changed:
            _write(connection, display_id, wanted["name"], place.id, None)
            _note(connection, Access.display_change, by, now["name"], place.id, changed)


def revoke(database: Database, display_id: int, *, now: datetime, by: Actor) -> None:
    """End a display's access at once. Raises Problem forbidden, not_found."""
    with managing(database, by, ACT) as connection:
        found = _in_use(connection, display_id)
        _write(connection, display_id, found["name"], found["area_id"], now)
        _note(connection, Access.display_revoke, by, found["name"], found["area_id"], {})


def _in_use(connection: Connection, display_id: int) -> dict[str, Any]:
    found = displays.find(connection, display_id, locale="")
    if found["revoked_at"] is not None:
        raise Problem("not_found")
    return found


def _write(connection: Connection, display_id: int, name: str, area_id: int, ends_at: datetime | None) -> None:
    statement = text("SELECT change_display(:id, :name, :area, :ends_at)")
    try:
        connection.execute(statement, {"id": display_id, "name": name, "area": area_id, "ends_at": ends_at})
    except IntegrityError:
        raise _taken() from None


def _taken() -> Problem:
    return unfit([Fault("name", "taken")], code="taken")


def _note(connection: Connection, act: Access, by: Actor, name: str, area_id: int, details: dict[str, Any]) -> None:
    accounts.note_change(connection, act, by, object=name, area_id=area_id, details=details)
