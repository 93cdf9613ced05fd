"""View models: plain facts of one moment from one snapshot, without words or colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.case_columns import ListSetting


@dataclass(frozen=True)
class Reader:
    """Who looks at the page, and how that person reads it."""

    locale: str
    zone: str
    now: datetime
    role: str
    username: str = ""
    root: str = ""
    area: str = ""
    #: How the lists of cases are set up, where a page has some.
    lists: Mapping[str, ListSetting] = field(default_factory=dict)


@dataclass(frozen=True)
class AreaStep:
    """One area on the way from the root to the present one."""

    code: str
    name: str
    level: str


@dataclass(frozen=True)
class AreaRow:
    """One child area in the ranked list; `tier` is key, watch, normal or None."""

    code: str
    name: str
    tier: str | None
    open: int
    waiting: int
    to_file: int


@dataclass(frozen=True)
class TierWhy:
    """Why an area has its tier: `facts` of a grid (data/queries/tier_reasons.py) or of an area above grids (`tiers.below`),
    None before the first evaluation; `around` what stands around a grid (`surroundings`); `holds`: whether this reader may
    override it."""

    code: str
    name: str
    leaf: bool
    facts: Mapping[str, Any] | None
    around: Mapping[str, Any] = field(default_factory=dict)
    holds: bool = False


@dataclass(frozen=True)
class MonthCounts:
    """Cases reported and settled in one month (`month` is its first moment in the deployment's zone)."""

    month: datetime
    reported: int
    settled: int


@dataclass(frozen=True)
class CategoryCount:
    """Cases of one category in the period of the charts."""

    name: str
    number: int
    code: str = ""


@dataclass(frozen=True)
class TierMove:
    """An area that has another tier than it had."""

    code: str
    name: str
    before: str
    now: str


@dataclass(frozen=True)
class Changes:
    """What came since yesterday at 08:00. `brought`: by how many a count has grown (or shrunk); `ranges`: between
    what a count is usual at this hour of this weekday; `usual`: lowest and highest number reported on yesterday's weekday, None
    when too little is known."""

    since: datetime
    brought: Mapping[str, int]
    new: int
    settled: int
    overdue: int
    moved: tuple[TierMove, ...]
    yesterday: date
    reported_day: int
    usual: tuple[int, int] | None
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """Everything beside the map about one area at one moment."""

    steps: tuple[AreaStep, ...]
    level_name: str
    child_level_name: str
    centre: str
    post: str
    tier: str | None
    counts: Mapping[str, int]
    children: tuple[AreaRow, ...]
    unlocated: int
    months: tuple[MonthCounts, ...]
    categories: tuple[CategoryCount, ...]
    as_of: datetime
    seq: int
    next_due_at: datetime | None = None
    month_from: datetime | None = None
    day_from: datetime | None = None
    tiers: Mapping[str, int] = field(default_factory=dict)
    changes: Changes | None = None
    leaf: bool = False
    told_why: bool = False

    @property
    def area(self) -> AreaStep:
        """The present area: the last step of the way."""
        return self.steps[-1]


@dataclass(frozen=True)
class TraceEntry:
    """One act in the life of a case, by a role of an organisation, never by a named person."""

    at: datetime
    act: str
    role: str
    organisation: str
    from_organisation: str = ""
    to_organisation: str = ""
    to_status: str = ""
    reason: str = ""
    version: int = 0
    stage: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    time_known: bool = True  # else `at` is the latest moment that it can have been


@dataclass(frozen=True)
class ReminderEntry:
    """That a clock of the case reached a level (rules/reminders.py)."""

    at: datetime
    step: str
    level: str


@dataclass(frozen=True)
class Why:
    """One reason for or against an organisation: its code and the values that its words name."""

    code: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Candidate:
    """An organisation that could take the case."""

    organisation: int
    name: str
    rank: int
    pro: tuple[Why, ...]
    con: tuple[Why, ...]
    load: int
    capacity: int | None
    distance_m: float | None
    score: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)
    below: Why | None = None


@dataclass(frozen=True)
class NobodyFits:
    """Why nobody may take the case: organisations with the conditions that they fail, and the centre above, if any."""

    unfit: tuple[tuple[str, tuple[str, ...]], ...]
    above: str = ""


@dataclass(frozen=True)
class Choice:
    """An organisation that a move may name."""

    organisation: int
    name: str


@dataclass(frozen=True)
class CaseView:
    """One case as this reader may see it, with its trace and the moves this reader may take now."""

    case_no: str
    kind: str
    category: str
    title: str
    description: str
    severity: str
    source: str
    status: str
    stage: int
    place: str
    area: str
    holder: str
    version: int
    reported_at: datetime
    status_since: datetime
    due_at: datetime | None
    clock: str | None
    closed_at: datetime | None
    moves: tuple[str, ...]
    trace: tuple[TraceEntry, ...]
    reminders: tuple[ReminderEntry, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    nobody: NobodyFits | None = None
    path: tuple[AreaStep, ...] = ()
    text_hidden: bool = False
    located: bool = True
    on_map: bool = False
    targets: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    paused_until: datetime | None = None
    extension_until: datetime | None = None
    settle_due_at: datetime | None = None
    binding: bool = False
    needs: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    lost_in: int | None = None


@dataclass(frozen=True)
class RuleOptions:
    """What a rule of the tiers may name here: (code, name) of the categories of cases and of key places; imported columns."""

    categories: Sequence[tuple[str, str]]
    place_categories: Sequence[tuple[str, str]]
    columns: Sequence[str]

    @property
    def names(self) -> dict[str, str]:
        return dict([*self.place_categories, *self.categories])


@dataclass(frozen=True)
class RuleBook:
    """`versions`: newest first, each with its document; `in_force`: version 0 is the default of a deployment where nothing
    was evaluated yet."""

    versions: Sequence[Mapping[str, Any]]
    in_force: Mapping[str, Any]
    options: RuleOptions
