"""Accounts as an admin sees them, and one's own; organisations to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from data.queries import areas, organisations
from data.sql import load
from rules.access import PERSONS, Viewer, scope_range
from rules.errors import Problem

STATES = ("active", "initial", "disabled")


@dataclass(frozen=True)
class AccountFilter:
    """`q`: a part of the account's, the organisation's or the area's name. `area`: and all below it."""

    q: str | None = None
    role: str | None = None
    area: str | None = None
    state: str | None = None


def page(
    connection: Connection, wanted: AccountFilter, *, limit: int, after: str | None, locale: str
) -> dict[str, Any]:
    """A page of accounts by name; `next_cursor` is the last one. Raises Problem invalid (role, state), not_found (area)."""
    values = _values(connection, wanted, locale)
    listing = text(
        f"{load('list_accounts').text}{load('match_accounts').text}"
        ' ORDER BY u.username COLLATE "C" LIMIT :limit'
    )
    rows = connection.execute(listing, values | {"limit": limit + 1, "after": after}).mappings()
    items = [_shape(row) for row in rows]
    counting = text(
        f"{load('count_accounts').text}{load('match_accounts').text}"
    )
    total = connection.execute(counting, values).scalar_one()
    more = items[limit - 1]["username"] if len(items) > limit else None
    return {"items": items[:limit], "next_cursor": more, "total": total}


def find(connection: Connection, user_id: int, *, locale: str) -> dict[str, Any]:
    """One account. Raises Problem not_found, also for one beside the viewer's area."""
    values = _values(connection, AccountFilter(), locale) | {"after": None, "id": user_id}
    listing = text(f"{load('list_accounts').text}{load('match_accounts').text} AND u.id = :id")
    row = connection.execute(listing, values).mappings().one_or_none()
    if row is None:
        raise Problem("not_found")
    return _shape(row)


def _values(connection: Connection, wanted: AccountFilter, locale: str) -> dict[str, Any]:
    if wanted.role and wanted.role not in PERSONS:
        raise Problem("invalid", field="role", value=wanted.role)
    if wanted.state and wanted.state not in STATES:
        raise Problem("invalid", field="state", value=wanted.state)
    area = areas.key(connection, wanted.area) if wanted.area else None
    return {
        "q": f"%{_literally(wanted.q.strip())}%" if wanted.q and wanted.q.strip() else None,
        "role": wanted.role or None,
        "state": wanted.state or None,
        "lo": area.lo if area else None,
        "hi": area.hi if area else None,
        "locale": locale or "zh_CN",
    }


def _literally(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _shape(row: Any) -> dict[str, Any]:
    body = row["organisation"]
    return {
        "id": row["id"],
        "username": row["username"],
        "role": row["role"],
        "area": row["area"],
        "area_name": row["area_name"],
        "organisation": body and {"code": body, "name": row["organisation_name"]},
        "state": row["state"],
        "seen_at": row["seen_at"],
    }


def choosable(connection: Connection, viewer: Viewer, words: str, *, limit: int) -> list[dict[str, Any]]:
    """Organisations of the viewer's area whose name holds these words, or whose code begins with them."""
    lo, hi = scope_range(viewer)
    values = {"q": _literally(words.strip()), "lo": lo, "hi": hi, "limit": limit, "locale": viewer.locale or "zh_CN"}
    return [dict(row) for row in connection.execute(load("list_choosable_organisations"), values).mappings()]


def own(connection: Connection, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """One's own account, with the number of its open sessions."""
    locale = viewer.locale or "zh_CN"
    body = viewer.organisation_id
    return {
        "user": viewer.username,
        "role": viewer.role.value,
        "area": viewer.area_code,
        "area_name": areas.find(connection, viewer.area_code, locale=locale)["name"],
        "organisation": organisations.names(connection, [body], locale=locale).get(body) if body else None,
        "locale": locale,
        "sessions": len(sessions(connection, viewer, now)),
    }


def sessions(connection: Connection, viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """One's own sessions that are open, the newest first."""
    statement = text(
        "SELECT created_at, expires_at FROM login_session WHERE user_id = :user AND expires_at > :now ORDER BY 1 DESC"
    )
    rows = connection.execute(statement, {"user": viewer.user_id, "now": now}).mappings()
    return [dict(row) for row in rows]
