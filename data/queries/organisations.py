"""Bodies that could take a case, with what ranks them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, text

from data.queries import areas, outcomes
from data.sql import load, prepared
from rules.facts import OrganisationFacts
from rules.moves import MOVES, Effect, Holder


class Candidate(NamedTuple):
    """An organisation as the rules know it, and as one calls it."""

    organisation: OrganisationFacts
    name: str


def candidates(
    connection: Connection,
    case: Mapping[Any, Any],
    *,
    now: datetime | None = None,
    also: int | None = None,
    locale: str = "zh_CN",
) -> list[Candidate]:
    """Active departments, mediation bodies and teams whose area covers the case's place, each with its name.

    `case` gives prefecture, category, path, lon and lat. `also`: the organisation of this id besides, whatever it is.
    `distance_m` is on the sphere, None when the case or the body has no place. `record` tells the year up to the day
    before `now` (without it: before the database's).
    """
    values = {"paths": _prefixes(case["path"]), "lon": case["lon"], "lat": case["lat"], "locale": locale}
    values |= {"prefecture": case["prefecture"], "ids": [] if also is None else [also]}
    rows = connection.execute(prepared("list_organisations"), values).mappings()
    named = [Candidate(_facts(row), row["name"]) for row in rows]
    records = outcomes.records(
        connection,
        case["prefecture"],
        case["category"],
        now=now,
        organisations=[organisation.id for organisation, _ in named],
    )
    return [Candidate(replace(organisation, record=records.get(organisation.id)), name) for organisation, name in named]


def everybody(
    connection: Connection, case: Mapping[Any, Any], *, locale: str = "zh_CN"
) -> list[Candidate]:
    """All bodies of the case's prefecture, active or not, and the centres that cover its place, each with its name.

    For explaining why none qualifies: the loads are not counted.
    """
    values = {"prefecture": case["prefecture"], "paths": _prefixes(case["path"]), "locale": locale}
    rows = connection.execute(load("list_all_organisations"), values).mappings()
    return [Candidate(_facts(row), row["name"]) for row in rows]


def by_id(
    connection: Connection, organisation_id: int, *, locale: str = "zh_CN"
) -> Candidate | None:
    """One body by id, active or not; None when there is none."""
    row = (
        connection.execute(
            prepared("list_organisations"),
            {"prefecture": None, "paths": None, "lon": None, "lat": None, "locale": locale, "ids": [organisation_id]},
        )
        .mappings()
        .one_or_none()
    )
    return Candidate(_facts(row), row["name"]) if row else None


def in_area(
    connection: Connection, code: str, *, category: str | None = None, locale: str = "zh_CN"
) -> list[Candidate]:
    """Active bodies whose area covers `code` or lies in it, the fullest first; with `category` those with that duty."""
    area = areas.key(connection, code)
    ids = connection.execute(
        load("list_organisations_in_area"), {**area.range(), "paths": _prefixes(area.path), "category": category}
    ).scalars()
    rows = connection.execute(
        prepared("list_organisations"),
        {"prefecture": None, "paths": None, "lon": None, "lat": None, "locale": locale, "ids": list(ids)},
    ).mappings()
    named = [Candidate(_facts(row), row["name"]) for row in rows]
    return sorted(named, key=lambda one: (-one[0].open_load / max(one[0].capacity, 1), one[0].id))


def _facts(row) -> OrganisationFacts:
    return OrganisationFacts(
        id=row["id"],
        path=row["path"],
        kind=row["kind"],
        active=row["active"],
        duties=frozenset(row["duties"]),
        capacity=row["capacity"],
        open_load=row["open_load"],
        distance_m=row["distance_m"],
        skills=frozenset(row["skills"]),
    )


def _prefixes(path: str) -> list[str]:
    """The path of every area that covers `path`, from the root."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]


def names(connection: Connection, ids: Iterable[int], *, locale: str = "zh_CN") -> dict[int, str]:
    """The names of bodies by id."""
    rows = connection.execute(
        text("SELECT id, coalesce(names ->> :locale, name) AS name FROM organisation WHERE id = ANY (:ids)"),
        {"ids": list(ids), "locale": locale},
    )
    return {row.id: row.name for row in rows}


def centres_below(
    connection: Connection, centre_path: str, path: str, *, locale: str = "zh_CN"
) -> list[Candidate]:
    """The active centres between a centre and a place below it, the next one first, each with its name."""
    below = [prefix for prefix in _prefixes(path) if prefix.startswith(centre_path) and prefix != centre_path]
    ids = connection.execute(
        text("SELECT id FROM organisation WHERE kind = 'centre' AND active AND path = ANY (:paths) ORDER BY path"),
        {"paths": below},
    ).scalars()
    centres = (by_id(connection, identity, locale=locale) for identity in ids)
    return [one for one in centres if one is not None]


def centre_above(connection: Connection, path: str) -> OrganisationFacts | None:
    """The centre next above the one at `path`; None for the top one."""
    parts = _prefixes(path)[:-1]
    centre = centre_for(connection, parts[-1]) if parts else None
    above = by_id(connection, centre[0]) if centre else None
    return above[0] if above else None


def centre_for(connection: Connection, path: str) -> tuple[int, str] | None:
    """The governance centre nearest above a place: (id, path)."""
    row = connection.execute(
        load("find_centre"),
        {"paths": _prefixes(path)},
    ).one_or_none()
    return (row.id, row.path) if row else None


#: Moves whose forms offer organisations by name; a dispatch offers its recommendations.
NAMING_AN_ORGANISATION = {
    name for name, move in MOVES.items() if move.holder == Holder.to or Effect.co_handler in move.effects
} - {"dispatch"}


def named_by_moves(
    connection: Connection, row: RowMapping, moves: Collection[str], *, now: datetime, locale: str
) -> tuple[list[Candidate], list[Candidate]]:
    """The organisations, and the centres below, that the forms of these moves of a case offer by name."""
    named = NAMING_AN_ORGANISATION & {*moves}
    offered = candidates(connection, row, now=now, locale=locale) if named else []
    down = "send_down" in moves
    return offered, centres_below(connection, row["centre_path"], row["path"], locale=locale) if down else []
