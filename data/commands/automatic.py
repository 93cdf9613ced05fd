"""Automatic dispatch: off until an admin switches it on for a category. The same moves, the same trace, by a rule."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text

from data.audit import access_log
from data.audit.access_log import Actor
from data.commands.cases import move_case
from data.database import SYSTEM, Database
from data.queries import cases, organisations
from data.sql import load
from rules.access import Act, Viewer, may
from rules.access_log import Access, Via
from rules.effects import Rule
from rules.errors import Problem
from rules.facts import MoveRequest
from rules.ranking import load_share, rank
from rules.sla import SlaPolicy

BATCH = 50


def switched(database: Database, viewer: Viewer) -> list[dict[str, Any]]:
    """Every category, and since when and by whom it is dispatched automatically. Raises Problem forbidden."""
    _check(viewer)
    with database.reading(viewer) as connection:
        rows = connection.execute(load("list_automatic"), {"locale": viewer.locale or "zh_CN"}).mappings()
        return [dict(row) for row in rows]


def switch(
    database: Database, *, viewer: Viewer, category: str, on: bool, now: datetime, via: Via = Via.api, address: str = ""
) -> None:
    """Switch a category on or off. Raises Problem forbidden, not_found (category)."""
    _check(viewer)
    with database.writing(viewer) as connection:
        known = connection.execute(text("SELECT 1 FROM category WHERE code = :code"), {"code": category}).scalar()
        if not known:
            raise Problem("not_found")
        connection.execute(text("DELETE FROM auto_dispatch WHERE category = :code"), {"code": category})
        if on:
            connection.execute(
                text("INSERT INTO auto_dispatch (category, user_id, since) VALUES (:code, :user, :now)"),
                {"code": category, "user": viewer.user_id, "now": now},
            )
        by, details = Actor(viewer, via, address), {"on": on}
        access_log.append(
            connection, [access_log.entry(Access.automatic_switch, by, object=category, details=details)]
        )


def dispatch_waiting(database: Database, *, now: datetime, sla: SlaPolicy) -> int:
    """Dispatch waiting cases of the categories that are switched on to the first recommendation, if it has room.

    A case that somebody has in hand, took first, or that nobody qualifies for is left to the dispatchers, and so is
    one that was recalled or came back. Returns how many were dispatched.
    """
    with database.reading(SYSTEM) as connection:
        waiting = connection.execute(load("pick_automatic"), {"limit": BATCH}).all()
        chosen = []
        for row in waiting:
            found = cases.row(connection, row.case_no)
            case = cases.facts(found)
            named = organisations.candidates(connection, found, now=now)
            candidates = {organisation.id: organisation for organisation, _ in named}
            ranked = rank(case, list(candidates.values()))
            if ranked and load_share(candidates[ranked[0].organisation_id]) < 1:
                chosen.append((case, ranked[0].organisation_id))
    return sum(_dispatched(database, case.case_no, case.version, to, now, sla) for case, to in chosen)


def _dispatched(database: Database, case_no: str, version: int, to: int, now: datetime, sla: SlaPolicy) -> bool:
    request = MoveRequest(case_no=case_no, move="dispatch", version=version, to=to)
    try:
        move_case(database, request, viewer=SYSTEM, now=now, sla=sla, rule=Rule.automatic)
    except Problem as problem:
        if problem.code == "unavailable":
            raise
        return False
    return True


def _check(viewer: Viewer) -> None:
    """A category is one for the whole deployment, so only an admin of all of it switches."""
    if not may(viewer.role, Act.switch_automatic) or viewer.scope_path.count("/") > 1:
        raise Problem("forbidden")
