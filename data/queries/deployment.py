"""Facts of the deployment: its name, its root, whether its data is synthetic."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from rules.cases import SKILLS


def facts(connection: Connection, *, locale: str = "zh_CN") -> dict[str, Any]:
    """`name` in a locale, `synthetic`, `timezone`, `root` (area code); a deployment without a name has its root area's."""
    rows = connection.execute(text("SELECT key, value FROM deployment WHERE key NOT LIKE 'clocks\\_%'"))
    values: dict[str, Any] = {row.key: row.value for row in rows}
    root = values.get("root")
    named = values.get("name") or _area_names(connection, root)
    name = named.get(locale) or next(iter(named.values()), "") if isinstance(named, dict) else str(named or "")
    return {
        "name": name,
        "synthetic": bool(values.get("synthetic")),
        "timezone": values.get("timezone") or "UTC",
        "root": root,
    }


def own_words(connection: Connection) -> dict[str, dict[str, str]]:
    """What this deployment calls otherwise than the catalogues do: words by locale, by key (rules/own_words.py)."""
    return dict(_value(connection, "words") or {})


def sources(connection: Connection) -> tuple[str, ...]:
    """Where reports come from here, the usual first; empty where the deployment does not say."""
    return tuple(_value(connection, "sources") or ())


def needs(connection: Connection) -> tuple[str, ...]:
    """What a case may ask of its handler: what some body here can do."""
    found = connection.execute(text("SELECT DISTINCT unnest(skills) FROM organisation WHERE active")).scalars().all()
    return tuple(sorted(found, key=lambda one: (SKILLS.index(one) if one in SKILLS else len(SKILLS), one)))


def _value(connection: Connection, key: str) -> Any:
    return connection.execute(text("SELECT value FROM deployment WHERE key = :key"), {"key": key}).scalar()


def _area_names(connection: Connection, root: str | None) -> dict[str, str]:
    row = connection.execute(text("SELECT name, names FROM area WHERE code = :code"), {"code": root}).one_or_none()
    return {**({"zh_CN": row.name} if row else {}), **(row.names if row else {})}


def identity(connection: Connection) -> str:
    """Which deployment this is: tells its anchors, and the numbers of its stream, from those of another one."""
    stored = connection.execute(text("SELECT value FROM deployment WHERE key = 'identity'")).scalar()
    return str(stored or "")[:8]
