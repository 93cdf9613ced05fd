"""Jobs of the scheduler and their intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from data import login_attempts
from data.audit import access_anchors, access_log, anchors
from data.commands import automatic, brief_settings, case_spans, claims, readings, reminders, scans, tier_publishing
from data.commands.cases import resume_ended
from data.database import SYSTEM
from data.jobs.scheduler import Job
from data.outbox import worker
from data.services import Services

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
KEYS_KEPT = "7 days"
#: Local hour from which the nightly scan for clusters may begin.
SCAN_HOUR = 3


def jobs(services: Services, anchor_folder: Path) -> list[Job]:
    """The jobs of a deployment. Each is safe to be done twice, and by two at once."""
    database, clock, sla = services.database, services.clock, services.sla

    def resume() -> bool:
        return resume_ended(database, now=clock.now(), sla=sla) > 0

    def tell() -> bool:
        return reminders.tell_due(database, now=clock.now(), sla=sla) == reminders.BATCH

    def dispatch() -> bool:
        return automatic.dispatch_waiting(database, now=clock.now(), sla=sla) > 0

    def read() -> bool:
        readings.take_readings(database, now=clock.now(), sla=sla)
        return False

    def tiers() -> bool:
        tier_publishing.evaluate_due(database, now=clock.now())
        return False

    def brief() -> bool:
        brief_settings.send_due(database, now=clock.now(), sla=sla)
        return False

    def scan() -> bool:
        scans.request_nightly(database, now=clock.now(), hour=SCAN_HOUR)
        return False

    def fill() -> bool:
        case_spans.fill_spans(database, sla=sla)
        return False

    def anchor() -> bool:
        anchors.anchor_heads(database, anchor_folder, clock.now())
        access_anchors.anchor_head(database, anchor_folder)
        return False

    return [
        Job("pauses that have ended", 5.0, resume),
        Job("clocks", 5.0, tell),
        Job("automatic dispatch", 5.0, dispatch),
        Job("tiers", 5.0, tiers),
        Job("morning briefs", 60.0, brief),
        Job("emerging clusters", 60.0, scan),
        Job("anchors of the trace", 300.0, anchor),
        Job("the past of what was loaded", 10.0, fill),
        Job("counts of the hour", 60.0, read),
        *_tidying(services),
    ]


def _tidying(services: Services) -> list[Job]:
    """What forgets."""
    database, clock = services.database, services.clock

    def prune() -> bool:
        with database.writing(SYSTEM) as connection:
            gone = access_log.prune(connection, days=services.settings.work.access_log_days)
        return gone == access_log.PRUNED_AT_ONCE

    def tidy() -> bool:
        claims.forget_old(database)
        worker.prune(database, clock.now(), timedelta(days=services.settings.work.outbox_days))
        with database.owning() as connection:
            login_attempts.forget_old(connection, datetime.now(UTC))
            connection.execute(text(f"DELETE FROM idempotency WHERE created_at < now() - interval '{KEYS_KEPT}'"))
        return False

    return [Job("tidying up", HOUR_S, tidy), Job("old entries of the access log", DAY_S, prune)]
