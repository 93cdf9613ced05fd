"""The shapes of the interface as pydantic models: what requests must look like and what the OpenAPI document says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, model_validator

from rules.mediation import Agreement, Attendee, Method, Outcome, Supervision
from rules.moves import OFFERED
from rules.numbers import MAX_INT
from rules.ranking import CHOICES


def clean_text(value: str) -> str:
    """Refuses what PostgreSQL cannot store: NUL and lone surrogates."""
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("holds a character that cannot be stored")
    return value


def some_text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def in_utc(value: datetime) -> datetime:
    """The moment as UTC: the database knows fewer offsets than Python. Refuses what lies before or after all years."""
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside all years") from error


def in_reach(value: datetime) -> datetime:
    """A moment that a case can be about."""
    if not 2000 <= value.year < 2200:
        raise ValueError("lies too far away")
    return in_utc(value)


Text = Annotated[str, AfterValidator(clean_text)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.\-]+$")]
Title = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(clean_text), AfterValidator(some_text)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Kind = Literal["dispute", "incident", "hazard", "request"]
Severity = Literal["minor", "major", "grave"]
Word = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]


def one_of(values: Iterable[str]) -> Callable[[dict[str, Any]], None]:
    """Tells a generated client the values. The rules refuse others, with a code and words of their own."""

    def tell(schema: dict[str, Any]) -> None:
        schema["enum"] = sorted(map(str, values))

    return tell


TierName = Literal["key", "watch", "normal"]


class Incoming(BaseModel):
    """A request's body: unknown fields are refused, so that a misspelt one does not go unnoticed."""

    model_config = ConfigDict(extra="forbid")


class LoginForm(Incoming):
    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1000)]


class LocaleChoice(Incoming):
    locale: Literal["zh_CN", "en"]


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
    until: Annotated[AwareDatetime, AfterValidator(in_reach)] | None = Field(None, description="pause, extend: until when")
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


class Outgoing(BaseModel):
    """An answer; it may carry more than is written here."""

    model_config = ConfigDict(extra="allow")


class Problem(Outgoing):
    type: str
    title: str
    status: int
    code: str
    detail: str


class Conflict(Problem):
    """Somebody else was first: the case as it is now, and who did what."""

    current: Case | None = None
    winner: dict[str, Any] | None = None


class Session(Outgoing):
    csrf_token: str
    user: str
    role: str
    area: str
    locale: str


class Centre(Outgoing):
    name: str
    lon: float | None
    lat: float | None
    post: str | None = None


class Area(Outgoing):
    code: str
    name: str
    level: str
    parent: str | None
    tier: TierName | None
    score: float | None
    centre: Centre | None
    bbox: list[float]


class ChildArea(Area):
    open: int
    waiting: int
    overdue: int
    tiers: dict[str, int]


class AreaStep(Outgoing):
    code: str
    name: str
    level: str


class Summary(Outgoing):
    area: str
    open: int
    waiting: int
    overdue: int
    unlocated: int
    settled_month: int
    new_today: int
    tiers: dict[str, int]
    as_of: datetime
    seq: int


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


class Reason(Outgoing):
    code: str
    text: str


class AreaList(Outgoing):
    items: list[ChildArea]
    next_cursor: str | None
    total: int


class AreaSteps(Outgoing):
    items: list[AreaStep]
    next_cursor: str | None
    total: int


class ReportedCase(Case):
    warnings: list[Reason]


class CaseList(Outgoing):
    items: list[Case]
    next_cursor: str | None
    total: int


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
    holder: str
    effects: list[str]
    unless: list[str]
    tells: list[str]
    clocks: list[str]


class MoveTable(Outgoing):
    items: list[MoveRow]
    next_cursor: str | None
    total: int


class EventList(Outgoing):
    items: list[Event]
    next_cursor: str | None
    total: int


class Markers(Outgoing):
    """Open cases with a place, column by column; times are seconds since 1970 (UTC)."""

    seq: int
    as_of: datetime
    items: dict[str, list[Any]]


class Place(Outgoing):
    code: str
    name: str
    category: str
    lon: float
    lat: float


class PlaceList(Outgoing):
    items: list[Place]
    next_cursor: str | None
    total: int


class Hit(Outgoing):
    type: Literal["area", "case"]
    title: str
    hint: str
    code: str | None = None
    case_no: str | None = None


class HitList(Outgoing):
    items: list[Hit]
    next_cursor: str | None
    total: int


class Tiers(Outgoing):
    """The areas of a level below `area`, column by column; `tier` holds k, w, n or nothing."""

    area: str
    level: str
    boundary_version: int
    seq: int
    as_of: datetime
    id: list[int]
    code: list[str]
    name: list[str]
    tier: list[str]
    open: list[int]
    waiting: list[int]
    lon: list[float]
    lat: list[float]
    child: list[str]


class FeatureCollection(Outgoing):
    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]


class Health(Outgoing):
    status: str


class Client(Outgoing):
    """All that the page's own scripts need to know before they draw."""

    user: dict[str, Any]
    locale: str
    locales: list[str]
    theme_colours: dict[str, Any]
    texts: dict[str, str]
    levels: list[dict[str, Any]]
    boundaries: dict[str, Any]
    root: str
    deployment: dict[str, Any]
    layers: list[dict[str, Any]]
    map: dict[str, Any]
    csrf_token: str
    timezone: str
    now: datetime
    heartbeat_s: float


Conflict.model_rebuild()
