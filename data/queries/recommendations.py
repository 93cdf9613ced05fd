"""Recommended organisations for a case; where none qualifies, which condition failed for which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data.queries import cases, organisations
from rules.access import Viewer
from rules.checks import allowed_moves
from rules.facts import CaseFacts, OrganisationFacts
from rules.ranking import Recommendation, failures, rank

# Of those that may not take it, as many as one can read.
UNFIT_SHOWN = 12


@dataclass(frozen=True)
class Ranked:
    found: Recommendation
    organisation: OrganisationFacts
    name: str


@dataclass(frozen=True)
class Unfit:
    """An organisation that may not take the case, with every hard condition that it fails."""

    organisation: OrganisationFacts
    name: str
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Above:
    """The centre above; `allowed`: this viewer may refer the case up to it now."""

    organisation: int
    name: str
    allowed: bool


@dataclass(frozen=True)
class Advice:
    """Either organisations in their order, or the nearest to suitable ones with what they fail, and whom to refer it to."""

    ranked: tuple[Ranked, ...]
    unfit: tuple[Unfit, ...] = ()
    above: Above | None = None


def advise(connection: Connection, case_no: str, viewer: Viewer, now: datetime) -> Advice:
    """The advice on a case in its present state. Raises Problem not_found."""
    row, locale = cases.row(connection, case_no), viewer.locale
    case, named = cases.facts(row), organisations.candidates(connection, row, now=now, locale=locale)
    known = {organisation.id: (organisation, name) for organisation, name in named}
    ranked = tuple(
        Ranked(found, *known[found.organisation_id])
        for found in rank(case, [organisation for organisation, _ in named])
    )
    if ranked:
        return Advice(ranked)
    everybody = organisations.everybody(connection, row, locale=locale)
    names = {organisation.id: name for organisation, name in everybody}
    failed = failures(case, [organisation for organisation, _ in everybody])[:UNFIT_SHOWN]
    unfit = tuple(Unfit(organisation, names[organisation.id], conditions) for organisation, conditions in failed)
    return Advice((), unfit, _above(connection, case, viewer))


def _above(connection: Connection, case: CaseFacts, viewer: Viewer) -> Above | None:
    centre = organisations.centre_above(connection, case.centre_path)
    named = organisations.by_id(connection, centre.id, locale=viewer.locale) if centre else None
    if centre is None or named is None:
        return None
    return Above(centre.id, named[1], "refer_up" in allowed_moves(case, viewer))
