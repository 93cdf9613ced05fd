"""How statements go to the server: those that are asked for often prepared, the last of a transaction with its commit.

A prepared statement is planned once by each connection: PREPARE at its first use, EXECUTE from then on. Planning is most of
the time of a look-up by key, the more so under row level security and over partitions. psycopg2 prepares nothing by itself.

A statement with the option `commits` is sent with the COMMIT in one message: what it locks is held while the server works,
and not while this process, with many threads, comes round to answering.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event

#: In the info of a connection: its transaction is over.
COMMITTED = "committed"
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


def send_statements(engine: Engine) -> None:
    """Have the engine follow the execution options `prepared`, a name for each statement, and `commits`."""

    def execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
        options = context.execution_options
        name, commits = options.get("prepared"), options.get("commits", False)
        if name is None and not commits:
            return None
        info = context.root_connection.connection.info
        if name is not None:
            found = prepared_statement(name, statement)
            known = info.setdefault("prepared", set())
            if name not in known:
                # as plain text: the body's own % are no parameters
                cursor.execute(found.prepare)
                known.add(name)
            statement = found.execute
        cursor.execute(f"{statement}; COMMIT" if commits else statement, parameters)
        info[COMMITTED] = commits
        return True

    event.listen(engine, "do_execute", execute)
