"""Migration of a database to this version of the schema, once, also when several processes start together."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from data.models import Base

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7410
OLDEST_POSTGIS = (3, 3)


class SchemaError(Exception):
    """The database cannot be brought to this version; the message is one line for the administrator."""


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate(owner_url: str) -> str:
    """Migrate to the newest revision under an advisory lock and return it.

    Raises SchemaError when PostGIS is missing or too old, or when another version has migrated the database further.
    """
    engine = create_engine(owner_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            connection.commit()
            _require_postgis(connection)
            _refuse_newer(connection)
            with connection.begin():
                command.upgrade(alembic_config(connection), "head")
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
            connection.commit()
            return current_revision(connection) or ""
    except OperationalError as error:
        raise _unreachable(error) from error
    finally:
        engine.dispose()


def current_revision(connection: Connection) -> str | None:
    with connection.begin():
        return MigrationContext.configure(connection).get_current_revision()


def require_current(owner_url: str) -> None:
    """Raises SchemaError when the database is not at this version's revision."""
    engine = create_engine(owner_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            _refuse_newer(connection)
            if current_revision(connection) != ScriptDirectory.from_config(alembic_config()).get_current_head():
                raise SchemaError("The database is not at this version of the schema: run `manage.py migrate` first.")
    except OperationalError as error:
        raise _unreachable(error) from error
    finally:
        engine.dispose()


def _unreachable(error: OperationalError) -> SchemaError:
    return SchemaError(f"The database does not answer: {str(error.orig).strip().splitlines()[0]}")


def drift(connection: Connection) -> list:
    """What the models say and the database does not have, or the other way round; empty when they agree."""
    from data.migrations.filter import include_object

    context = MigrationContext.configure(connection, opts={"include_object": include_object, "compare_type": True})
    return compare_metadata(context, Base.metadata)


def _require_postgis(connection: Connection) -> None:
    with connection.begin():
        row = connection.execute(
            text("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
        ).scalar()
    if row is None:
        raise SchemaError(
            "PostGIS is not installed on the database server: install postgresql-15-postgis-3 (3.3 or newer)."
        )
    if tuple(int(part) for part in row.split(".")[:2]) < OLDEST_POSTGIS:
        raise SchemaError(f"PostGIS {row} is too old: Gridboard needs 3.3 or newer.")


def _refuse_newer(connection: Connection) -> None:
    revision = current_revision(connection)
    if revision is None:
        return
    try:
        ScriptDirectory.from_config(alembic_config()).get_revision(revision)
    except CommandError as error:
        raise SchemaError(
            f"The database stands at revision {revision}, which this version of Gridboard does not know: "
            "another version has migrated it further. Run that version, or restore a backup."
        ) from error
