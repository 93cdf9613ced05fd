"""Governance centres: every area of a level that has them gets one, named by a template, until one is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, text

from imports.mapping import Mapping

TEMPLATES = {"zh_CN": "{area}综治中心", "en": "{area} governance centre"}
WITHOUT = text(
    "SELECT a.id, a.code, a.name, a.names, a.path, a.prefecture, a.lon, a.lat FROM area a"
    " JOIN area_level l ON l.code = a.level AND l.has_centre"
    " WHERE NOT EXISTS (SELECT 1 FROM organisation o WHERE o.area_id = a.id AND o.kind = 'centre')"
    " ORDER BY a.depth, a.code"
)
INSERT = text(
    "INSERT INTO organisation (prefecture, code, name, names, kind, area_id, path, lon, lat, post)"
    " VALUES (:prefecture, :code, :name, :names, 'centre', :id, :path, :lon, :lat, :post)"
)
RESTORE = text(
    "UPDATE organisation o SET kind = 'centre', area_id = a.id, path = a.path FROM area a JOIN area_level l ON l.code = a.level"
    " WHERE l.has_centre AND o.code = :prefix || a.code AND o.kind <> 'centre'"
    " AND NOT EXISTS (SELECT 1 FROM organisation c WHERE c.area_id = a.id AND c.kind = 'centre')"
)

RENAME = text(
    "UPDATE organisation o SET name = r.name, names = r.names"
    " FROM json_to_recordset(CAST(:rows AS json)) AS r (code text, was jsonb, name text, names json)"
    " WHERE o.code = r.code AND o.kind = 'centre' AND o.names::jsonb = r.was"
)
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
    templates = {**TEMPLATES, **mapping.centre_names}
    return {language: form.replace("{area}", names.get(language) or name) for language, form in templates.items()}


def complete(connection: Connection, mapping: Mapping, locale: str) -> int:
    """Make the centres that are missing; returns how many.

    A body that has a made centre's code and is none (a file of version 0.2.0 could do that) is one again.
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
                "post": mapping.centre_post,
            }
        )
    if made:
        connection.execute(INSERT, made)
    return len(made)
