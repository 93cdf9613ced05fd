"""Verification of case states: each case replayed from its report by rules/replay.py and compared with its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from data.audit.faults import Fault
from data.sql import load
from rules.cases import Kind, Severity
from rules.replay import ProjectedCase, replay
from rules.sla import SlaPolicy

#: Deadlines follow limits and a calendar that may be others today: the records of facts hold them (data/audit/seals.py).
BY_CLOCKS = frozenset({"settle_from", "settle_due_at"})
STATE = tuple(field.name for field in fields(ProjectedCase) if field.name not in BY_CLOCKS)
ACT = ("act", "at", "to_status", "to_organisation_id", "by_organisation_id", "details", "version")
CHUNK = {"stream_results": True, "yield_per": 1000}


def cases(connection: Connection) -> Iterator[Fault | int]:
    """Cases whose row differs from the replay of their acts; yields the number after each thousand."""
    sla = SlaPolicy()
    rows = connection.execute(load("follow_traces"), execution_options=CHUNK).mappings()
    for number, row in enumerate(rows, 1):
        yield from _case(row, sla)
        if number % 1000 == 0:
            yield number


def _case(row: RowMapping, sla: SlaPolicy) -> Iterator[Fault]:
    acts = [_act(act) for act in row["acts"]]
    where = (row["prefecture"], row["last_seq"], row["case_no"], row["version"])
    try:
        projected = replay(acts, kind=Kind(row["kind"]), severity=Severity(row["severity"]), sla=sla)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Fault(*where, f"its acts cannot be followed: {type(error).__name__}")
        return
    columns = tuple(name for name in STATE if _plain(getattr(projected, name)) != _plain(row[name]))
    if columns:
        yield Fault(*where, "does not follow from its acts", columns)


def _act(values: list[Any]) -> dict[str, Any]:
    act = dict(zip(ACT, values, strict=True))
    act["at"] = datetime.fromisoformat(act["at"])
    return act


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
