"""Governance centres: every area of a level that has them gets one, named by a template, until one is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from data.sql import load
from imports.mapping import Mapping

TEMPLATES = {"zh_CN": "{area}综治中心", "en": "{area} governance centre"}
WITHOUT = load("list_areas_without_centre")
INSERT = load("insert_centre")
RESTORE = load("restore_centres")

RENAME = load("rename_centres")
Names = dict[str, str]


@dataclass(frozen=True)
class Renamed:
    """An area with another name than it had."""

    code: str
    known_name: str
    known_names: Names
    name: str
    names: Names


def code_of(area: str) -> str:
    """The code of a centre that was made, not imported."""
    return f"centre-{area}"


def rename(connection: Connection, mapping: Mapping, locale: str, renamed: Sequence[Renamed]) -> int:
    """Let centres that were made, and still have the name that was made, follow the names of their areas."""
    rows = []
    for area in renamed:
        before = _names(mapping, area.known_name, area.known_names)
        after = _names(mapping, area.name, area.names)
        rows.append({"code": code_of(area.code), "was": before, "names": after, "name": after[locale]})
    values = {"rows": orjson.dumps(rows).decode()}
    return connection.execute(RENAME, values).rowcount if rows else 0


def _names(mapping: Mapping, name: str, names: Names) -> dict[str, str]:
    templates = {**TEMPLATES, **(mapping.centre.names or mapping.centre.name)}
    return {language: form.replace("{area}", names.get(language) or name) for language, form in templates.items()}


def complete(connection: Connection, mapping: Mapping, locale: str) -> int:
    """Make the centres that are missing; returns how many.

    An organisation that has a made centre's code and is none (a file of version 0.2.0 could do that) is one again.
    """
    connection.execute(RESTORE, {"prefix": code_of("")})
    rows = connection.execute(WITHOUT).all()
    made = []
    for row in rows:
        names = _names(mapping, row.name, row.names)
        made.append(
            {
                "prefecture": row.prefecture,
                "code": code_of(row.code),
                "name": names[locale],
                "names": orjson.dumps(names).decode(),
                "id": row.id,
                "path": row.path,
                "lon": row.lon,
                "lat": row.lat,
                "post": mapping.centre.post,
            }
        )
    if made:
        connection.execute(INSERT, made)
    return len(made)
