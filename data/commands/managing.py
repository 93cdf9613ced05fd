"""Transactions of an admin who changes accounts or displays: one after the other, each by somebody who is an admin now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.audit.access_log import Actor
from data.database import Database
from data.queries import areas
from rules.access import Act, require
from rules.errors import Fault, Problem

INSUFFICIENT_PRIVILEGE = "42501"


@dataclass(frozen=True)
class Place:
    """An area that something is given to."""

    id: int
    code: str


@contextmanager
def managing(database: Database, by: Actor, act: Act) -> Iterator[Connection]:
    """What is read in it stays so until it ends. Raises Problem forbidden, also where the right was taken away meanwhile."""
    if by.viewer is None:
        raise Problem("forbidden")
    require(by.viewer, act)
    try:
        with database.writing(by.viewer) as connection:
            connection.execute(text("SELECT begin_managing()"))
            yield connection
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise Problem("forbidden") from error


def place_of(connection: Connection, code: str, faults: list[Fault]) -> Place | None:
    """The area of that code within the admin's own; None, and a fault, where there is none."""
    if not code:
        faults.append(Fault("area", "required"))
        return None
    try:
        found = areas.key(connection, code)
    except Problem:
        faults.append(Fault("area", "unknown_area"))
        return None
    return Place(found.id, found.code)
