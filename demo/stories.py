"""Stories of invented cases: their acts in order, legal by the table of moves, and the resulting state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from demo.areas import AreaSeed
from demo.categories import DemoCategory
from demo.desk import Desk
from demo.plots import (
    VISITED_SHARE,
    Draw,
    in_one_hand,
    is_slow,
    length_of,
    moments,
    progress,
    standing_plot,
    whole_plot,
)
from demo.texts import describe, reason_for
from rules.cases import Kind, Severity, Source, Status
from rules.mediation import Agreement, Attendee, Method, Outcome, Supervision
from rules.moves import MOVES, Actor
from rules.sla import Step, deadline, due_at, resumed

ZONE = ZoneInfo("Asia/Shanghai")
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
# How much more often a case lies with a good organisation when it goes well, and with a weak one when it does not.
SMOOTH_SKEW, TROUBLED_SKEW = 0.25, 0.75
SOON = timedelta(seconds=20)
PAUSE = timedelta(days=7)
METHODS = (Method.on_site, Method.people, Method.professional, Method.administrative, Method.joint)
METHOD_SHARES = (0.3, 0.4, 0.15, 0.1, 0.05)
AGREEMENTS = (Agreement.oral, Agreement.written, Agreement.confirmed)
AGREEMENT_SHARES = (0.55, 0.4, 0.05)
# More than any story needs.
DRAWS = 64


class Event(NamedTuple):
    """One act, in the words of case_event's columns."""

    at: datetime
    act: str
    role: str
    by_organisation_id: int
    from_status: str | None
    to_status: str
    from_organisation_id: int | None
    to_organisation_id: int
    reason: str | None
    details: dict


@dataclass(frozen=True)
class CaseSeed:
    """One case in its present state (the columns of `cases` without geometry), with the events that brought it there."""

    row: dict
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Draft:
    index: int
    at: datetime
    category: DemoCategory
    grid: AreaSeed
    lon: float
    lat: float


@dataclass(frozen=True)
class Standing:
    """The status of a case that is still open at `now`; `late`: its clock has run out."""

    status: Status
    late: bool = False


def tell_case(
    rng: np.random.Generator,
    draft: Draft,
    standing: Standing | None,
    desk: Desk,
    now: datetime,
    serials: dict[str, int],
) -> CaseSeed:
    """The story of one case. `serials` counts the numbers given out by day and county."""
    facts = _facts(rng, draft, desk, serials)
    draw: Draw = iter(rng.random(DRAWS).tolist()).__next__
    stands = standing.status if standing else None
    late = standing is not None and standing.late
    kind = Kind(draft.category.kind)
    alone = len(desk.suitable(facts["category"], facts["centre_path"])[0]) < 2
    acts = (
        whole_plot(draw, kind, progress(draft.at, now))
        if stands is None
        else standing_plot(stands, age=now - draft.at, odd=draft.index % 2 == 1 and not alone)
    )
    if alone:
        acts = in_one_hand(acts)
    length = length_of(draw, stands, draft.at, now, late=late)
    smooth = (
        acts.count("record_mediation") < 2 and "reopen" not in acts and not is_slow(length, progress(draft.at, now))
    )
    story = _Story(facts, desk, draw, now, mediations=acts.count("record_mediation"), smooth=smooth)
    story.act("report", draft.at)
    if acts == ["reject"]:
        story.act("reject", draft.at + length * 0.2)
    for act, at in zip(acts, moments(draw, acts, draft.at, length), strict=False):
        story.act(act, at)
    if stands is None:
        story.file()
    elif stands in (Status.signed, Status.handling) and late:
        story.press()
    return story.told()


def _facts(rng: np.random.Generator, draft: Draft, desk: Desk, serials: dict[str, int]) -> dict:
    kind = Kind(draft.category.kind)
    village = draft.grid.parent_code or ""
    source = SOURCES[kind][_pick(rng.random(), SOURCE_SHARES[kind])]
    prefix = f"{draft.at.astimezone(ZONE):%Y%m%d}-{village[:6]}"
    serials[prefix] += 1
    title, description = describe(rng, draft.category, draft.grid.name, draft.grid.short_name, source)
    return {
        "case_no": f"{prefix}-{serials[prefix]:05d}",
        "kind": kind.value,
        "category": draft.category.code,
        "title": title,
        "description": description,
        "severity": SEVERITIES[_pick(rng.random(), SEVERITY_SHARES[kind])].value,
        "source": source.value,
        "lon": draft.lon,
        "lat": draft.lat,
        "area_id": desk.area_ids[draft.grid.code],
        "path": desk.paths[draft.grid.code],
        "centre_id": desk.centres[village],
        "centre_path": desk.paths[village],
        "reporter_id": None,
        "needs": _needs(draft, kind),
        "reported_at": draft.at,
    }


