"""Connections: who looks decides what the database shows. Reads are one snapshot; writes are one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, TextClause, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data.prepared import prepare_statements
from data.watchdog import Watchdog
from rules.access import SYSTEM_SCOPE, Act, Role, Viewer, case_range, event_range, may, scope_range
from rules.errors import Problem

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
SCOPE = (
    "SELECT set_config('gridboard.lo', :lo, true), set_config('gridboard.hi', :hi, true),"
    " set_config('gridboard.case_lo', :case_lo, true), set_config('gridboard.case_hi', :case_hi, true),"
    " set_config('gridboard.event_lo', :event_lo, true), set_config('gridboard.event_hi', :event_hi, true),"
    " set_config('gridboard.organisation', :organisation, true),"
    " set_config('gridboard.messages', :messages, true),"
    " set_config('gridboard.audit', :audit, true),"
    " set_config('gridboard.user', :user, true), set_config('gridboard.role', :role, true),"
    " set_config('gridboard.body', :body, true)"
)
OPEN_WRITING = text(SCOPE)
# one way to the server and back for both
OPEN_READING = text(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; {SCOPE}")


class Database:
    """One PostGIS database, met as its owner (migrations, loaders) or as the application's role (everything else)."""

    def __init__(
        self,
        owner_url: str,
        app_url: str | None = None,
        *,
        pool_size: int = 10,
        statement_timeout_ms: int = 15_000,
        prepare: bool = True,
    ) -> None:
        self.owner_url = owner_url
        self.app_url = app_url or owner_url
        self._owner: Engine | None = None
        self._app = _engine(self.app_url, pool_size=pool_size, statement_timeout_ms=statement_timeout_ms)
        self._watchdog = Watchdog(self.app_url, longest_s=statement_timeout_ms / 1000 + GRACE_S)
        if make_url(self.app_url).username != APP_ROLE:
            event.listen(self._app, "connect", _step_down)
        _watch(self._app, self._watchdog)
        if prepare:
            prepare_statements(self._app)

    def watch(self) -> None:
        """Give up statements of a database that stopped answering; for servers, until `close`."""
        self._watchdog.start()

    @contextmanager
    def reading(self, viewer: Viewer) -> Iterator[Connection]:
        """One snapshot for all that a screen shows: REPEATABLE READ, READ ONLY, row level security for `viewer`."""
        with self._transaction(viewer, OPEN_READING) as connection:
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
            self._owner = _engine(self.owner_url, pool_size=2, statement_timeout_ms=0)
        with _answered(), self._owner.begin() as connection:
            yield connection

    @contextmanager
    def auditing(self) -> Iterator[Connection]:
        """One snapshot of everything as the owner, to be read alone: what is written meanwhile is no fault."""
        with self.owning() as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield connection

    @contextmanager
    def _transaction(self, viewer: Viewer, opening: TextClause) -> Iterator[Connection]:
        if self._watchdog.frozen:
            raise Problem("unavailable")
        with _answered(), self._app.connect() as connection:
            # the commit is inside: it waits for the server as a statement does
            with self._watchdog.watching(driver_of(connection)), connection.begin():
                connection.execute(opening, _scope_settings(viewer))
                yield connection

    def pool_status(self) -> dict[str, int]:
        """Connections in use and idle, for the metrics page."""
        pool = self._app.pool
        return {"in_use": pool.checkedout(), "idle": pool.checkedin()}  # type: ignore[attr-defined]

    def close(self) -> None:
        self._watchdog.stop()
        self._app.dispose()
        if self._owner is not None:
            self._owner.dispose()


def _engine(url: str, *, pool_size: int, statement_timeout_ms: int) -> Engine:
    options = f"-c timezone=UTC -c statement_timeout={statement_timeout_ms} -c jit=off"
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=True,
        pool_recycle=1800,
        # an error's text goes into the log, and what people wrote must not
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "gridboard"},
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )


def _watch(engine: Engine, watchdog: Watchdog) -> None:
    """Have every wait for the server watched: the question before a connection is handed out, and each statement."""
    ping = engine.dialect.do_ping

    def watched_ping(connection: Any) -> bool:
        with watchdog.watching(connection):
            return ping(connection)

    engine.dialect.do_ping = watched_ping  # type: ignore[method-assign, assignment]

    def begins(connection: Connection, *_: object) -> None:
        watchdog.touch(driver_of(connection))

    event.listen(engine, "before_cursor_execute", begins)


def driver_of(connection: Connection) -> Any:
    """psycopg2's own connection."""
    return connection.connection.dbapi_connection


def _step_down(dbapi_connection, record) -> None:
    """The address given is the owner's: become the application's role, which owns nothing."""
    with dbapi_connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
    dbapi_connection.commit()


def _scope_settings(viewer: Viewer) -> dict[str, str]:
    lo, hi = scope_range(viewer)
    case_lo, case_hi = case_range(viewer)
    event_lo, event_hi = event_range(viewer)
    own = viewer.organisation_id if viewer.role == Role.handler else None
    return {
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
