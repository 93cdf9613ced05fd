"""Facts for decisions: a case, an organisation that might take it, and a move as it was sent and looked up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from rules.cases import Kind, Severity, Status
from rules.track_record import Record


@dataclass(frozen=True)
class CaseFacts:
    """One case in its present state. Paths as in data/models/areas.py; times UTC.

    `status_since`: since when it has had this status and holder.
    `queued_at`: when it came to the queue of its centre. `settle_due_at`: until when it has to be settled, with whatever
    it; `settle_from`: where that clock began, moved on by pauses. `left_by`: organisations and centres that gave it up
    (returned, transferred away, referred up). `binding`: ordered by the top centre, not to be returned. `clocks_since`:
    when it was imported, where it was: no clock of ours runs for what was before.
    """

    case_no: str
    kind: Kind
    category: str
    severity: Severity
    status: Status
    path: str
    centre_id: int
    centre_path: str
    holder_id: int
    holder_path: str
    sender_id: int | None
    sender_path: str | None
    responsible_id: int | None
    version: int
    reported_at: datetime
    status_since: datetime
    queued_at: datetime
    settle_from: datetime
    settle_due_at: datetime | None
    due_at: datetime | None
    settled_at: datetime | None = None
    closed_at: datetime | None = None
    returned_n: int = 0
    left_by: tuple[int, ...] = ()
    co_handlers: tuple[int, ...] = ()
    binding: bool = False
    paused_until: datetime | None = None
    extension_until: datetime | None = None
    mediations: int = 0
    first_mediation: str | None = None
    satisfaction: int | None = None
    merged_into: str | None = None
    needs: tuple[str, ...] = ()
    clocks_since: datetime | None = None


@dataclass(frozen=True)
class OrganisationFacts:
    """What the decisions need of an organisation that might take a case. `distance_m` from the case's place, in metres.

    `record`: what it has done with the case's category so far.
    """

    id: int
    path: str
    kind: str
    active: bool
    duties: frozenset[str]
    capacity: int
    open_load: int
    distance_m: float | None = None
    skills: frozenset[str] = frozenset()
    record: Record | None = None


@dataclass(frozen=True, kw_only=True)
class MoveDetails:
    """What is given with a move as it is; its row of the table says which of it a move needs.

    `choice`: why another organisation than the first recommended was chosen.
    """

    reason: str | None = None
    until: datetime | None = None
    method: str | None = None
    people: tuple[str, ...] = ()
    outcome: str | None = None
    agreement: str | None = None
    satisfaction: int | None = None
    form: str | None = None
    choice: str | None = None

    def details(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(MoveDetails)}


@dataclass(frozen=True, kw_only=True)
class MoveRequest(MoveDetails):
    """A move as it was sent. `version`: the one of the case that the sender saw; `to`: an organisation; `into`: the
    number of another case."""

    case_no: str
    move: str
    version: int
    to: int | None = None
    into: str | None = None


@dataclass(frozen=True)
class Settlement:
    """The last settlement of a case: when and by whom, and until when an extension had been asked for then."""

    at: datetime
    user_id: int | None
    extension_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MoveInputs(MoveDetails):
    """What a move is decided by: the details, and what the names in the request stand for, looked up.

    `to`: the organisation or centre named. `above`: the centre above the case's own. `into`: the case that this one is a
    duplicate of. `settlement`: what is to be taken back. `rank`, `recommended`: the organisation's rank in the
    recommendation, and the first one.
    """

    to: OrganisationFacts | None = None
    above: OrganisationFacts | None = None
    into: CaseFacts | None = None
    settlement: Settlement | None = None
    rank: int | None = None
    recommended: int | None = None

    def has(self, name: str) -> bool:
        """Whether something was given; a reason of blanks is none."""
        value = getattr(self, name)
        return bool(value.strip()) if isinstance(value, str) else value is not None and value != ()
