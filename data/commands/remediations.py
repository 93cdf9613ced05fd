"""Targeted remediations: begun over some grids, noted on, closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, text

from data.database import Database
from data.queries import areas
from data.sql import load
from rules.access import Act, Viewer, require
from rules.cases import Kind
from rules.errors import Fault, Problem, unfit
from rules.personal_data import check_personal
from rules.texts import check_line, check_lines

MOST_AREAS, MOST_ENTRIES = 300, 20
LONGEST_LINE, LONGEST_NOTE = 200, 2000
LONGEST_PERIOD = timedelta(days=366 * 2)
#: How long ago one may have begun that is entered now.
EARLIEST = timedelta(days=366 * 2)
KINDS = (Kind.dispute, Kind.incident, Kind.hazard)


@dataclass(frozen=True)
class RemediationForm:
    """`people`: posts; `kinds`: of the cases that it is about; `checklist`: what is to be done."""

    areas: Sequence[str]
    goal: str
    measures: Sequence[str]
    people: Sequence[str]
    begins: date
    ends: date
    checklist: Sequence[str] = ()
    kinds: Sequence[Kind] = KINDS


def begin(database: Database, viewer: Viewer, form: RemediationForm, *, now: datetime) -> int:
    """Its number. Raises Problem forbidden, not_found (an area out of sight), invalid, hidden_letters, personal_data."""
    require(viewer, Act.remediate)
    _check(form, now)
    with database.reading(viewer) as connection:
        grids = [areas.key(connection, code) for code in dict.fromkeys(form.areas)]
    if not all(grid.leaf for grid in grids) or len({grid.prefecture for grid in grids}) != 1:
        raise unfit([Fault("areas", "no_grid")])
    values = {
        "prefecture": grids[0].prefecture,
        "goal": form.goal.strip(),
        "measures": _encoded([one.strip() for one in form.measures]),
        "people": _encoded([one.strip() for one in form.people]),
        "kinds": [kind.value for kind in form.kinds],
        "begins": form.begins,
        "ends": form.ends,
        "checklist": _encoded([{"text": one.strip(), "done": False} for one in form.checklist]),
        "role": viewer.role.value,
        "organisation": viewer.organisation_id,
        "now": now,
    }
    with database.owning() as connection:
        return insert(connection, values, [(grid.id, grid.path) for grid in grids])


def insert(connection: Connection, values: Mapping[str, Any], grids: Sequence[tuple[int, str]]) -> int:
    """One over these grids (id, path), unchecked, as the owner; its number."""
    number: int = connection.execute(load("insert_remediation"), values).scalar_one()
    connection.execute(
        text("INSERT INTO remediation_area (remediation_id, area_id, path) VALUES (:id, :area, :path)"),
        [{"id": number, "area": area, "path": path} for area, path in grids],
    )
    return number


def note(
    database: Database, viewer: Viewer, number: int, words: str, *, done: Sequence[int] = (), now: datetime
) -> None:
    """A note of progress; `done`: positions of the checklist that are done now.

    Raises Problem forbidden, not_found, closed, invalid, hidden_letters, personal_data.
    """
    require(viewer, Act.remediate)
    _check_words("note", words, most=LONGEST_NOTE, lines=True)
    with _running(database, viewer, number) as (connection, checklist):
        if any(not 0 <= at < len(checklist) for at in done):
            raise unfit([Fault("done", "strange")])
        _write_note(connection, viewer, number, words, now)
        if done:
            ticked = [{**one, "done": one["done"] or at in set(done)} for at, one in enumerate(checklist)]
            connection.execute(
                text("UPDATE remediation SET checklist = CAST(:checklist AS json) WHERE id = :id"),
                {"checklist": _encoded(ticked), "id": number},
            )


def close(database: Database, viewer: Viewer, number: int, words: str, *, now: datetime) -> None:
    """Its end, with words on what was reached. Raises what `note` raises."""
    require(viewer, Act.remediate)
    _check_words("note", words, most=LONGEST_NOTE, lines=True)
    with _running(database, viewer, number) as (connection, _):
        connection.execute(
            text("UPDATE remediation SET closed_at = :now, closing = :words WHERE id = :id"),
            {"now": now, "words": words.strip(), "id": number},
        )


@contextmanager
def _running(database: Database, viewer: Viewer, number: int) -> Iterator[tuple[Connection, list[dict[str, Any]]]]:
    """The owner's transaction on one that the viewer sees and that is not closed yet, with its checklist."""
    with database.reading(viewer) as connection:
        seen = connection.execute(text("SELECT 1 FROM remediation WHERE id = :id"), {"id": number}).scalar()
    if seen is None:
        raise Problem("not_found")
    with database.owning() as connection:
        row = connection.execute(
            text("SELECT closed_at, checklist FROM remediation WHERE id = :id FOR UPDATE"), {"id": number}
        ).one()
        if row.closed_at is not None:
            raise Problem("closed")
        yield connection, row.checklist


def _write_note(connection: Connection, viewer: Viewer, number: int, words: str, now: datetime) -> None:
    connection.execute(
        load("insert_remediation_note"),
        {
            "id": number,
            "now": now,
            "role": viewer.role.value,
            "organisation": viewer.organisation_id,
            "note": words.strip(),
        },
    )


def _check(form: RemediationForm, now: datetime) -> None:
    faults = []
    if not 0 < len(form.areas) <= MOST_AREAS:
        faults.append(Fault("areas", "count", {"most": MOST_AREAS}))
    for name in ("measures", "people", "checklist"):
        if len(getattr(form, name)) > MOST_ENTRIES:
            faults.append(Fault(name, "count", {"most": MOST_ENTRIES}))
    if not form.kinds:
        faults.append(Fault("kinds", "count", {"most": len(Kind)}))
    if form.ends <= form.begins:
        faults.append(Fault("to", "before_from"))
    elif form.ends - form.begins > LONGEST_PERIOD or now.date() - form.begins > EARLIEST:
        faults.append(Fault("from", "period_too_long"))
    if faults:
        raise unfit(faults)
    _check_words("goal", form.goal, most=LONGEST_LINE)
    for name in ("measures", "people", "checklist"):
        for words in getattr(form, name):
            _check_words(name, words, most=LONGEST_LINE)


def _check_words(field: str, words: str, *, most: int, lines: bool = False) -> None:
    if len(words.strip()) > most:
        raise unfit([Fault(field, "reason_length", {"most": most})])
    (check_lines if lines else check_line)(field, words, required=True)
    check_personal(field, words)


def _encoded(said: object) -> str:
    return orjson.dumps(said).decode()
