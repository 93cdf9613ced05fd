"""Schemas of the dispatch desk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictInt, model_validator

from rules.numbers import MAX_INT
from web.schemas.base import Code, Incoming, Kind, Outgoing, Page, Severity, Text, Word, clean_text
from web.schemas.cases import Case
from web.schemas.problems import ProblemDocument

Number = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(clean_text)]
Tab = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_\-]+$")]
Category = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(clean_text)]


class TabForm(Incoming):
    """`tab`: a name that a page gives itself, so that two tabs of one login are two. Without it a login is one."""

    tab: Tab | None = None


class NextForm(TabForm):
    area: Code | None = None
    kind: Kind | None = None
    severity: Severity | None = None
    category: Category | None = None
    passed: Annotated[list[Number], Field(max_length=200)] = Field(
        default_factory=list, description="cases to pass over this time"
    )


class PresenceForm(TabForm):
    area: Code | None = None
    case: Number | None = None


class QueueFilter(Incoming):
    area: Code | None = None
    kind: Kind | None = None
    severity: Severity | None = None
    category: Category | None = None
    q: Annotated[Text, Field(max_length=100)] | None = None


class PreviewForm(Incoming):
    """Either the cases by number, or a filter of the queue. Without `to` each goes to the best body."""

    cases: Annotated[list[Number], Field(max_length=200)] = Field(default_factory=list)
    filter: QueueFilter | None = None
    to: Annotated[StrictInt, Field(ge=1, le=MAX_INT)] | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> PreviewForm:
        if bool(self.cases) == (self.filter is not None):
            raise ValueError("either cases or filter")
        return self


class BulkItem(Incoming):
    case_no: Number
    version: Annotated[StrictInt, Field(ge=1, le=MAX_INT)]
    to: Annotated[StrictInt, Field(ge=1, le=MAX_INT)]


class BulkForm(Incoming):
    items: Annotated[list[BulkItem], Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(max_length=500), AfterValidator(clean_text)] | None = None
    choice: Word | None = None


class Watcher(Outgoing):
    organisation: str
    role: str
    name: str
    you: bool
    claimed: bool
    until: datetime | None


class QueueCase(Case):
    watching: list[Watcher]
    duplicates: int
    below: dict[str, str] | None


class QueueList(Page[QueueCase]):
    last_waited: datetime | None = None


class NextCase(Outgoing):
    case: Case
    seconds: int


class Claim(Outgoing):
    case_no: str
    since: datetime
    until: datetime
    seconds: int


class Claimed(ProblemDocument):
    holder: Watcher | None = None


class Presence(Outgoing):
    case_no: str
    watching: list[Watcher]


PresenceList = Page[Presence]


class Duplicate(Outgoing):
    case: Case
    distance_m: float | None
    alike: float


DuplicateList = Page[Duplicate]


class Body(Outgoing):
    organisation: int
    name: str
    open_load: int
    capacity: int


BodyList = Page[Body]


class Plan(Outgoing):
    case_no: str
    title: str
    version: int
    to: int | None
    name: str
    load: int
    load_after: int
    capacity: int
    goes_up: bool
    problem: dict[str, Any] | None


PlanList = Page[Plan]


class BulkItemAnswer(Outgoing):
    case_no: str
    case: Case | None
    problem: dict[str, Any] | None


class BulkAnswer(Outgoing):
    done: int
    failed: int
    items: list[BulkItemAnswer]
