"""Connections of a viewer: the database shows what the viewer may see. Reads are one snapshot, writes one transaction.

A transaction is opened, and told whose it is, in one message to the server. No question is asked before: a connection that
the server has closed meanwhile fails at the opening, which has no effect yet, and another one takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, RowMapping, TextClause, create_engine, event, text
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data.sending import COMMITTED, send_statements
from data.sql import load
from data.watchdog import Watchdog
from rules.access import (
    SYSTEM_SCOPE,
    Act,
    Role,
    Viewer,
    case_range,
    event_range,
    may,
    own_organisation,
    prefecture_seen,
    scope_range,
)
from rules.errors import Problem

T = TypeVar("T")
APP_ROLE = "gridboard_app"
#: What a statement may take at the client's side beyond the server's own limit.
GRACE_S = 2.0
SYSTEM = Viewer(
    user_id=None,
    username="system",
    role=Role.system,
    area_code="",
    scope_path=SYSTEM_SCOPE,
    organisation_id=None,
    organisation_path=None,
    prefecture="",
    locale="zh_CN",
)
SETTINGS = ("lo", "hi", "case_lo", "case_hi", "event_lo", "event_hi", "organisation", "messages", "audit", "user", "role", "body")
SCOPE = "SELECT " + ", ".join(f"set_config('gridboard.{name}', %(scope_{name})s, true)" for name in SETTINGS)
OPEN_WRITING = f"BEGIN; {SCOPE}"
OPEN_READING = f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {SCOPE}"


#: What is prepared, and what triggers do, is found by key: the plan for any values is the plan, and is not made again for each.
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"


class Database:
    """One PostGIS database, met as its owner (migrations, loaders) or as the application's role (everything else)."""

    def __init__(
        self, owner_url: str, app_url: str | None = None, *, pool_size: int = 10, statement_timeout_ms: int = 15_000
    ) -> None:
        self.owner_url = owner_url
        self.app_url = app_url or owner_url
        self._owner: Engine | None = None
        # the driver's own BEGIN would be a message of its own
        self._app = _engine(
            self.app_url,
            pool_size=pool_size,
            statement_timeout_ms=statement_timeout_ms,
            isolation_level="AUTOCOMMIT",
            planning=PLANNED_ONCE,
        )
        self._watchdog = Watchdog(self.app_url, longest_s=statement_timeout_ms / 1000 + GRACE_S)
        if make_url(self.app_url).username != APP_ROLE:
            event.listen(self._app, "connect", _step_down)
        _watch(self._app, self._watchdog)
        send_statements(self._app)

    def watch(self) -> None:
        """Give up statements of a database that stopped answering; for servers, until `close`."""
        self._watchdog.start()

    @contextmanager
    def reading(self, viewer: Viewer, *, as_of: datetime | None = None) -> Iterator[Connection]:
        """One snapshot for all that a screen shows: REPEATABLE READ, READ ONLY, row level security for `viewer`.

        `as_of`: the tables of cases, counts and tiers are those of that moment (views of the schema `past`); data/queries/past.py
        looks whether there is one.
        """
        with self._transaction(viewer, OPEN_READING) as connection:
            if as_of is not None:
                connection.execute(load("open_past"), {"as_of": as_of.isoformat()})
            yield connection

    @contextmanager
    def writing(self, viewer: Viewer) -> Iterator[Connection]:
        """One transaction under row level security; commits at the end, rolls back on any exception."""
        with self._transaction(viewer, OPEN_WRITING) as connection:
            yield connection

    @contextmanager
    def owning(self) -> Iterator[Connection]:
        """One transaction as the owner, for migrations and loaders. Row level security does not apply to it."""
        if self._owner is None:
            self._owner = _engine(self.owner_url, pool_size=2, statement_timeout_ms=0, pool_pre_ping=True)
        with _answered(), self._owner.begin() as connection:
            yield connection

    @contextmanager
    def auditing(self) -> Iterator[Connection]:
        """One snapshot of everything as the owner, to be read alone: what is written meanwhile is no fault."""
        with self.owning() as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield connection

    @contextmanager
    def _transaction(self, viewer: Viewer, opening: str) -> Iterator[Connection]:
        with _answered(), self._begin(viewer, opening) as connection:
            # the commit is inside: it waits for the server as a statement does
            with self._watchdog.watching(driver_of(connection)):
                # whatever became of the transaction before on this connection
                connection.info[COMMITTED] = False
                try:
                    yield connection
                    if not connection.info.get(COMMITTED):
                        connection.exec_driver_sql("COMMIT")
                except BaseException:
                    _roll_back(connection)
                    raise

    def _begin(self, viewer: Viewer, opening: str) -> Connection:
        """A connection in a transaction of this viewer's."""
        connection, _ = self._first(lambda connection: connection.exec_driver_sql(opening, _scope_settings(viewer)))
        return connection.execution_options(prefecture=prefecture_seen(viewer))

    def ask(self, question: TextClause, values: Mapping[str, Any]) -> RowMapping | None:
        """The one row of an answer, or none, in one message. Nobody asks: row level security shows nothing, so it is for
        the database's own functions, which check for themselves."""
        with _answered():
            connection, found = self._first(lambda connection: connection.execute(question, values).mappings().first())
            connection.close()
            return found

    def look(self, viewer: Viewer, question: TextClause, values: Mapping[str, Any]) -> RowMapping | None:
        """The same under row level security for `viewer`. The scope travels with the question, and what is sent together is
        one transaction, so it ends with the answer."""
        asked = {**_scope_settings(viewer), **values}
        with _answered():
            connection, found = self._first(
                lambda connection: connection.exec_driver_sql(_with_scope(question), asked).mappings().first()
            )
            connection.close()
            return found

    def _first(self, work: Callable[[Connection], T]) -> tuple[Connection, T]:
        """A connection on which `work`, which may be done twice, was done, and what came of it. Raises Problem
        unavailable, or what the database says."""
        for last in (False, True):
            if self._watchdog.frozen:
                raise Problem("unavailable")
            connection = self._app.connect()
            try:
                with self._watchdog.watching(driver_of(connection)):
                    return connection, work(connection)
            except BaseException as error:
                lost = isinstance(error, DBAPIError) and error.connection_invalidated
                _roll_back(connection)
                connection.close()
                if last or not lost:
                    raise
        raise AssertionError("the last try returns or raises")

    def pool_status(self) -> dict[str, int]:
        """Connections in use and idle, for the metrics page."""
        pool = self._app.pool
        return {"in_use": pool.checkedout(), "idle": pool.checkedin()}  # type: ignore[attr-defined]

    def close(self) -> None:
        self._watchdog.stop()
        self._app.dispose()
        if self._owner is not None:
            self._owner.dispose()


