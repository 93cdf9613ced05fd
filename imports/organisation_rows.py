"""Organisation rows of the database: existing, new and changed ones, and the cases that they hold."""

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
INSERT = load("insert_organisation")
CHANGE = load("update_organisation")


@dataclass(frozen=True)
class KnownOrganisation:
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
class OrganisationRow:
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


class KnownOrganisations:
    """All organisations of the database, by code; the centres by their area too."""

    def __init__(self, connection: Connection, places: Sequence[Place]) -> None:
        self._places = {place.id: place for place in places}
        self._area_codes = {place.code for place in places}
        rows = connection.execute(load("list_known_organisations")).mappings()
        self.by_code = {
            row["code"]: KnownOrganisation(**{**row, "duties": frozenset(row["duties"])})  # type: ignore[arg-type]
            for row in rows
        }
        self._centres = {
            organisation.area_id: organisation
            for organisation in self.by_code.values()
            if organisation.kind == "centre"
        }

    def behind(self, organisation: OrganisationRow) -> KnownOrganisation | None:
        """What the row of a file changes: the one of its code, or the centre that was made for its area until it came."""
        known = self.by_code.get(organisation.code)
        centre = self._centres.get(organisation.area.id) if known is None and organisation.kind == "centre" else None
        return known or (centre if centre is not None and centre.code == MADE_CODE + organisation.area.code else None)

    def check(self, organisation: OrganisationRow) -> None:
        """Raises RowError where a centre would become something else, or an area would get a second one."""
        known = self.behind(organisation)
        if organisation.code not in self.by_code:
            self._check_new(organisation, known)
        elif known is None:
            return
        elif known.kind == "centre" and "kind" in organisation.said and organisation.kind != "centre":
            raise RowError(
                "kind",
                f"'{organisation.code}' is a governance centre and stays one; it cannot become a {organisation.kind}",
            )
        elif known.kind != "centre" and "kind" in organisation.said and organisation.kind == "centre":
            raise RowError("kind", f"'{organisation.code}' is a {known.kind}; a centre has a code of its own")
        elif known.kind == "centre" and "area" in organisation.said and organisation.area.id != known.area_id:
            area = self._places[known.area_id].code
            raise RowError("area", f"'{organisation.code}' is the governance centre of '{area}' and stays there")

    def _check_new(self, organisation: OrganisationRow, takes_place_of: KnownOrganisation | None) -> None:
        of = organisation.code.removeprefix(MADE_CODE)
        if (
            organisation.code.startswith(MADE_CODE)
            and of in self._area_codes
            and (organisation.kind, organisation.area.code) != ("centre", of)
        ):
            raise RowError("code", f"'{organisation.code}' is kept for the governance centre of '{of}'")
        centre = self._centres.get(organisation.area.id)
        if organisation.kind == "centre" and centre is not None and takes_place_of is None:
            reason = f"'{organisation.area.code}' has the governance centre '{centre.code}' already; change that one by its code"
            raise RowError("area", reason)

    def keep(self, organisation: OrganisationRow) -> KnownOrganisation | None:
        """Keep the fields that are absent from the row; returns the row of the database."""
        known = self.behind(organisation)
        if known is None:
            return None
        before = self._places[known.area_id]
        name = organisation.name if "name" in organisation.told else None
        organisation.name, organisation.names = names_after(name, organisation.told_names, known.name, known.names)
        if "area" not in organisation.told or known.kind == "centre":
            organisation.area = before
        if "kind" not in organisation.told or known.kind == "centre":
            organisation.kind = known.kind
        for column in ("capacity", "active", "post"):
            if column not in organisation.told:
                setattr(organisation, column, getattr(known, column))
        if "duties" not in organisation.told:
            organisation.duties = set(known.duties)
        at_label = (known.lon, known.lat) == (before.lon, before.lat)
        if not {"lon", "lat"} & organisation.told and not at_label:
            organisation.lon, organisation.lat = known.lon, known.lat
        return known


def write(
    connection: Connection, organisations: Sequence[OrganisationRow], known: KnownOrganisations, report: ImportReport
) -> None:
    """Insert new organisations and write over what changed of the others; counts both, and what hangs on them."""
    for organisation in organisations:
        before = known.keep(organisation)
        if organisation.lon is None or organisation.lat is None:
            organisation.lon, organisation.lat = organisation.area.lon, organisation.area.lat
        if before is None:
            _set_duties(connection, connection.execute(INSERT, _values(organisation)).scalar_one(), organisation, ())
            report.imported += 1
            if "capacity" not in organisation.told:
                report.notes["capacity not told: 20 cases at a time are assumed"] += 1
            continue
        columns = _differing(before, organisation)
        if count_change(report, columns):
            connection.execute(CHANGE, {**_values(organisation), "id": before.id})
            _set_duties(connection, before.id, organisation, before.duties)
            _follow(connection, before, organisation, columns, report)
    report.counts["duties"] = sum(len(organisation.duties) for organisation in organisations)


def _differing(before: KnownOrganisation, organisation: OrganisationRow) -> list[str]:
    after: dict[str, Any] = {column: getattr(organisation, column) for column in COLUMNS} | {
        "duties": frozenset(organisation.duties)
    }
    columns = [TOLD_AS.get(column, column) for column in COLUMNS if getattr(before, column) != after[column]]
    # Translations that follow the name are one change with it.
    return [column for column in columns if column != "names" or "name" not in columns]


def _values(organisation: OrganisationRow) -> dict[str, Any]:
    return {
        "prefecture": organisation.area.prefecture,
        "code": organisation.code,
        "name": organisation.name,
        "names": orjson.dumps(organisation.names).decode(),
        "kind": organisation.kind,
        "area_id": organisation.area.id,
        "path": organisation.area.path,
        "lon": organisation.lon,
        "lat": organisation.lat,
        "capacity": organisation.capacity,
        "active": organisation.active,
        "post": organisation.post,
    }


def _set_duties(
    connection: Connection, identity: int, organisation: OrganisationRow, before: Sequence[str] | frozenset[str]
) -> None:
    if organisation.duties == set(before):
        return
    connection.execute(text("DELETE FROM duty WHERE organisation_id = :id"), {"id": identity})
    if organisation.duties:
        rows = [{"id": identity, "category": duty} for duty in sorted(organisation.duties)]
        connection.execute(text("INSERT INTO duty (organisation_id, category) VALUES (:id, :category)"), rows)


def _follow(
    connection: Connection,
    before: KnownOrganisation,
    organisation: OrganisationRow,
    columns: list[str],
    report: ImportReport,
) -> None:
    """What a change means for the cases that an organisation holds: told, and where its area is another, kept in step."""
    if "active" in columns and not organisation.active and before.open_n:
        report.find("inactive_with_cases", organisation=organisation.code, name=organisation.name, open=before.open_n)
        report.notes["organisations became inactive while they hold open cases; these stay with them"] += 1
    if "area" in columns:
        report.find(
            "organisation_moved", organisation=organisation.code, area=organisation.area.code, open=before.open_n
        )
        bulk.begin_bulk(connection)
        connection.execute(load("follow_organisation"), {"id": before.id, "path": organisation.area.path})
