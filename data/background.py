"""What runs beside the server in every process: the scheduler (one leads), the senders of messages (they share), the
writer of the access log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.access_recorder import AccessRecorder
from data.database import Database
from data.jobs import jobs
from data.outbox.messages import Words
from data.outbox.routes import load_routes
from data.outbox.worker import OutboxWorker
from data.scheduler import Scheduler
from data.services import Clock, Services

if TYPE_CHECKING:
    from settings import Settings


class Background:
    """`words` puts the topics of messages into the deployment's language. Raises RouteError for a wrong file."""

    def __init__(self, services: Services, words: Words) -> None:
        work = services.settings.work
        self.parts: list[Scheduler | OutboxWorker | AccessRecorder] = []
        if work.scheduler:
            self.parts.append(Scheduler(services.database, jobs(services, work.anchor_dir)))
        if work.outbox:
            self.parts.append(outbox_worker(services.database, services.settings, words))
        # last: it writes what the others leave
        self.parts.append(services.access)

    def start(self) -> None:
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        for part in self.parts:
            part.stop()


def outbox_worker(database: Database, settings: Settings, words: Words) -> OutboxWorker:
    """The senders of a deployment. Raises RouteError.

    Their clock always goes, also where GRIDBOARD_NOW stops the deployment's: leases and pauses have to end.
    """
    return OutboxWorker(
        database,
        load_routes(settings.work.outbox_file),
        words=words,
        link=settings.work.link.rstrip("/"),
        now=Clock().now,
        locale=settings.deployment.locale,
    )
