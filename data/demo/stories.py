"""What happened to each invented case: its acts in their order, legal by the table of moves, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from data.demo.areas import AreaSeed
from data.demo.categories import DemoCategory
from data.demo.texts import describe
from rules.cases import Kind, Severity, Source, Status
from rules.clock import Clocks, due_at

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 730
MEAN_DAYS_FIRST, MEAN_DAYS_LAST = 7.0, 1.0
SPREAD = 0.9
RETURNED_SHARE, VISITED_SHARE, REJECTED_SHARE = 0.05, 0.3, 0.012
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


@dataclass(frozen=True)
class Draft:
    index: int
    at: datetime
    category: DemoCategory
    grid: AreaSeed
    lon: float
    lat: float


def tell_case(
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
        self.sender: int | None = None
        self.responsible: int | None = None
        self.settled_at: datetime | None = None
        self.closed_at: datetime | None = None
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
