"""What runs beside the server in every process: the scheduler (one leads), the senders of messages (they share), the
writer of the access log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from data import calendar_changes
from data.audit.access_recorder import AccessRecorder
from data.database import Database
from data.jobs.periodic import jobs
from data.jobs.scheduler import Scheduler
from data.outbox.messages import Words
from data.outbox.routing import load_routes
from data.outbox.worker import OutboxWorker
from data.services import SENDERS_CLOCK, Services
from rules.calendar import Calendar
from rules.errors import Problem

if TYPE_CHECKING:
    from settings import Settings


log = structlog.get_logger()


class Background:
    """`words` puts the topics of messages into the deployment's language. Raises RouteError for a wrong file."""

    def __init__(self, services: Services, words: Words) -> None:
        work = services.settings.work
        self.services = services
        self.parts: list[Scheduler | OutboxWorker | AccessRecorder] = []
        if work.scheduler:
            self.parts.append(Scheduler(services.database, jobs(services, work.anchor_dir)))
        if work.outbox:
            self.parts.append(outbox_worker(services.database, services.settings, words, services.sla.calendar))
        # last: it writes what the others leave
        self.parts.append(services.access)

    def start(self) -> None:
        if self.services.settings.work.scheduler:
            try:
                calendar_changes.note_start(self.services.database, self.services.sla, self.services.clock.now())
            except Problem as problem:
                log.warning("the calendar was not compared with the last start's", problem=problem.code)
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        for part in self.parts:
            part.stop()


def outbox_worker(database: Database, settings: Settings, words: Words, calendar: Calendar) -> OutboxWorker:
    """The senders of a deployment. Raises RouteError."""
    return OutboxWorker(
        database,
        load_routes(settings.work.outbox_file),
        words=words,
        link=settings.work.link.rstrip("/"),
        now=SENDERS_CLOCK.now,
        locale=settings.deployment.locale,
        calendar=calendar,
    )
