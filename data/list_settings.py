"""How people have set up their lists: columns and order, by person and list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from data.sql import load
from rules.access import Viewer
from rules.case_columns import LISTS, ListSetting, known


def read(connection: Connection, viewer: Viewer) -> dict[str, ListSetting]:
    """The settings of every list; what the person has not set, or what is gone since, is as for everybody."""
    question = text("SELECT list, columns, sort FROM list_setting WHERE user_id = :user_id")
    rows = connection.execute(question, {"user_id": viewer.user_id})
    kept = {row.list: known(row.columns, row.sort) for row in rows}
    return {name: kept.get(name, ListSetting()) for name in LISTS}


def keep(connection: Connection, viewer: Viewer, name: str, setting: ListSetting, now: datetime) -> None:
    values = {"user_id": viewer.user_id, "list": name, "columns": list(setting.columns), "sort": setting.sort, "now": now}
    connection.execute(load("write_list_setting"), values)


def forget(connection: Connection, viewer: Viewer, name: str) -> None:
    """The list is as for everybody again."""
    statement = text("DELETE FROM list_setting WHERE user_id = :user_id AND list = :list")
    connection.execute(statement, {"user_id": viewer.user_id, "list": name})
