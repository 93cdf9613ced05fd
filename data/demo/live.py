"""Keeps the demonstration alive: new cases come in, invented dispatchers and handlers answer them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import structlog
from sqlalchemy import Connection, RowMapping, text

from data.commands.cases import CaseReport, move_case, report_case
from data.database import SYSTEM
from data.demo.categories import CATEGORIES
from data.demo.texts import describe
from data.queries import organisations
from data.services import Services
from data.sql import load
from rules.access import Role, Viewer
from rules.cases import Kind, Severity, Source, Status
from rules.errors import Problem
from rules.ranking import rank

log = structlog.get_logger()
LIFE_LOCK = 7412
# How many cases stand where when the demonstration is at rest; each beat works on what stands above its figure.
AT_REST = {
    Status.reported: 12,
    Status.accepted: 9,
    Status.waiting: 60,
    Status.dispatched: 44,
    Status.signed: 110,
    Status.settled: 265,
}
LATE_AT_REST = 30
MOST_MOVES_A_BEAT = 12
HANDS_OFF = timedelta(minutes=3)
NEXT_MOVE = {
    Status.reported: "accept",
    Status.accepted: "assess",
    Status.waiting: "dispatch",
    Status.dispatched: "sign",
    Status.signed: "settle",
    Status.settled: "archive",
    Status.visited: "archive",
}


class DemoLife:
    """A task beside the server; where several processes serve one database, one of them has the lock and lives."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.rng = np.random.default_rng()
        self._task: asyncio.Task | None = None

    async def start(self) -> None:
        settings = self.services.settings
        if settings.demo.live and settings.deployment.now is None:
            self._task = asyncio.create_task(self._run(), name="demonstration-life")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        pause = self.services.settings.demo.interval_s
        while True:
            await asyncio.sleep(pause * float(self.rng.uniform(0.7, 1.3)))
            try:
                if not await asyncio.to_thread(self.beat):
                    await asyncio.sleep(30)
            except Problem as problem:
                log.warning("the demonstration pauses", code=problem.code)
                await asyncio.sleep(5)
            except Exception:  # the demonstration must never take the server down
                log.exception("the demonstration stumbled")
                await asyncio.sleep(30)

    def beat(self) -> bool:
        """One case comes in, those that are too many somewhere move on. False when this database is no demonstration."""
        database, now = self.services.database, self.services.clock.now()
        with database.writing(SYSTEM) as lock:
            if not lock.execute(text("SELECT value::text = 'true' FROM deployment WHERE key = 'synthetic'")).scalar():
                return False
            if not lock.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LIFE_LOCK}).scalar():
                return True
            with database.reading(SYSTEM) as connection:
                report, by = self._report(connection)
                moves = self._moves(connection, now)
            report_case(database, viewer=by, report=report, now=now)
            for move in moves:
                with contextlib.suppress(
                    Problem
                ):  # a person was first, or the case has changed: that is as it should be
                    move(now)
        return True

    def _report(self, connection: Connection) -> tuple[CaseReport, Viewer]:
        place = connection.execute(load("draw_demo_place"), {"draw": float(self.rng.random())}).mappings().one()
        weights = np.array([category.weight for category in CATEGORIES])
        category = CATEGORIES[int(self.rng.choice(len(CATEGORIES), p=weights / weights.sum()))]
        source = Source.hotline_12345 if category.kind == Kind.request else Source.grid_worker
        title, description = describe(self.rng, category, place["name"], place["short_name"], source)
        severity = Severity.major if self.rng.random() < 0.12 else Severity.minor
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

    def _moves(self, connection: Connection, now: datetime) -> list[Callable[[datetime], dict]]:
        """What to move on: the surplus of each status, the latest first where too many are late, else the oldest."""
        counts: dict[str, int] = dict(
            connection.execute(text("SELECT status, count(*) FROM cases WHERE is_open(status) GROUP BY 1")).all()
        )
        late = connection.execute(
            text("SELECT count(*) FROM cases WHERE is_open(status) AND due_at < :now"), {"now": now}
        ).scalar_one()
        chosen: list[RowMapping] = []
        if late > LATE_AT_REST:
            chosen += self._pick(connection, None, min(late - LATE_AT_REST, MOST_MOVES_A_BEAT), now)
        for status, rest in AT_REST.items():
            surplus = min(int(counts.get(status.value, 0)) - rest, MOST_MOVES_A_BEAT // 2)
            if surplus > 0:
                chosen += self._pick(connection, status, surplus, now)
        return [self._mover(connection, row) for row in chosen]

    def _pick(self, connection: Connection, status: Status | None, count: int, now: datetime) -> list[RowMapping]:
        return list(
            connection.execute(
                load("pick_demo_cases"),
                {
                    "status": status.value if status else None,
                    "count": count,
                    "now": now,
                    "quiet_since": now - HANDS_OFF,
                },
            ).mappings()
        )

    def _mover(self, connection: Connection, row: RowMapping) -> Callable[[datetime], dict]:
        move = NEXT_MOVE[Status(row["status"])]
        to = self._body(connection, row) if move == "dispatch" else None
        if move in ("sign", "settle"):
            by = _acting(row, Role.handler, row["holder_id"], row["holder_path"])
        else:
            by = _acting(row, Role.dispatcher, row["centre_id"], row["centre_path"])
        return lambda now: move_case(
            self.services.database,
            viewer=by,
            case_no=row["case_no"],
            move=move,
            seen_version=row["version"],
            to=to,
            now=now,
        )

    def _body(self, connection: Connection, row: RowMapping) -> int | None:
        from data.queries import cases

        found = [body for body, _ in organisations.candidates(connection, row["case_no"])]
        ranked = rank(cases.facts(cases.row(connection, row["case_no"])), found)
        if not ranked:
            return None
        return ranked[min(int(self.rng.geometric(0.6)) - 1, len(ranked) - 1)].organisation_id


def _acting(row: RowMapping, role: Role, organisation: int, path: str) -> Viewer:
    """An invented person of a body, without an account."""
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
