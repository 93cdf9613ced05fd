"""The life of the demonstration: new cases come in, invented dispatchers and handlers answer them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import numpy as np
import structlog
from sqlalchemy import Connection, RowMapping, text

from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.database import SYSTEM
from data.queries import cases, organisations
from data.services import Services
from data.sql import load
from demo.categories import CATEGORIES
from demo.stories import SEVERITIES, SEVERITY_SHARES, SOURCE_SHARES, SOURCES, ZONE
from demo.texts import describe
from rules.access import Role, Viewer
from rules.cases import Kind, Status
from rules.errors import Problem
from rules.facts import MoveRequest
from rules.ranking import rank

log = structlog.get_logger()
LIFE_LOCK = 7412
# How many cases each status has when the demonstration is at rest; each beat works on a status above its figure.
AT_REST: tuple[tuple[tuple[Status, ...], int], ...] = (
    ((Status.reported,), 12),
    ((Status.accepted,), 9),
    ((Status.waiting,), 60),
    ((Status.dispatched,), 44),
    ((Status.signed, Status.handling), 106),
    ((Status.settled, Status.visited), 263),
)
LATE_AT_REST = 30
MOST_MOVES_A_BEAT = 12
# After a night with the lid down the queue is worked off first; then it fills up again faster than usual.
FEW_WAITING, REPORTS_WHEN_FEW = 50, 3
HANDS_OFF = timedelta(minutes=3)
LONGEST_PAUSE_S = 300.0
PATIENCE_S = 10.0
NEXT_MOVE = {
    Status.reported: "accept",
    Status.accepted: "assess",
    Status.waiting: "dispatch",
    Status.dispatched: "sign",
    Status.signed: "start",
    Status.handling: "settle",
    Status.settled: "archive",
    Status.visited: "archive",
}


class DemoLife:
    """A task beside the server; where several processes serve one database, one of them has the lock and lives."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.rng = np.random.default_rng()
        self._task: asyncio.Task | None = None
        self._ending = threading.Event()
        self._woken = asyncio.Event()

    async def start(self) -> None:
        settings = self.services.settings
        # of several processes the first one, or as many cases would come in as there are processes
        first = settings.server.worker in (None, 1)
        if first and settings.demo.live and settings.deployment.now is None:
            self._task = asyncio.create_task(self._run(), name="demonstration-life")

    async def stop(self) -> None:
        """Ends after the move at hand, so that nobody closes the database under it."""
        self._ending.set()
        self._woken.set()
        if self._task is not None:
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(self._task, PATIENCE_S)

    async def _run(self) -> None:
        interval, failures = self.services.settings.demo.interval_s, 0
        while await self._sleep(min(interval * float(self.rng.uniform(0.7, 1.3)) * 2**failures, LONGEST_PAUSE_S)):
            try:
                failures = 0 if await asyncio.to_thread(self.beat) else 3
            except Problem as problem:
                failures = min(failures + 1, 4)
                log.warning("the demonstration pauses", code=problem.code)
            except Exception:  # the demonstration must never take the server down
                failures = min(failures + 1, 6)
                log.exception("the demonstration stumbled")

    async def _sleep(self, seconds: float) -> bool:
        """False when it is time to end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
        return not self._ending.is_set()

    def beat(self) -> bool:
        """One case comes in, those that are too many somewhere move on. False when this database is no demonstration.

        Raises Problem unavailable when the database does not answer.
        """
        database, now = self.services.database, self.services.clock.now()
        with database.writing(SYSTEM) as lock:
            if not lock.execute(text("SELECT value::text = 'true' FROM deployment WHERE key = 'synthetic'")).scalar():
                return False
            if not lock.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LIFE_LOCK}).scalar():
                return True
            with database.reading(SYSTEM) as connection:
                counts = self._counts(connection)
                few = counts.get(Status.waiting, 0) < FEW_WAITING
                reports = [self._report(connection, now) for _ in range(REPORTS_WHEN_FEW if few else 1)]
                moves = self._moves(connection, counts, now)
            acts = [partial(report_case, database, viewer=by, report=report) for report, by in reports]
            self._carry_out([*acts, *moves], now)
        return True

    def _carry_out(self, acts: Sequence[Callable[..., dict]], now: datetime) -> None:
        for act in acts:
            if self._ending.is_set():
                return
            try:
                act(now=now, sla=self.services.sla)
            except Problem as problem:
                # a person was first, or the case has changed: that is as it should be
                if problem.code == "unavailable":
                    raise

    def _report(self, connection: Connection, now: datetime) -> tuple[CaseReport, Viewer]:
        place = connection.execute(load("draw_demo_place"), {"draw": float(self.rng.random())}).mappings().one()
        month = now.astimezone(ZONE).month - 1
        weights = np.array([category.weight * category.months[month] for category in CATEGORIES])
        category = CATEGORIES[int(self.rng.choice(len(CATEGORIES), p=weights / weights.sum()))]
        kind = Kind(category.kind)
        source = SOURCES[kind][int(self.rng.choice(len(SOURCES[kind]), p=SOURCE_SHARES[kind]))]
        severity = SEVERITIES[int(self.rng.choice(len(SEVERITIES), p=SEVERITY_SHARES[kind]))]
        title, description = describe(self.rng, category, place["name"], place["short_name"], source)
        report = CaseReport(
            kind=category.kind,
            category=category.code,
            title=title,
            description=description,
            severity=severity.value,
            source=source.value,
            lon=place["lon"],
            lat=place["lat"],
        )
        return report, _acting(place, Role.dispatcher, place["centre_id"], place["centre_path"])

    def _counts(self, connection: Connection) -> dict[str, int]:
        rows = connection.execute(text("SELECT status, count(*) FROM cases WHERE is_unclosed(status) GROUP BY 1"))
        return dict(rows.all())

    def _moves(self, connection: Connection, counts: dict[str, int], now: datetime) -> list[Callable[..., dict]]:
        """What to move on: the surplus of each status, the latest first where too many are late, else the oldest."""
        late = connection.execute(
            text("SELECT count(*) FROM cases WHERE is_open(status) AND due_at < :now"), {"now": now}
        ).scalar_one()
        chosen: dict[str, RowMapping] = {}
        if late > LATE_AT_REST:
            chosen |= self._pick(connection, None, min(late - LATE_AT_REST, MOST_MOVES_A_BEAT), now)
        for statuses, rest in AT_REST:
            surplus = min(sum(counts.get(status, 0) for status in statuses) - rest, MOST_MOVES_A_BEAT // 2)
            if surplus > 0:
                chosen |= self._pick(connection, statuses, surplus, now)
        return [self._mover(connection, row, now) for row in chosen.values()]

    def _pick(
        self, connection: Connection, statuses: Sequence[Status] | None, count: int, now: datetime
    ) -> dict[str, RowMapping]:
        values = {
            "statuses": None if statuses is None else [status.value for status in statuses],
            "count": count,
            "now": now,
            "quiet_since": now - HANDS_OFF,
            "seen_s": HANDS_OFF.total_seconds(),
        }
        return {row["case_no"]: row for row in connection.execute(load("pick_demo_cases"), values).mappings()}

    def _mover(self, connection: Connection, row: RowMapping, now: datetime) -> Callable[..., dict]:
        move = NEXT_MOVE[Status(row["status"])]
        to = self._organisation(connection, row, now) if move == "dispatch" else None
        if move in ("sign", "start", "settle"):
            by = _acting(row, Role.handler, row["holder_id"], row["holder_path"])
        else:
            by = _acting(row, Role.dispatcher, row["centre_id"], row["centre_path"])
        request = MoveRequest(case_no=row["case_no"], move=move, version=row["version"], to=to)
        return partial(move_case, self.services.database, request, viewer=by)

    def _organisation(self, connection: Connection, row: RowMapping, now: datetime) -> int | None:
        case = cases.row(connection, row["case_no"])
        found = [organisation for organisation, _ in organisations.candidates(connection, case, now=now)]
        ranked = rank(cases.facts(case), found)
        if not ranked:
            return None
        return ranked[min(int(self.rng.geometric(0.6)) - 1, len(ranked) - 1)].organisation_id


def _acting(row: RowMapping, role: Role, organisation: int, path: str) -> Viewer:
    """An invented person of an organisation, without an account."""
    return Viewer(
        user_id=None,
        username="",
        role=role,
        area_code="",
        scope_path=path,
        organisation_id=organisation,
        organisation_path=path,
        prefecture=path.split("/", 1)[0],
        locale="zh_CN",
    )
