"""The levels of a deployment: declared, known to the database, or read off the areas' parents."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, text

from data.sql import load
from geo.levels import Level
from imports.names import names_of, slug
from imports.report import InputError


def known_levels(connection: Connection) -> tuple[Level, ...]:
    rows = connection.execute(text("SELECT code, depth, names, has_centre FROM area_level ORDER BY depth"))
    return tuple(Level(row.code, row.depth, row.names, row.has_centre) for row in rows)


def settle_levels(connection: Connection, declared: Sequence[Level]) -> tuple[Level, ...]:
    """The levels that hold: those declared, unless the database has areas on others already. Raises InputError."""
    known = known_levels(connection)
    if not declared or [level.code for level in declared] == [level.code for level in known]:
        if declared:
            write_levels(connection, declared)
        return tuple(declared) or known
    if connection.execute(text("SELECT EXISTS (SELECT 1 FROM area)")).scalar():
        have, want = (", ".join(level.code for level in levels) for levels in (known, declared))
        raise InputError(f"The database has areas on the levels {have}; the mapping declares {want}.")
    if not declared[0].has_centre:
        raise InputError(
            f"mapping: the root level '{declared[0].code}' needs has_centre: cases have to have a centre above them."
        )
    connection.execute(text("DELETE FROM area_level"))
    write_levels(connection, declared)
    return tuple(declared)


def write_levels(connection: Connection, levels: Sequence[Level]) -> None:
    for level in levels:
        connection.execute(
            load("write_level"),
            {
                "depth": level.depth,
                "code": level.code,
                "names": orjson.dumps(level.names).decode(),
                "has_centre": level.has_centre,
            },
        )


def extended(known: Sequence[Level], named: Sequence[set[str]]) -> tuple[Level, ...]:
    """The known levels and those below them; `named[depth]` are the names that rows of a depth give their level.

    Every level but the deepest has centres.
    """
    levels = [Level(one.code, one.depth, one.names, one.has_centre or one.depth < len(named) - 1) for one in known]
    for depth, names in enumerate(named[len(known) :], len(known)):
        name = next(iter(names)) if len(names) == 1 else f"level {depth + 1}"
        name = f"level {name}" if name.isdigit() else name
        code = slug(name)
        if code in {level.code for level in levels}:
            code = f"{code}-{depth + 1}"
        levels.append(Level(code, depth, names_of(name), depth == 0 or depth < len(named) - 1))
    return tuple(levels)