def _engine(url: str, *, pool_size: int, statement_timeout_ms: int, planning: str = "", **more: Any) -> Engine:
    options = f"-c timezone=UTC -c statement_timeout={statement_timeout_ms} -c jit=off {planning}"
    return create_engine(
        url,
        # kept, and none opened for a rush and closed again: a new one has nothing planned and nothing cached yet
        pool_size=2 * pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=1800,
        # an error's text goes into the log, and what people wrote must not
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "gridboard"},
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        **more,
    )


def _watch(engine: Engine, watchdog: Watchdog) -> None:
    """Have every statement watched from its own beginning."""

    def begins(connection: Connection, *_: object) -> None:
        watchdog.touch(driver_of(connection))

    event.listen(engine, "before_cursor_execute", begins)


def _roll_back(connection: Connection) -> None:
    """Never raises: a connection that cannot roll back is closed, and the server undoes what it held."""
    if connection.invalidated:
        return
    try:
        connection.exec_driver_sql("ROLLBACK")
    except DBAPIError:
        connection.invalidate()


def driver_of(connection: Connection) -> Any:
    """psycopg2's own connection."""
    return connection.connection.dbapi_connection


def prefecture_of(connection: Connection) -> str | None:
    """The prefecture in which all lies that may be seen in this transaction; None where it may be more than one."""
    return connection.get_execution_options().get("prefecture")


def _step_down(dbapi_connection, record) -> None:
    """The address given is the owner's: become the application's role, which owns nothing."""
    with dbapi_connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
    dbapi_connection.commit()


@lru_cache(maxsize=100)
def _with_scope(question: TextClause) -> str:
    return f"{SCOPE}; {question.compile(dialect=PGDialect_psycopg2())}"


@lru_cache(maxsize=1000)
def _scope_settings(viewer: Viewer) -> dict[str, str]:
    lo, hi = scope_range(viewer)
    case_lo, case_hi = case_range(viewer)
    event_lo, event_hi = event_range(viewer)
    own = own_organisation(viewer)
    settings = {
        "lo": lo,
        "hi": hi,
        "case_lo": case_lo,
        "case_hi": case_hi,
        "event_lo": event_lo,
        "event_hi": event_hi,
        "organisation": "" if own is None else str(own),
        "messages": "on" if may(viewer.role, Act.manage_messages) else "",
        "audit": "on" if may(viewer.role, Act.verify_trace) else "",
        # who an act of the trace is by
        "user": "" if viewer.user_id is None else str(viewer.user_id),
        "role": viewer.role.value,
        "body": "" if viewer.organisation_id is None else str(viewer.organisation_id),
    }
    return {f"scope_{name}": value for name, value in settings.items()}


@contextmanager
def _answered() -> Iterator[None]:
    """A database that does not answer is a problem with a name, wherever it is met."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise Problem("unavailable") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Problem("unavailable") from error
        raise
