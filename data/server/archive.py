"""Backup and restore of the whole database with PostgreSQL's own tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from data.database import Database
from data.server.cluster import EXTENSIONS
from data.sql import load
from data.whole_files import ExistsError, WriteError, whole_file

# entries of an archive that belong to PostGIS and not to us
FOREIGN = re.compile(r" EXTENSION | spatial_ref_sys")


class ArchiveError(Exception):
    """A backup could not be written or read; the message is one line."""


def is_empty(database: Database) -> bool:
    with database.owning() as connection:
        return not connection.execute(text("SELECT EXISTS (SELECT 1 FROM area)")).scalar()


def backup(database: Database, file: Path, *, replace: bool = False) -> None:
    """Write a compressed archive, readable by its owner alone; the file appears only when it is complete.

    It holds password hashes and everything that was reported. Raises ArchiveError; also when the file exists already,
    unless it may be replaced.
    """
    try:
        with whole_file(file, replace=replace) as part:
            _run(database, "pg_dump", "--format=custom", "--no-owner", "--no-comments", f"--file={part}")
    except ExistsError:
        raise ArchiveError(f"{file} exists already: give another name, or --force to replace it.") from None
    except WriteError as error:
        raise ArchiveError(f"Cannot write {file}: {error}.") from error


def restore(database: Database, file: Path) -> None:
    """Read an archive into a database that is empty or only migrated, in one transaction: all of it or nothing."""
    if not file.is_file():
        raise ArchiveError(f"There is no file {file}.")
    with database.owning() as connection:
        # an archive's grants name the role, and its tables the extensions: both belong to the server, not to it
        connection.execute(load("make_app_role"))
        for extension in EXTENSIONS:
            connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
        migrated = connection.execute(text("SELECT to_regclass('public.area')")).scalar()
    if migrated and not is_empty(database):
        raise ArchiveError("The database is not empty: a backup is only restored into an empty one.")
    with tempfile.NamedTemporaryFile("w", suffix=".list") as wanted:
        listed = _run(database, "pg_restore", "--list", str(file), connect=False).splitlines()
        wanted.write("\n".join(line for line in listed if not FOREIGN.search(line)))
        wanted.flush()
        _run(
            database, "pg_restore", "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction", "--clean",
            "--if-exists", f"--use-list={wanted.name}", str(file),
        )  # fmt: skip


def _run(database: Database, tool: str, *arguments: str, connect: bool = True) -> str:
    """Run one of PostgreSQL's programs on the database. Its password is in no command line, which `ps` would show."""
    program = shutil.which(tool)
    if program is None:
        raise ArchiveError(f"{tool} is not installed (package postgresql-client).")
    address = make_url(database.owner_url).set(drivername="postgresql")
    query = dict(address.query)
    password = query.pop("password", address.password)
    target = [f"--dbname={address.set(password=None, query=query).render_as_string()}"] if connect else []
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(
        [program, *target, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        first = next((line for line in lines if "error:" in line), lines[0])
        raise ArchiveError(f"{tool}: {first}")
    return done.stdout
