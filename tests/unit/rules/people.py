"""A case, bodies and people for the tests of the rules: three levels of centres, P over P/C1/ over P/C1/V1/."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rules.access import Role, Viewer
from rules.cases import AT_WORK, DONE, Kind, Severity, Status
from rules.facts import CaseFacts, MoveInputs, OrganisationFacts
from rules.sla import SlaPolicy

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
SLA = SlaPolicy()
CENTRE, COUNTY, TOP, NEIGHBOUR = 1, 2, 3, 4
BODY, OTHER, THIRD = 10, 11, 12
PATH = "P/C1/V1/"


def viewer(role: Role, organisation: int | None, scope: str = "P/") -> Viewer:
    return Viewer(1, "u", role, "P", scope, organisation, scope, "P", "zh_CN")


DISPATCHER = viewer(Role.dispatcher, CENTRE, PATH)
HANDLER = viewer(Role.handler, BODY)
LEADER = viewer(Role.leader, TOP)
SUITABLE = OrganisationFacts(BODY, "P/C1/", "department", True, frozenset({"noise"}), 10, 2, 500.0)
BODIES = {number: replace(SUITABLE, id=number) for number in (BODY, OTHER, THIRD)}
CENTRES = {
    CENTRE: OrganisationFacts(CENTRE, PATH, "centre", True, frozenset(), 0, 0),
    COUNTY: OrganisationFacts(COUNTY, "P/C1/", "centre", True, frozenset(), 0, 0),
    TOP: OrganisationFacts(TOP, "P/", "centre", True, frozenset(), 0, 0),
    NEIGHBOUR: OrganisationFacts(NEIGHBOUR, "P/C2/", "centre", True, frozenset(), 0, 0),
}
GIVEN = MoveInputs(
    to=SUITABLE, reason="理由", until=NOW + timedelta(days=40), method="people", people=("all_parties", "mediator"),
    outcome="success", agreement="oral", satisfaction=4, form="letter",
)  # fmt: skip


def centre_above(path: str) -> OrganisationFacts | None:
    """The centre next above a path, in this small world."""
    above = [centre for centre in CENTRES.values() if path.startswith(centre.path) and centre.path != path]
    return max(above, key=lambda centre: len(centre.path), default=None)


def a_case(status: Status = Status.waiting, **changes) -> CaseFacts:
    with_organisation = status in AT_WORK | DONE
    values = CaseFacts(
        case_no="n", kind=Kind.dispute, category="noise", severity=Severity.minor, status=status, path=PATH,
        centre_id=CENTRE, centre_path=PATH,
        holder_id=BODY if with_organisation else CENTRE, holder_path="P/C1/" if with_organisation else PATH,
        sender_id=CENTRE if with_organisation else None, sender_path=PATH if with_organisation else None,
        responsible_id=None, version=1, reported_at=NOW, status_since=NOW, queued_at=NOW, settle_from=NOW,
        settle_due_at=NOW + timedelta(days=21), due_at=NOW + timedelta(hours=2),
        settled_at=NOW if status in DONE else None, closed_at=NOW if status == Status.archived else None,
        paused_until=NOW + timedelta(days=7) if status == Status.paused else None,
    )  # fmt: skip
    return replace(values, **changes)
