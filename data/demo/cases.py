"""Twenty-four months of invented cases with their complete traces, up to `now`. No person appears in any text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from data.demo.areas import AreaSeed
from data.demo.categories import CATEGORIES, DemoCategory
from data.demo.places import random_points
from data.demo.texts import describe
from rules.cases import Kind, Severity, Source, Status
from rules.clock import Clocks, due_at

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 730
DISPUTES_INCIDENTS_HAZARDS, REQUESTS = 20_850, 22_950
# The last two hours are busier than a usual day (the demonstration's own pace), so that a queue stands at the desk.
FRESH = 72
MEAN_DAYS_FIRST, MEAN_DAYS_LAST = 7.0, 1.0
SPREAD = 0.9
RETURNED_SHARE, VISITED_SHARE, REJECTED_SHARE = 0.05, 0.3, 0.012
HOURS = np.array([1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 15, 12, 8, 9, 14, 15, 14, 11, 8, 7, 6, 5, 3, 2], float)
WEEKDAYS = np.array([1.15, 1.05, 1.0, 1.0, 1.05, 0.85, 0.8])
# Public dates on which more happens: Spring Festival, the Water-Splashing festival, the Tea and National holidays.
PEAKS = (
    {(4, day): 1.7 for day in range(12, 18)}
    | {(10, day): 1.4 for day in range(1, 8)}
    | {(2, day): 1.3 for day in range(8, 18)}
)
SOURCES = {
    Kind.dispute: (
        Source.grid_worker,
        Source.resident,
        Source.police_110,
        Source.court,
        Source.justice_office,
        Source.civil_affairs,
    ),
    Kind.incident: (Source.police_110, Source.grid_worker, Source.resident),
    Kind.hazard: (Source.grid_worker, Source.inspection, Source.resident),
    Kind.request: (Source.hotline_12345, Source.resident, Source.grid_worker),
}
SOURCE_SHARES = {
    Kind.dispute: (0.52, 0.2, 0.1, 0.05, 0.08, 0.05),
    Kind.incident: (0.5, 0.35, 0.15),
    Kind.hazard: (0.55, 0.3, 0.15),
    Kind.request: (0.5, 0.3, 0.2),
}
SEVERITIES = (Severity.minor, Severity.major, Severity.grave)
SEVERITY_SHARES = {
    Kind.dispute: (0.80, 0.17, 0.03),
    Kind.incident: (0.7, 0.25, 0.05),
    Kind.hazard: (0.68, 0.27, 0.05),
    Kind.request: (0.96, 0.04, 0.0),
}
# How many of the newest cases still stand in each status at `now`; see `_standing`.
STANDING = {
    Status.reported: 12,
    Status.accepted: 9,
    Status.waiting: 60,
    Status.dispatched: 44,
    Status.signed: 105,
    Status.settled: 270,
}
LATE = {Status.waiting: 17, Status.dispatched: 9, Status.signed: 7}


@dataclass(frozen=True)
class Desk:
    """What the generator needs of the world: ids by code, and bodies by the type that their code ends with."""

    area_ids: dict[str, int]
    paths: dict[str, str]
    organisation_ids: dict[str, int]
    capacities: dict[str, int]


@dataclass(frozen=True)
class CaseSeed:
    """One case as it stands, with the events that brought it there (at, act, role, by, from, to, from body, to body, reason)."""

    row: dict
    events: tuple[tuple, ...]


def generate(grids: list[AreaSeed], desk: Desk, *, seed: int, now: datetime, scale: float = 1.0) -> list[CaseSeed]:
    """All cases, oldest first. The same seed, time and scale give the same cases."""
    rng = np.random.default_rng(seed + 37)
    drafts = _drafts(rng, grids, now, scale)
    standing = _standing(rng, drafts, now, scale)
    serials: dict[str, int] = defaultdict(int)
    made = []
    for draft in drafts:
        made.append(_case(rng, draft, standing.get(draft.index), desk, now, serials))
    return made


@dataclass(frozen=True)
class Draft:
    index: int
    at: datetime
    category: DemoCategory
    grid: AreaSeed
    lon: float
    lat: float


def _drafts(rng: np.random.Generator, grids: list[AreaSeed], now: datetime, scale: float) -> list[Draft]:
    """When, what and where: seasons by category, more where people live, a few grids with much more than their share."""
    heat = rng.lognormal(0, 0.75, len(grids)) * np.where(rng.random(len(grids)) < 0.03, 4.0, 1.0)
    density = np.array([grid.households / max(shapely.area(grid.geom), 1e-9) for grid in grids])
    town = density.argsort().argsort() / max(len(grids) - 1, 1)
    people = np.array([max(grid.households, 20) for grid in grids], float)
    local_now = now.astimezone(ZONE)
    first = (local_now - timedelta(days=DAYS)).date()
    rows: list[tuple[datetime, DemoCategory, int]] = []
    for category, count in _shares(scale):
        days = _days(rng, category, first, local_now.date(), count)
        weight = people * heat * (0.08 + (1 - np.abs(town - category.setting)) ** 2)
        where = rng.choice(len(grids), size=count, p=weight / weight.sum())
        hours = rng.choice(24, size=count, p=HOURS / HOURS.sum()) + rng.random(count)
        rows += [
            (datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=float(hour)), category, int(place))
            for day, hour, place in zip(days, hours, where, strict=True)
        ]
    rows = [row for row in rows if row[0] < now - timedelta(hours=2)]
    rows += _fresh(rng, people * heat, now, max(3, round(FRESH * min(scale * 2, 1))))
    rows.sort(key=lambda row: (row[0], row[1].code, row[2]))
    points = _points(rng, grids, rows)
    return [
        Draft(index, at.astimezone(UTC).replace(microsecond=0), category, grids[place], *points[index])
        for index, (at, category, place) in enumerate(rows)
    ]


def _shares(scale: float) -> Iterator[tuple[DemoCategory, int]]:
    for requests, total in ((False, DISPUTES_INCIDENTS_HAZARDS), (True, REQUESTS)):
        group = [category for category in CATEGORIES if (category.kind == Kind.request) == requests]
        weights = sum(category.weight for category in group)
        for category in group:
            yield category, max(1, round(total * scale * category.weight / weights))


def _days(rng: np.random.Generator, category: DemoCategory, first: date, last: date, count: int) -> list[date]:
    calendar = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    weight = np.array(
        [
            category.months[day.month - 1]
            * WEEKDAYS[day.weekday()]
            * PEAKS.get((day.month, day.day), 1.0)
            * (0.8 + 0.4 * place / DAYS)
            for place, day in enumerate(calendar)
        ]
    )
    return [calendar[int(index)] for index in rng.choice(len(calendar), size=count, p=weight / weight.sum())]


def _fresh(rng: np.random.Generator, weight: np.ndarray, now: datetime, count: int) -> list[tuple]:
    shares = np.array([category.weight * category.months[now.astimezone(ZONE).month - 1] for category in CATEGORIES])
    kinds = rng.choice(len(CATEGORIES), size=count, p=shares / shares.sum())
    places = rng.choice(len(weight), size=count, p=weight / weight.sum())
    ages = rng.uniform(2, 58, count)
    return [
        (now - timedelta(minutes=float(age)), CATEGORIES[int(kind)], int(place))
        for age, kind, place in zip(ages, kinds, places, strict=True)
    ]


def _points(rng: np.random.Generator, grids: list[AreaSeed], rows: list[tuple]) -> list[tuple[float, float]]:
    by_grid: dict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_grid[row[2]].append(index)
    points: list[tuple[float, float]] = [(0.0, 0.0)] * len(rows)
    for place, indexes in by_grid.items():
        for index, (lon, lat) in zip(indexes, random_points(rng, grids[place].geom, len(indexes)), strict=True):
            points[index] = (float(lon), float(lat))
    return points


def _standing(rng: np.random.Generator, drafts: list[Draft], now: datetime, scale: float) -> dict[int, Status]:
    """Which of the newest cases are still open, and how far they are: fresh ones wait, some older ones are late."""
    share = scale if scale < 1 else 1.0
    wanted = {status: max(2, round(count * share)) for status, count in STANDING.items()}
    late = {status: max(1, round(count * share)) for status, count in LATE.items()}
    standing: dict[int, Status] = {}
    newest = [draft.index for draft in reversed(drafts)]
    fresh = [index for index in newest if now - drafts[index].at < timedelta(minutes=59)]
    older = [index for index in newest if now - drafts[index].at > timedelta(hours=3)]
    queue = [
        status
        for status in (Status.reported, Status.accepted, Status.waiting)
        for _ in range(wanted[status] - late.get(status, 0))
    ]
    rng.shuffle(queue)
    for index, status in zip(fresh, queue, strict=False):
        standing[index] = Status(status)
    behind = [status for status, count in late.items() if status != Status.signed for _ in range(count)]
    behind += [
        status
        for status in (Status.dispatched, Status.signed, Status.settled)
        for _ in range(wanted[status] - late.get(status, 0))
    ]
    for index, status in zip(older, behind[: late[Status.waiting] + late[Status.dispatched]], strict=False):
        standing[index] = Status(status)
    rest = behind[late[Status.waiting] + late[Status.dispatched] :]
    rng.shuffle(rest)
    for index, status in zip(older[len(standing) - len(fresh) :], rest, strict=False):
        standing.setdefault(index, Status(status))
    long_ago = [index for index in older if timedelta(days=32) < now - drafts[index].at < timedelta(days=60)]
    for index in long_ago[: late[Status.signed]]:
        standing[index] = Status.signed
    return standing


def _case(
    rng: np.random.Generator, draft: Draft, stands: Status | None, desk: Desk, now: datetime, serials: dict[str, int]
) -> CaseSeed:
    kind = Kind(draft.category.kind)
    severity = SEVERITIES[int(rng.choice(3, p=SEVERITY_SHARES[kind]))]
    source = SOURCES[kind][int(rng.choice(len(SOURCES[kind]), p=SOURCE_SHARES[kind]))]
    village = draft.grid.parent_code or ""
    county = village[:6]
    prefix = f"{draft.at.astimezone(ZONE):%Y%m%d}-{county}"
    serials[prefix] += 1
    title, description = describe(rng, draft.category, draft.grid.name, draft.grid.short_name, source)
    facts = {
        "case_no": f"{prefix}-{serials[prefix]:05d}",
        "kind": kind.value,
        "category": draft.category.code,
        "title": title,
        "description": description,
        "severity": severity.value,
        "source": source.value,
        "lon": draft.lon,
        "lat": draft.lat,
        "area_id": desk.area_ids[draft.grid.code],
        "path": desk.paths[draft.grid.code],
        "centre_id": desk.organisation_ids[f"{village}-centre"],
        "centre_path": desk.paths[village],
        "reported_at": draft.at,
    }
    story = _Story(rng, draft, stands, desk, now, county, facts)
    return story.tell(severity)


@dataclass
class _Story:
    """Tells what happened to one case, act by act, each no earlier than the one before and none after `now`."""

    rng: np.random.Generator
    draft: Draft
    stands: Status | None
    desk: Desk
    now: datetime
    county: str
    facts: dict

    def tell(self, severity: Severity) -> CaseSeed:
        self.events: list[tuple] = []
        self.status: Status | None = None
        self.at = self.draft.at
        self.since = self.at
        self.centre = self.facts["centre_id"]
        self.holder, self.holder_path = self.centre, self.facts["centre_path"]
        self.sender = self.responsible = self.settled_at = self.closed_at = None
        self.returned = 0
        self.steps = self._timetable()
        self._walk()
        row = dict(
            self.facts,
            status=(self.status or Status.reported).value,
            holder_id=self.holder,
            holder_path=self.holder_path,
            sender_id=self.sender,
            responsible_id=self.responsible,
            reporter_id=None,
            version=len(self.events),
            status_since=self.since,
            settled_at=self.settled_at,
            closed_at=self.closed_at,
            returned_n=self.returned,
            due_at=due_at(
                self.status or Status.reported, Kind(self.facts["kind"]), severity, self.since, self.draft.at, Clocks()
            ),
        )
        return CaseSeed(row, tuple(self.events))

    def _timetable(self) -> dict[str, datetime]:
        """When each act would happen: shares of a handling time whose mean falls from seven days to one."""
        age = (self.now - self.draft.at) / timedelta(days=DAYS)
        mean = MEAN_DAYS_LAST * (MEAN_DAYS_FIRST / MEAN_DAYS_LAST) ** min(max(age, 0.0), 1.0)
        total = timedelta(days=float(self.rng.lognormal(np.log(mean) - SPREAD**2 / 2, SPREAD)))
        if self.stands in (Status.settled,):
            total = min(total, (self.now - self.draft.at) * 0.8)
        elif self.stands is None:
            total = min(total, (self.now - self.draft.at) * 0.6)
        if self.stands in (Status.reported, Status.accepted, Status.waiting):
            total = (self.now - self.draft.at) * 2
        if self.stands == Status.signed:
            total = (self.now - self.draft.at) * 3
        shares = np.cumsum(np.minimum(self.rng.exponential((0.02, 0.02, 0.05, 0.05)), 0.08))
        times = {
            name: self.draft.at + total * float(share)
            for name, share in zip(("accept", "assess", "dispatch", "sign"), shares, strict=True)
        }
        if self.stands == Status.dispatched:
            late = self.now - self.draft.at > timedelta(hours=3) and self.draft.index % 5 == 0
            times["dispatch"] = self.now - timedelta(
                minutes=float(self.rng.uniform(130, 170) if late else self.rng.uniform(4, 100))
            )
        times["settle"] = self.draft.at + total
        return times

    def _walk(self) -> None:
        self._act("report", self.draft.at, None, Status.reported, to=self.centre, role="handler")
        if self.stands is None and self.rng.random() < REJECTED_SHARE:
            self._act(
                "reject",
                self.steps["accept"],
                Status.reported,
                Status.rejected,
                reason="不属于本级受理范围，已告知办理途径",
            )
            self.closed_at = self.at
            return
        plan = (("accept", Status.accepted), ("assess", Status.waiting))
        for act, target in plan:
            if self.status == self.stands:
                return
            self._act(act, self.steps[act], self.status, target)
        if self.status == self.stands:
            return
        self._dispatch(self.steps["dispatch"])
        if self.stands is None and self.rng.random() < RETURNED_SHARE:
            self._return()
        if self.status == self.stands:
            return
        self._act("sign", self.steps["sign"], Status.dispatched, Status.signed, role="handler")
        self.responsible = self.holder
        if self.status == self.stands:
            return
        self._act("settle", self.steps["settle"], Status.signed, Status.settled, role="handler")
        self.settled_at = self.at
        if self.status != self.stands:
            self._file()

    def _dispatch(self, at: datetime) -> None:
        name, path = self._choose()
        self.sender = self.centre
        self._act("dispatch", at, Status.waiting, Status.dispatched, to=name)
        self.holder_path = path

    def _choose(self) -> tuple[int, str]:
        """A body whose duty covers the category: usually the county's, sometimes the prefecture's."""
        codes = [
            code
            for area in (self.county, self.county[:4] + "00")
            for body in self.draft.category.bodies
            if (code := f"{area}-{body}") in self.desk.organisation_ids
        ]
        weights = np.array(
            [self.desk.capacities[code] * (1.0 if code.startswith(self.county) else 0.12) for code in codes]
        )
        code = codes[int(self.rng.choice(len(codes), p=weights / weights.sum()))]
        return self.desk.organisation_ids[code], self.desk.paths[code.split("-", 1)[0]]

    def _return(self) -> None:
        gap = (self.steps["settle"] - self.at) * 0.1
        self._act(
            "return",
            self.at + gap,
            Status.dispatched,
            Status.waiting,
            role="handler",
            to=self.sender,
            reason="非本单位事权，建议另行派单",
        )
        self.returned, self.holder_path = 1, self.facts["centre_path"]
        self._dispatch(self.at + gap)
        self.steps["sign"] = self.at + gap

    def _file(self) -> None:
        left = (self.now - self.at) * 0.9
        wait = min(timedelta(days=float(self.rng.exponential(2.0))), left)
        if self.rng.random() < VISITED_SHARE:
            self._act("visit", self.at + wait * 0.5, Status.settled, Status.visited)
        self._act("archive", self.at + wait, self.status, Status.archived)
        self.closed_at = self.at

    def _act(
        self,
        act: str,
        at: datetime,
        before: Status | None,
        after: Status,
        *,
        role: str = "dispatcher",
        to: int | None = None,
        reason: str | None = None,
    ) -> None:
        """`to` names who holds the case then; without it the holder stays."""
        self.at = min(max(at, self.at + timedelta(seconds=20)) if self.events else at, self.now).replace(microsecond=0)
        by = self.centre if role == "dispatcher" or act == "report" else self.holder
        source = None if act == "report" else self.holder
        if to is not None:
            self.holder = to
        self.events.append((self.at, act, role, by, before and before.value, after.value, source, self.holder, reason))
        if after != self.status:
            self.since = self.at
        self.status = after


def trace(cases: list[CaseSeed]) -> Iterator[dict]:
    """The events of all cases in the order of the world, as data.bulk.insert_trace takes them."""
    flat = [
        (event[0], order, number, case, event)
        for number, case in enumerate(cases)
        for order, event in enumerate(case.events, 1)
    ]
    flat.sort(key=lambda item: (item[0], item[2], item[1]))
    for _, version, _, case, (at, act, role, by, before, after, source, to, reason) in flat:
        yield {
            "case_no": case.row["case_no"],
            "at": at,
            "act": act,
            "role": role,
            "user_id": None,
            "by_organisation_id": by,
            "from_status": before,
            "to_status": after,
            "from_organisation_id": source,
            "to_organisation_id": to,
            "reason": reason,
            "version": version,
            "path": case.row["path"],
        }