def _needs(draft: Draft, kind: Kind) -> list[str]:
    """About one dispute in fifteen asks for a language; by its number, so that no other draw changes."""
    if kind != Kind.dispute or draft.index % 15:
        return []
    return ["lang_dai" if draft.index % 45 else "lang_hani"]


def _pick(draw: float, weights: Sequence[float]) -> int:
    """The place that a draw from 0 to 1 falls on, each as wide as its weight."""
    left = draw * sum(weights)
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return place
    return len(weights) - 1


class _Story:
    """One case while its story is written: each act no earlier than the one before, none after `now`."""

    def __init__(
        self, facts: dict, desk: Desk, draw: Draw, now: datetime, *, mediations: int = 0, smooth: bool = True
    ) -> None:
        self.facts, self.desk, self.draw, self.now = facts, desk, draw, now
        self.skew = SMOOTH_SKEW if smooth else -TROUBLED_SKEW
        self.mediations = mediations  # still to come; only the last one succeeds
        self.events: list[Event] = []
        self.status: Status | None = None
        self.at = self.since = facts["reported_at"]
        self.centre: int = facts["centre_id"]
        self.holder, self.holder_path = self.centre, facts["centre_path"]
        self.sender: int | None = None
        self.left: list[int] = []
        self.queued = self.settle_from = self.at
        self.settle_due = self._settle_deadline(self.at)
        self.paused_until: datetime | None = None
        self.first_mediation: str | None = None
        self.mediated = 0
        self.satisfaction: int | None = None
        self.responsible: int | None = None
        self.settled_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.returned = 0

    def act(self, name: str, at: datetime, *, role: str | None = None, by: int | None = None) -> None:
        """Adds an act; roles, standings and reasons follow from the table of moves."""
        move = MOVES[name]
        if self.events:
            at = min(max(at, self.at + SOON), self.now)
        self.at = at.replace(microsecond=0)
        by_holder = move.actor == Actor.holder
        before, source = self.status, self.holder if self.events else None
        actor = by or (self.holder if by_holder else self.centre)
        self.status = move.target or self.status or Status.reported
        self._keep_time(name)
        self._hand_over(name)
        reason = reason_for(name, self.draw) if "reason" in move.needs else None
        self.events.append(
            Event(
                self.at,
                name,
                role or ("handler" if by_holder or name == "report" else "dispatcher"),
                actor,
                before and before.value,
                self.status.value,
                source,
                self.holder,
                reason,
                self._details(name),
            )
        )
        if (self.status, self.holder) != (before, source):
            self.since = self.at

    def _hand_over(self, name: str) -> None:
        if name in ("dispatch", "transfer"):
            organisations, weights = self.desk.suitable(self.facts["category"], self.facts["centre_path"])
            self.left += [self.holder] if name == "transfer" else []
            others = [
                0.0
                if organisation.id in self.left or organisation.id == self.holder
                else weight * (1 + self.skew * organisation.quality)
                for organisation, weight in zip(organisations, weights, strict=True)
            ]
            organisation = organisations[_pick(self.draw(), others)]
            self.holder, self.holder_path, self.sender = organisation.id, organisation.path, self.centre
        elif name in ("return", "reopen"):
            self.left += [self.holder] if name == "return" else []
            self.holder, self.holder_path, self.sender = self.centre, self.facts["centre_path"], None
            self.returned += name == "return"
        elif name == "sign":
            self.responsible = self.holder
        self.settled_at = self.at if name == "settle" else None if name == "reopen" else self.settled_at
        self.closed_at = self.at if name in ("archive", "reject") else None

    def _keep_time(self, name: str) -> None:
        """What an act does to the clocks, as rules/effects.py has it."""
        if name in ("return", "reopen"):
            self.queued = self.at
        if name == "reopen":
            self.settle_from, self.settle_due = self.at, self._settle_deadline(self.at)
        if name == "resume" and self.paused_until is not None:
            ended, sla = min(self.at, self.paused_until), self.desk.sla
            basis = sla.limit(Step.settle, *self._kind()).basis
            self.settle_from = resumed(self.settle_from, self.since, ended, basis, sla)
            self.settle_due = resumed(self.settle_due, self.since, ended, basis, sla)
        self.paused_until = self.at + PAUSE if name == "pause" else None

    def _kind(self) -> tuple[Kind, Severity]:
        return Kind(self.facts["kind"]), Severity(self.facts["severity"])

    def _settle_deadline(self, started: datetime) -> datetime:
        return deadline(Step.settle, *self._kind(), started, self.desk.sla)

    def _details(self, name: str) -> dict:
        if name == "record_mediation":
            return self._mediation()
        if name == "visit":
            self.satisfaction = 5 - _pick(self.draw(), (0.7, 0.22, 0.06, 0.02))
            return {"satisfaction": self.satisfaction}
        if name == "supervise":
            return {"form": Supervision.letter.value}
        return {"until": self.paused_until.isoformat()} if name == "pause" and self.paused_until else {}

    def _mediation(self) -> dict:
        """An attempt: how, who took part by role, how it ended, what was agreed."""
        self.mediations -= 1
        self.mediated += 1
        outcome = Outcome.failure if self.mediations > 0 else Outcome.success
        self.first_mediation = self.first_mediation or outcome.value
        method = METHODS[_pick(self.draw(), METHOD_SHARES)]
        agreed = Agreement.none if outcome == Outcome.failure else AGREEMENTS[_pick(self.draw(), AGREEMENT_SHARES)]
        return {
            "method": method.value,
            "outcome": outcome.value,
            "agreement": agreed.value,
            "people": [Attendee.all_parties.value, Attendee.mediator.value],
        }

    def file(self) -> None:
        """A visit to some of those concerned, then the archive, within about two days."""
        if self.status != Status.settled:
            return
        wait = min(timedelta(days=4 * self.draw()), (self.now - self.at) * 0.9)
        settled = self.at
        if self.draw() < VISITED_SHARE:
            self.act("visit", settled + wait * 0.5)
        self.act("archive", settled + wait)

    def press(self) -> None:
        """A late case is reminded by the county's centre and then supervised by a leader."""
        county = self.desk.centres[self.facts["case_no"].split("-")[1]]
        due = self._due()
        if due is None or due >= self.now:
            return
        self.act("remind", due + (self.now - due) * 0.2, by=county)
        self.act("supervise", due + (self.now - due) * 0.6, role="leader", by=county)

    def _due(self) -> datetime | None:
        kind, severity = self._kind()
        return due_at(
            self.status or Status.reported, kind=kind, severity=severity, queued_at=self.queued,
            status_since=self.since, settle_due_at=self.settle_due, sla=self.desk.sla,
        )  # fmt: skip

    def told(self) -> CaseSeed:
        row = dict(
            self.facts,
            status=(self.status or Status.reported).value,
            holder_id=self.holder,
            holder_path=self.holder_path,
            sender_id=self.sender,
            responsible_id=self.responsible,
            version=len(self.events),
            status_since=self.since,
            due_at=self._due(),
            settled_at=self.settled_at,
            closed_at=self.closed_at,
            returned_n=self.returned,
            queued_at=self.queued,
            settle_from=self.settle_from,
            settle_due_at=self.settle_due,
            sender_path=self.facts["centre_path"] if self.sender else None,
            left_by=self.left,
            mediations=self.mediated,
            first_mediation=self.first_mediation,
            satisfaction=self.satisfaction,
            paused_until=self.paused_until,
        )
        return CaseSeed(row, tuple(self.events))


def trace(cases: list[CaseSeed]) -> Iterator[dict]:
    """The events of all cases in the order of the world, as data.bulk.insert_trace takes them."""
    flat = [
        (event.at, number, version, event)
        for number, case in enumerate(cases)
        for version, event in enumerate(case.events, 1)
    ]
    flat.sort(key=lambda item: item[:3])
    for _, number, version, event in flat:
        row = cases[number].row
        yield {
            "case_no": row["case_no"],
            "user_id": None,
            "version": version,
            "path": row["path"],
            **event._asdict(),
        }
