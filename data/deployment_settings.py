"""Settings that nobody has set follow the deployment's own data: its time zone, whose public holidays count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.database import SYSTEM, Database
from rules.errors import Problem

if TYPE_CHECKING:
    from settings import Settings

#: Where the public holidays of China are those of the place, unless somebody says otherwise.
CHINESE_ZONES = frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "Asia/Kashgar", "PRC"})
STORED = text("SELECT key, value FROM deployment WHERE key IN ('timezone', 'calendar')")


def of_deployment(settings: Settings, database: Database) -> Settings:
    """The settings with what the database knows of its deployment in place of defaults; as they are when it does not answer."""
    try:
        with database.reading(SYSTEM) as connection:
            stored = {row.key: row.value for row in connection.execute(STORED)}
    except Problem:
        return settings
    deployment, clocks = settings.deployment, settings.clocks
    if "timezone" in stored and "timezone" not in deployment.model_fields_set:
        deployment = deployment.model_copy(update={"timezone": stored["timezone"]})
    if "country" not in clocks.model_fields_set:
        usual = clocks.country if deployment.timezone in CHINESE_ZONES else "none"
        clocks = clocks.model_copy(update={"country": stored.get("calendar", usual)})
    return settings.model_copy(update={"deployment": deployment, "clocks": clocks})
