"""What every act leaves: messages for those whom it concerns, and one row of the trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from data.sql import load
from rules.access import Role, Viewer


def append_messages(
    connection: Connection, *, prefecture: str, case_no: str, path: str, at: datetime, act: str, status: str,
    to: Iterable[int],
) -> None:  # fmt: skip
    """One message for each body that has to know. Before the event, which takes the world's lock and so comes last."""
    payload = orjson.dumps({"case_no": case_no, "act": act, "status": status}).decode()
    rows = [
        {
            "prefecture": prefecture,
            "case_no": case_no,
            "topic": f"case.{act}",
            "organisation": organisation,
            "path": path,
            "now": at,
            "payload": payload,
        }
        for organisation in sorted(set(to))
    ]
    if rows:
        connection.execute(load("append_message"), rows)


def append_event(connection: Connection, *, viewer: Viewer, by_rule: bool = False, **event: Any) -> None:
    """One row of the trace: who by role and organisation, what, from where to where. An act of a rule has no person."""
    nobody = {"role": Role.system.value, "user_id": None, "by_organisation_id": None}
    person = {
        "role": viewer.role.value,
        "user_id": viewer.user_id,
        "by_organisation_id": viewer.organisation_id,
    }
    connection.execute(
        load("append_event"),
        dict(event, **(nobody if by_rule else person), details=orjson.dumps(event["details"]).decode()),
    )
