"""What people do with tiers: a new version of the rule, an override of a grid's tier; and what the scheduler does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, text

from data.commands import tier_rules
from data.commands.tiers import Cause, recompute_tiers
from data.database import Database
from data.queries import areas
from data.sql import load
from rules.access import Act, Viewer, require
from rules.errors import Fault, Problem, unfit
from rules.personal_data import check_personal
from rules.texts import check_lines
from rules.tier_rule import RuleFaults, TierRule, parse
from rules.tiers import Tier

LONGEST_REASON = 500
LONGEST_OVERRIDE = timedelta(days=366)
#: How far evaluations have come: the number of the world, the local day and quarter.
STATE = "tier_state"


def checked(connection: Connection, said: object) -> TierRule:
    """The rule that a document says in this deployment. Raises Problem invalid with every fault in it."""
    known = tier_rules.known(connection)
    try:
        return parse(said, categories=known.categories, place_categories=known.place_categories, columns=known.columns)
    except RuleFaults as wrong:
        raise unfit(list(wrong.faults)) from wrong


def publish(database: Database, viewer: Viewer, said: object, reason: str, *, now: datetime) -> dict[str, Any]:
    """A new version of the rule, in force at once: every grid is evaluated by it in the same transaction.

    Raises Problem forbidden, invalid, hidden_letters, personal_data (reason).
    """
    require(viewer, Act.edit_rules)
    reason = _reason(reason)
    with database.owning() as connection:
        rule = checked(connection, said)
        if tier_rules.in_force(connection, now=now).rule == rule:
            raise unfit([Fault("rule", "as_before")])
        stored = tier_rules.store(
            connection, said, now=now, reason=reason, author_id=viewer.user_id, author_role=viewer.role.value
        )
        changed = recompute_tiers(connection, now=now, cause=Cause.rule)
    return {"version": stored.version, "changed": changed}


def override(
    database: Database, viewer: Viewer, code: str, *, tier: Tier, reason: str, until: datetime | None, now: datetime
) -> None:
    """A person's tier for a grid until a moment. Raises Problem forbidden, not_found, invalid, hidden_letters, personal_data."""
    require(viewer, Act.override_tier)
    faults = [*_reason_faults(reason), *_until_faults(until, now)]
    if faults:
        raise unfit(faults)
    reason = _reason(reason)
    area = _grid(database, viewer, code)
    values = {"area": area.id, "tier": tier, "reason": reason, "until": until, "by": viewer.role.value, "now": now}
    with database.owning() as connection:
        if not connection.execute(load("override_tier"), values).rowcount:
            raise Problem("not_found")
        recompute_tiers(connection, now=now, areas=[area.id], cause=Cause.override)


def end_override(database: Database, viewer: Viewer, code: str, *, now: datetime) -> None:
    """The rule decides again. Raises Problem forbidden, not_found."""
    require(viewer, Act.override_tier)
    area = _grid(database, viewer, code)
    with database.owning() as connection:
        if not connection.execute(load("end_overrides"), {"area": area.id, "now": now}).rowcount:
            raise Problem("not_found")
        recompute_tiers(connection, now=now, areas=[area.id], cause=Cause.override)


def _grid(database: Database, viewer: Viewer, code: str) -> areas.AreaKey:
    with database.reading(viewer) as connection:
        area = areas.key(connection, code)
    if not area.leaf:
        raise unfit([Fault("area", "no_grid")])
    return area


def _until_faults(until: datetime | None, now: datetime) -> list[Fault]:
    if until is None:
        return [Fault("until", "missing")]
    within = now < until <= now + LONGEST_OVERRIDE
    return [] if within else [Fault("until", "future_within", {"days": LONGEST_OVERRIDE.days})]


def _reason_faults(words: str) -> list[Fault]:
    fits = 0 < len(words.strip()) <= LONGEST_REASON
    return [] if fits else [Fault("reason", "reason_length", {"most": LONGEST_REASON})]


def _reason(words: str) -> str:
    reason = words.strip()
    if faults := _reason_faults(reason):
        raise unfit(faults)
    check_lines("reason", reason, required=True)
    check_personal("reason", reason)
    return reason


def evaluate_due(database: Database, *, now: datetime) -> int:
    """What the scheduler does every few seconds: the grids that something happened to, those whose override ended; once a
    day all that fades, once a quarter all of them, kept as the quarter's. Returns how many tiers changed."""
    with database.owning() as connection:
        if not connection.execute(text("SELECT EXISTS (SELECT 1 FROM tier)")).scalar():
            return 0
        state = connection.execute(text("SELECT value FROM deployment WHERE key = :key"), {"key": STATE}).scalar() or {}
        local = now.astimezone(ZoneInfo(connection.execute(text("SELECT deployment_timezone()")).scalar_one()))
        day, quarter = local.date().isoformat(), f"{local.year}-{(local.month - 1) // 3 + 1}"
        seq = connection.execute(text("SELECT seq FROM world_stamp()")).scalar_one()
        ended = connection.execute(load("end_overrides"), {"area": None, "now": now}).scalars().all()
        if state.get("quarter") != quarter:
            changed = recompute_tiers(connection, now=now, cause=Cause.quarter)
        elif state.get("day") != day:
            changed = recompute_tiers(connection, now=now, cause=Cause.day)
        else:
            changed = _touched(connection, state["seq"], seq, ended, now)
        wanted = {"seq": seq, "day": day, "quarter": quarter}
        if state != wanted:
            connection.execute(load("store_deployment_value"), {"key": STATE, "value": orjson.dumps(wanted).decode()})
    return changed


def _touched(connection: Connection, after: int, upto: int, ended: Sequence[int], now: datetime) -> int:
    found = (
        connection.execute(load("list_touched_grids"), {"after": after, "upto": upto}).scalars().all()
        if upto > after
        else []
    )
    changed = 0
    for ids, cause in ((ended, Cause.override), ([one for one in found if one not in ended], Cause.event)):
        if ids:
            changed += recompute_tiers(connection, now=now, areas=ids, cause=cause)
    return changed
