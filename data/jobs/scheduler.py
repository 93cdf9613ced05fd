"""The scheduler: one process at a time holds an advisory lock and runs the jobs; the others wait for it.

The lock spares work; it does not make things safe. Every job is safe if two do it at once: notices are unique rows,
moves are guarded by the version, a day's anchor is written once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg2
import structlog
from sqlalchemy.engine import make_url

from data.database import Database
from rules.errors import Problem

log = structlog.get_logger()
LEADER_LOCK = 7413
TICK_S = 5.0


@dataclass(frozen=True)
class Job:
    """`run` does a part of what is due and says whether there is more; it is asked every `every_s` seconds."""

    name: str
    every_s: float
    run: Callable[[], bool]


class Scheduler:
    def __init__(self, database: Database, jobs: Sequence[Job], *, tick_s: float = TICK_S) -> None:
        self.database, self.jobs, self.tick_s = database, tuple(jobs), tick_s
        self.leads = False
        self._connection: psycopg2.extensions.connection | None = None
        self._due: dict[str, float] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep_on, name="scheduler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(10.0)
        self._step_down()

    def _keep_on(self) -> None:
        while not self._ending.is_set():
            try:
                self.tick()
            except (psycopg2.Error, Problem) as error:
                log.warning("scheduler waits for the database", error=type(error).__name__)
                self._step_down()
            self._ending.wait(self.tick_s)

    def tick(self) -> bool:
        """Do what is due, as the leader; False when another leads. Raises psycopg2.Error when the database is away."""
        if not self._lead():
            return False
        for job in self.jobs:
            if time.monotonic() >= self._due.get(job.name, 0.0):
                self._run(job)
                self._due[job.name] = time.monotonic() + job.every_s
        return True

    def _run(self, job: Job) -> None:
        """A job that fails does not stop the others; it is asked again next time."""
        try:
            while job.run() and not self._ending.is_set():
                pass
        except Problem as problem:
            log.warning("scheduled job failed", job=job.name, problem=problem.code)
        except Exception:
            log.exception("scheduled job failed", job=job.name)

    def _lead(self) -> bool:
        """Whether this process holds the lock, taking it if it is free. A connection that died held it no more."""
        if self._connection is None or self._connection.closed:
            self.leads = False
            url = make_url(self.database.app_url).set(drivername="postgresql")
            self._connection = psycopg2.connect(
                url.render_as_string(hide_password=False), connect_timeout=5, application_name="gridboard-scheduler"
            )
            self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            if self.leads:
                cursor.execute("SELECT 1")
            else:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,))
                self.leads = bool((cursor.fetchone() or (False,))[0])
        return self.leads

    def _step_down(self) -> None:
        connection, self._connection, self.leads = self._connection, None, False
        if connection is not None and not connection.closed:
            connection.close()
