"""Facts of the deployment, stored when the first file is imported."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, text

from imports.mapping import Mapping

SET_VALUE = text(
    "INSERT INTO deployment (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def set_value(connection: Connection, key: str, value: object) -> None:
    connection.execute(SET_VALUE, {"key": key, "value": orjson.dumps(value).decode()})


def has_tables(connection: Connection) -> bool:
    """Whether the database has been migrated at all."""
    return connection.execute(text("SELECT to_regclass('public.area')")).scalar() is not None


def get_value(connection: Connection, key: str) -> object:
    return connection.execute(text("SELECT value FROM deployment WHERE key = :key"), {"key": key}).scalar()


def describe(connection: Connection, mapping: Mapping, *, root: str | None, timezone: str, locale: str) -> None:
    """Keep name, zone, language and root; what the mapping does not say keeps what is there, else the settings'."""
    if mapping.deployment.name:
        set_value(connection, "name", mapping.deployment.name)
    for key, own in (("words", mapping.deployment.words), ("sources", list(mapping.deployment.sources))):
        if own:
            set_value(connection, key, own)
    if mapping.deployment.calendar:
        set_value(connection, "calendar", mapping.deployment.calendar)
    for key, said, otherwise in (
        ("timezone", mapping.deployment.timezone, timezone),
        ("locale", mapping.deployment.locale, locale),
        ("root", root, None),
    ):
        if said is not None or (otherwise is not None and get_value(connection, key) is None):
            set_value(connection, key, said if said is not None else otherwise)
    if get_value(connection, "synthetic") is None:
        set_value(connection, "synthetic", False)


def zone_of(connection: Connection, mapping: Mapping, otherwise: str) -> ZoneInfo:
    """The zone of naive times: the mapping's, the deployment's, else the settings'."""
    return ZoneInfo(mapping.deployment.timezone or str(get_value(connection, "timezone") or otherwise))


def locale_of(connection: Connection, mapping: Mapping, otherwise: str) -> str:
    return mapping.deployment.locale or str(get_value(connection, "locale") or otherwise)
