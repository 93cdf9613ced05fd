"""Cases, their events and moves: forms of requests and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictInt, model_validator

from rules.mediation import Agreement, Attendee, Method, Outcome, Supervision
from rules.moves import OFFERED
from rules.numbers import MAX_INT
from rules.ranking import CHOICES
from web.deployment_zone import local_moment
from web.schemas.base import Code, Incoming, Kind, Outgoing, Page, Reason, Severity, Word, clean_text, in_utc, some_text


def in_reach(value: datetime) -> datetime:
    """A moment that a case can be about."""
    if not 2000 <= value.year < 2200:
        raise ValueError("lies too far away")
    return in_utc(value)


Title = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(clean_text), AfterValidator(some_text)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


def one_of(values: Iterable[str]) -> Callable[[dict[str, Any]], None]:
    """Tells a generated client the values. The rules refuse others, with a code and words of their own."""

    def tell(schema: dict[str, Any]) -> None:
        schema["enum"] = sorted(map(str, values))

    return tell


class CaseForm(Incoming):
    """A case to report. With `lon` and `lat` the grid is found; else it hangs on `area`, or on the reporter's own."""

    kind: Kind
    category: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(clean_text)]
    title: Title
    description: Annotated[str, Field(max_length=4000), AfterValidator(clean_text)] = ""
    lon: Longitude | None = None
    lat: Latitude | None = None
    area: Code | None = None
    severity: Severity = "minor"
    source: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")] | None = None
    needs: Annotated[list[Word], Field(max_length=5)] = Field(
        default_factory=list, description="languages or specialities that the case asks for"
    )

    @model_validator(mode="after")
    def both_or_none(self) -> CaseForm:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat come together")
        return self


class MoveForm(Incoming):
    """A move of a case; `version` is the one that the person saw."""

    move: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z_]+$", json_schema_extra=one_of(OFFERED))]
    version: Annotated[StrictInt, Field(ge=1, le=MAX_INT)]
    to: Annotated[StrictInt, Field(ge=1, le=MAX_INT)] | None = None
    reason: Annotated[str, Field(max_length=500), AfterValidator(clean_text)] | None = None
    until: Annotated[datetime, BeforeValidator(local_moment), AfterValidator(in_reach)] | None = Field(
        None, description="pause, extend: until when; without an offset the deployment's wall clock"
    )
    method: Annotated[Word, Field(json_schema_extra=one_of(Method))] | None = Field(
        None, description="record_mediation: how"
    )
    people: Annotated[list[Annotated[Word, Field(json_schema_extra=one_of(Attendee))]], Field(max_length=20)] = Field(
        default_factory=list, description="record_mediation: who took part, by role only"
    )
    outcome: Annotated[Word, Field(json_schema_extra=one_of(Outcome))] | None = Field(
        None, description="record_mediation: success or failure"
    )
    agreement: Annotated[Word, Field(json_schema_extra=one_of(Agreement))] | None = Field(
        None, description="record_mediation: none, oral, written or confirmed"
    )
    satisfaction: Annotated[StrictInt, Field(ge=1, le=5)] | None = Field(None, description="visit: 1 to 5")
    into: Annotated[str, Field(max_length=64), AfterValidator(clean_text)] | None = Field(
        None, description="merge: the number of the case that takes this one up"
    )
    form: Annotated[Word, Field(json_schema_extra=one_of(Supervision))] | None = Field(
        None, description="supervise: letter, interview or listing"
    )
    choice: Annotated[Word, Field(json_schema_extra=one_of(CHOICES))] | None = Field(
        None, description="dispatch, transfer: why another body than the first recommended"
    )


class Holder(Outgoing):
    id: int
    name: str


class Case(Outgoing):
    case_no: str
    kind: str
    category: str
    title: str
    description: str
    severity: str
    source: str
    status: str
    stage: int
    area: str
    lon: float | None
    lat: float | None
    holder: Holder | None
    version: int
    reported_at: datetime
    due_at: datetime | None
    clock: str | None
    overdue: bool
    moves: list[str]


class Actor(Outgoing):
    role: str
    organisation: Any = None


class Event(Outgoing):
    seq: int
    case_no: str
    at: datetime
    act: str
    by: Actor
    from_status: str | None
    to_status: str
    from_organisation: Holder | None
    to_organisation: Holder | None
    reason: str | None
    details: dict[str, Any]
    version: int
    hash: str


class ReportedCase(Case):
    warnings: list[Reason]


CaseList = Page[Case]


class MoveRow(Outgoing):
    """One row of the table of moves; `to` null keeps the status, an empty `from` begins a case."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    move: str
    name: str
    sources: list[str] = Field(alias="from")
    to: str | None
    actor: str
    needs: list[str]
    takes: list[str]
    asks: list[str]
    holder: str
    effects: list[str]
    unless: list[str]
    tells: list[str]
    clocks: list[str]


MoveTable = Page[MoveRow]
EventList = Page[Event]


class Markers(Outgoing):
    """Open cases with a place, column by column; times are seconds since 1970 (UTC)."""

    seq: int
    as_of: datetime
    items: dict[str, list[Any]]
