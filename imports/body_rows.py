"""Organisations in the database: those that stand there, new ones and changed ones, and the cases that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, text

from data import bulk
from data.sql import load
from imports.kept import count_change, names_after
from imports.locating import Place
from imports.report import ImportReport, RowError

MADE_CODE = "centre-"
COLUMNS = ("code", "name", "names", "kind", "area_id", "lon", "lat", "capacity", "active", "post", "duties")
#: Columns as a file calls them, where ours is called otherwise.
TOLD_AS = {"area_id": "area"}
INSERT = text(
    "INSERT INTO organisation (prefecture, code, name, names, kind, area_id, path, lon, lat, capacity, active, post)"
    " VALUES (:prefecture, :code, :name, :names, :kind, :area_id, :path, :lon, :lat, :capacity, :active, :post)"
    " RETURNING id"
)
CHANGE = text(
    "UPDATE organisation SET code = :code, name = :name, names = :names, kind = :kind, area_id = :area_id, path = :path,"
    " prefecture = :prefecture, lon = :lon, lat = :lat, capacity = :capacity, active = :active, post = :post WHERE id = :id"
)


@dataclass(frozen=True)
class KnownBody:
    """An organisation as the database has it; `open_n` are the open cases that it holds."""

    id: int
    code: str
    name: str
    names: dict[str, str]
    kind: str
    area_id: int
    lon: float
    lat: float
    capacity: int
    active: bool
    post: str
    duties: frozenset[str]
    open_n: int


@dataclass
class Body:
    """An organisation as a file gives it: `told` are the fields that its row tells, `said` those that are
    not empty there, `duties` category codes."""

    code: str
    name: str
    names: dict[str, str]
    kind: str
    area: Place
    capacity: int
    active: bool
    post: str
    duties: set[str] = field(default_factory=set)
    lon: float | None = None
    lat: float | None = None
    told: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    told_names: dict[str, str | None] = field(default_factory=dict)

    @property
    def area_id(self) -> int:
        return self.area.id


class KnownBodies:
    """All organisations of the database, by code; the centres by their area too."""

    def __init__(self, connection: Connection, places: Sequence[Place]) -> None:
        self._places = {place.id: place for place in places}
        self._area_codes = {place.code for place in places}
        rows = connection.execute(load("list_known_bodies")).mappings()
        self.by_code = {
            row["code"]: KnownBody(**{**row, "duties": frozenset(row["duties"])})  # type: ignore[arg-type]
            for row in rows
        }
        self._centres = {body.area_id: body for body in self.by_code.values() if body.kind == "centre"}

    def behind(self, body: Body) -> KnownBody | None:
        """What the row of a file changes: the one of its code, or the centre that was made for its area until it came."""
        found = self.by_code.get(body.code)
        centre = self._centres.get(body.area.id) if found is None and body.kind == "centre" else None
        return found or (centre if centre is not None and centre.code == MADE_CODE + body.area.code else None)

    def check(self, body: Body) -> None:
        """Raises RowError where a centre would become something else, or an area would get a second one."""
        known = self.behind(body)
        if body.code not in self.by_code:
            self._check_new(body, known)
        elif known is None:
            return
        elif known.kind == "centre" and "kind" in body.said and body.kind != "centre":
            raise RowError("kind", f"'{body.code}' is a governance centre and stays one; it cannot become a {body.kind}")
        elif known.kind != "centre" and "kind" in body.said and body.kind == "centre":
            raise RowError("kind", f"'{body.code}' is a {known.kind}; a centre has a code of its own")
        elif known.kind == "centre" and "area" in body.said and body.area.id != known.area_id:
            area = self._places[known.area_id].code
            raise RowError("area", f"'{body.code}' is the governance centre of '{area}' and stays there")

    def _check_new(self, body: Body, takes_place_of: KnownBody | None) -> None:
        of = body.code.removeprefix(MADE_CODE)
        if body.code.startswith(MADE_CODE) and of in self._area_codes and (body.kind, body.area.code) != ("centre", of):
            raise RowError("code", f"'{body.code}' is kept for the governance centre of '{of}'")
        centre = self._centres.get(body.area.id)
        if body.kind == "centre" and centre is not None and takes_place_of is None:
            reason = f"'{body.area.code}' has the governance centre '{centre.code}' already; change that one by its code"
            raise RowError("area", reason)

    def keep(self, body: Body) -> KnownBody | None:
        """Let what the row does not tell be as it is; returns what the database has."""
        known = self.behind(body)
        if known is None:
            return None
        before = self._places[known.area_id]
        name = body.name if "name" in body.told else None
        body.name, body.names = names_after(name, body.told_names, known.name, known.names)
        if "area" not in body.told or known.kind == "centre":
            body.area = before
        if "kind" not in body.told or known.kind == "centre":
            body.kind = known.kind
        for column in ("capacity", "active", "post"):
            if column not in body.told:
                setattr(body, column, getattr(known, column))
        if "duties" not in body.told:
            body.duties = set(known.duties)
        at_label = (known.lon, known.lat) == (before.lon, before.lat)
        if not {"lon", "lat"} & body.told and not at_label:
            body.lon, body.lat = known.lon, known.lat
        return known


def write(connection: Connection, bodies: Sequence[Body], known: KnownBodies, report: ImportReport) -> None:
    """Insert new organisations and write over what changed of the others; counts both, and what hangs on them."""
    for body in bodies:
        before = known.keep(body)
        if body.lon is None or body.lat is None:
            body.lon, body.lat = body.area.lon, body.area.lat
        if before is None:
            _set_duties(connection, connection.execute(INSERT, _values(body)).scalar_one(), body, ())
            report.imported += 1
            if "capacity" not in body.told:
                report.notes["capacity not told: 20 cases at a time are assumed"] += 1
            continue
        columns = _differing(before, body)
        if count_change(report, columns):
            connection.execute(CHANGE, {**_values(body), "id": before.id})
            _set_duties(connection, before.id, body, before.duties)
            _follow(connection, before, body, columns, report)
    report.counts["duties"] = sum(len(body.duties) for body in bodies)


def _differing(before: KnownBody, body: Body) -> list[str]:
    after: dict[str, Any] = {column: getattr(body, column) for column in COLUMNS} | {"duties": frozenset(body.duties)}
    columns = [TOLD_AS.get(column, column) for column in COLUMNS if getattr(before, column) != after[column]]
    # Translations that follow the name are one change with it.
    return [column for column in columns if column != "names" or "name" not in columns]


def _values(body: Body) -> dict[str, Any]:
    return {
        "prefecture": body.area.prefecture,
        "code": body.code,
        "name": body.name,
        "names": orjson.dumps(body.names).decode(),
        "kind": body.kind,
        "area_id": body.area.id,
        "path": body.area.path,
        "lon": body.lon,
        "lat": body.lat,
        "capacity": body.capacity,
        "active": body.active,
        "post": body.post,
    }


def _set_duties(connection: Connection, identity: int, body: Body, before: Sequence[str] | frozenset[str]) -> None:
    if body.duties == set(before):
        return
    connection.execute(text("DELETE FROM duty WHERE organisation_id = :id"), {"id": identity})
    if body.duties:
        rows = [{"id": identity, "category": duty} for duty in sorted(body.duties)]
        connection.execute(text("INSERT INTO duty (organisation_id, category) VALUES (:id, :category)"), rows)


def _follow(connection: Connection, before: KnownBody, body: Body, columns: list[str], report: ImportReport) -> None:
    """What a change means for the cases that a body holds: told, and where its area is another, kept in step."""
    if "active" in columns and not body.active and before.open_n:
        report.find("inactive_with_cases", organisation=body.code, name=body.name, open=before.open_n)
        report.notes["organisations became inactive while they hold open cases; these stay with them"] += 1
    if "area" in columns:
        report.find("organisation_moved", organisation=body.code, area=body.area.code, open=before.open_n)
        bulk.begin_bulk(connection)
        connection.execute(load("follow_body"), {"id": before.id, "path": body.area.path})
