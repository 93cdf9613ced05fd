"""Prepared statements: PREPARE at the first use on a connection, EXECUTE from then on.

Planning is most of the time of a look-up by key, the more so under row level security and over partitions. psycopg2
prepares nothing by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event

PARAMETER = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True)
class PreparedStatement:
    """PREPARE and EXECUTE of one statement, with psycopg2's parameters in the second."""

    prepare: str
    execute: str


@lru_cache(maxsize=200)
def prepared_statement(name: str, statement: str) -> PreparedStatement:
    """`statement` as SQLAlchemy hands it to psycopg2. A parameter that occurs twice is one; types are the server's to find."""
    places: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        return f"${places.setdefault(found[1], len(places) + 1)}" if found[1] else "%"

    body = PARAMETER.sub(place, statement)
    values = ", ".join(f"%({parameter})s" for parameter in places)
    return PreparedStatement(
        f'PREPARE "{name}" AS {body}', f'EXECUTE "{name}" ({values})' if values else f'EXECUTE "{name}"'
    )


def prepare_statements(engine: Engine) -> None:
    """Have the engine prepare what carries the execution option `prepared`, a name for each statement."""

    def execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
        name = context.execution_options.get("prepared")
        if name is None:
            return None
        found = prepared_statement(name, statement)
        known = context.root_connection.connection.info.setdefault("prepared", set())
        if name not in known:
            # as plain text: the body's own % are no parameters
            cursor.execute(found.prepare)
            known.add(name)
        cursor.execute(found.execute, parameters)
        return True

    event.listen(engine, "do_execute", execute)
