"""One case with its trace, its place and who could take it, as one viewer may see it."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.views import AreaStep, Candidate, CaseView, TraceEntry, Why
from data.queries import areas, cases, organisations
from data.services import Services
from rules.access import Act, Viewer, may
from rules.cases import STAGE_OF, Status
from rules.moves import MOVES, BodyFacts
from rules.ranking import Reason, Recommendation, rank


def read_case(services: Services, viewer: Viewer, case_no: str) -> CaseView:
    """The case of that number. Raises Problem not_found, forbidden, unavailable."""
    now, locale = services.clock.now(), viewer.locale
    with services.database.reading(viewer) as connection:
        row = cases.row(connection, case_no, locale=locale)
        shape = cases.shape(row, now, viewer)
        trace = cases.events(connection, case_no, locale=locale) if may(viewer.role, Act.see_events) else []
        steps = areas.ancestors(connection, shape["area"], locale=locale)
        leaf = areas.key(connection, shape["area"]).leaf
        bodies = organisations.candidates(connection, case_no, locale=locale) if "dispatch" in shape["moves"] else []
        facts = cases.facts(row)
    shown = may(viewer.role, Act.see_case_text)
    return CaseView(
        case_no=case_no,
        kind=shape["kind"],
        category=shape["category_name"],
        title=shape["title"],
        description=(shape["description"] or "") if shown else "",
        text_hidden=not shown,
        severity=shape["severity"],
        source=shape["source"],
        status=shape["status"],
        stage=shape["stage"],
        place=" › ".join(_place(steps)),
        area=shape["area"],
        holder=(shape["holder"] or {}).get("name") or "",
        version=shape["version"],
        reported_at=shape["reported_at"],
        status_since=shape["status_since"],
        due_at=shape["due_at"],
        closed_at=row["closed_at"],
        moves=tuple(shape["moves"]),
        located=leaf,
        trace=tuple(_entry(event) for event in trace),
        candidates=tuple(
            _candidates(rank(facts, [body for body, _ in bodies]), bodies, category=shape["category_name"])
        ),
        path=tuple(AreaStep(code=step["code"], name=step["name"], level=step["level"]) for step in steps),
        reason_needed=frozenset(move for move in shape["moves"] if "reason" in MOVES[move].needs),
    )


def _place(steps: list[dict]) -> list[str]:
    """The areas below the root, by name; the root itself when there is nothing below it."""
    return [step["name"] for step in steps[1:]] or [step["name"] for step in steps]


def _entry(event: dict) -> TraceEntry:
    source, target = event["from_organisation"] or {}, event["to_organisation"] or {}
    status = event["to_status"]
    return TraceEntry(
        at=event["at"],
        act=event["act"],
        role=event["by"]["role"] or "",
        organisation=event["by"]["organisation"] or "",
        from_organisation=source.get("name") or "",
        to_organisation=target.get("name") or "",
        to_status=status or "",
        reason=event["reason"] or "",
        version=event["version"],
        stage=int(STAGE_OF[Status(status)]) if status else 0,
    )


def _candidates(ranked: list[Recommendation], bodies: list, *, category: str) -> list[Candidate]:
    known = {body.id: (body, name) for body, name in bodies}
    return [_candidate(found, *known[found.organisation_id], category=category) for found in ranked]


def _candidate(found: Recommendation, body: BodyFacts, name: str, *, category: str) -> Candidate:
    return Candidate(
        organisation=found.organisation_id,
        name=name,
        rank=found.rank,
        pro=_whys(found.reasons_for, category),
        con=_whys(found.reasons_against, category),
        load=body.open_load,
        capacity=body.capacity,
        distance_m=body.distance_m,
    )


def _whys(reasons: Iterable[Reason], category: str) -> tuple[Why, ...]:
    """The rules name a category by its code, a person reads its name."""
    return tuple(
        Why(
            code=reason.code,
            values={**reason.values, **({"category": category} if "category" in reason.values else {})},
        )
        for reason in reasons
    )
