"""Backup and restore of the whole database with PostgreSQL's own tools."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from data.cluster import EXTENSIONS
from data.database import Database
from data.sql import load

# entries of an archive that belong to PostGIS and not to us
FOREIGN = re.compile(r" EXTENSION | spatial_ref_sys")


class ArchiveError(Exception):
    """A backup could not be written or read; the message is one line."""


def is_empty(database: Database) -> bool:
    with database.owning() as connection:
        return not connection.execute(text("SELECT EXISTS (SELECT 1 FROM area)")).scalar()


def backup(database: Database, file: Path) -> None:
    """Write a compressed archive; the file appears only when it is complete."""
    part = file.with_name(file.name + ".part")
    try:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-comments", f"--file={part}", _address(database))
        part.replace(file)
    except OSError as error:
        raise ArchiveError(f"Cannot write {file}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


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
        listed = _run("pg_restore", "--list", str(file)).splitlines()
        wanted.write("\n".join(line for line in listed if not FOREIGN.search(line)))
        wanted.flush()
        _run(
            "pg_restore", "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction", "--clean", "--if-exists",
            f"--use-list={wanted.name}", f"--dbname={_address(database)}", str(file),
        )  # fmt: skip


def _address(database: Database) -> str:
    return make_url(database.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(tool: str, *arguments: str) -> str:
    program = shutil.which(tool)
    if program is None:
        raise ArchiveError(f"{tool} is not installed (package postgresql-client).")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        first = next((line for line in lines if "error:" in line), lines[0])
        raise ArchiveError(f"{tool}: {first}")
    return done.stdout
