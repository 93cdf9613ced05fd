"""Errors of bad input or of the machine in one line for the command line; a fault of ours has none."""

from __future__ import annotations

from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

NO_TABLES = {"42P01", "3F000"}


def line_of(error: Exception) -> str | None:
    """The line for an administrator; None for an error that is ours."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or type(error).__name__}."
    if isinstance(error, UnicodeError):
        return "A text is not UTF-8."
    if isinstance(error, (RecursionError, MemoryError)):
        return "What was given is nested too deep or too large."
    if isinstance(error, ProgrammingError) and getattr(error.orig, "pgcode", None) in NO_TABLES:
        return "The database has no tables yet: run manage.py migrate first."
    if isinstance(error, (DataError, IntegrityError)):
        # the rest of PostgreSQL's words may hold what people wrote
        return f"The database does not take a value: {str(error.orig).splitlines()[0][:200]}."
    return None
