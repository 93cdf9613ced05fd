"""What runs beside the server in every process: the scheduler (one leads), the senders of messages (they share)."""

from __future__ import annotations

from data.jobs import jobs
from data.outbox.messages import Words
from data.outbox.routes import load_routes
from data.outbox.worker import OutboxWorker
from data.scheduler import Scheduler
from data.services import Services


class Background:
    """`words` puts the topics of messages into the deployment's language. Raises RouteError for a wrong file."""

    def __init__(self, services: Services, words: Words) -> None:
        work = services.settings.work
        self.parts: list[Scheduler | OutboxWorker] = []
        if work.scheduler:
            self.parts.append(Scheduler(services.database, jobs(services, work.anchor_dir)))
        if work.outbox:
            self.parts.append(
                OutboxWorker(
                    services.database,
                    load_routes(work.outbox_file),
                    words=words,
                    link=work.link.rstrip("/"),
                    now=services.clock.now,
                )
            )

    def start(self) -> None:
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        for part in self.parts:
            part.stop()
