"""Hands messages to their routes and tries each until it is sent or dead. One thread a route: a stuck gateway holds up
nobody else, and nothing of this happens in the transaction of a move."""

from __future__ import annotations

import contextlib
import hashlib
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import orjson
import structlog
from sqlalchemy import RowMapping

from data.database import SYSTEM, Database
from data.outbox.messages import Gathering, Message, Rejected, Unsent, Words
from data.outbox.routes import Route
from data.sql import load
from rules.errors import Problem

log = structlog.get_logger()
BATCH, PAUSE_S = 50, 2.0
#: Longer than any adapter's timeout: what is still leased by then belonged to a worker that has died.
LEASE = timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
KEPT = timedelta(days=30)
#: What waits this long for a route that no process knows is dead.
LOST = timedelta(hours=1)
ENDING_S = 3.0


def back_off(attempts: int, draw: float) -> timedelta:
    """How long to wait after so many failed tries: doubling, capped, spread by a draw from 0 to 1."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return pause * (0.75 + 0.5 * draw)


@dataclass(frozen=True)
class Tried:
    """What came of one delivery: why it failed ("": it did not), whether for good, and the marks of whom it reached."""

    row: RowMapping
    failed: str = ""
    for_good: bool = False
    reached: tuple[str, ...] = ()


class OutboxWorker:
    """`words` puts a topic into the deployment's language; `link` is the address before /case/NO, "" for none.

    Every message is sent at least once: after a crash between sending and writing that down it is sent again, with
    the same key.
    """

    def __init__(
        self, database: Database, routes: Sequence[Route], *, words: Words, link: str, now: Callable[[], datetime],
        locale: str = "zh_CN",
    ) -> None:  # fmt: skip
        self.database, self.routes, self.words, self.link, self.now = database, tuple(routes), words, link, now
        self.locale = locale
        self._looked_at: datetime | None = None
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._begin("outbox", self._hand_on_and_tidy)
        for route in self.routes:
            self._begin(f"outbox {route.name}", partial(self._sent_whole_batch, route))

    def stop(self) -> None:
        """Ends after what is being sent just now; threads stuck in a gateway are left to die with the process."""
        self._ending.set()
        end = time.monotonic() + ENDING_S
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _hand_on_and_tidy(self) -> bool:
        now = self.now()
        if self._looked_at is None or now - self._looked_at > LOST / 4:
            self.bury()
            self._looked_at = now
        return self.hand_on() == BATCH

    def _sent_whole_batch(self, route: Route) -> bool:
        return self.send_batch(route) == BATCH

    def _begin(self, name: str, work: Callable[[], bool]) -> None:
        thread = threading.Thread(target=self._keep_on, args=(name, work), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep_on(self, name: str, work: Callable[[], bool]) -> None:
        while not self._ending.is_set():
            more = False
            try:
                more = work()
            except Problem as problem:
                log.warning("outbox waits", part=name, problem=problem.code)
            except Exception:
                log.exception("outbox failed", part=name)
            self._ending.wait(0 if more else PAUSE_S)

    def hand_on(self) -> int:
        """Give each new message to the routes that take its topic; returns how many messages."""
        now = self.now()
        with self.database.writing(SYSTEM) as connection:
            rows = connection.execute(load("pick_outbox"), {"limit": BATCH}).mappings().all()
            given = [
                {**row, "route": route.name, "now": now}
                for row in rows
                for route in self.routes
                if route.takes(row["topic"])
            ]
            if given:
                connection.execute(load("insert_delivery"), [_as_json(row) for row in given])
            for row in rows:
                connection.execute(
                    load("mark_handed_on"), {"prefecture": row["prefecture"], "id": row["id"], "now": now}
                )
        return len(rows)

    def bury(self) -> int:
        """Give up what waits for routes that are configured nowhere any more; returns how many."""
        values = {"routes": [route.name for route in self.routes], "before": self.now() - LOST}
        with self.database.writing(SYSTEM) as connection:
            return int(connection.execute(load("bury_deliveries"), values).rowcount)

    def send_batch(self, route: Route) -> int:
        """Try what is due on one route; returns how many were tried."""
        with self.database.writing(SYSTEM) as connection:
            values = {"route": route.name, "now": self.now(), "until": self.now() + LEASE, "limit": BATCH}
            leased = connection.execute(load("lease_deliveries"), values | {"locale": self.locale}).mappings().all()
        if (
            len(leased) > 1
            and isinstance(route.adapter, Gathering)
            and self._send_together(route, route.adapter, leased)
        ):
            return len(leased)
        for number, row in enumerate(leased):
            if self._ending.is_set() or not self._has_time(row):
                self._give_back(leased[number:])
                break
            self._write_down(route, [self._send_one(route, row)])
        return len(leased)

    def _has_time(self, row: RowMapping) -> bool:
        """Whether a try that begins now ends before another worker may take the delivery."""
        return bool(self.now() <= row["leased_until"] - LEASE / 2)

    def _send_together(self, route: Route, adapter: Gathering, rows: Sequence[RowMapping]) -> bool:
        """Whether all of them went at once; if not, each is tried by itself, so that one cannot hold back the others."""
        try:
            adapter.send_all([self._message(row) for row in rows])
        except Exception:
            return False
        self._write_down(route, [Tried(row) for row in rows])
        return True

    def _send_one(self, route: Route, row: RowMapping) -> Tried:
        """Every address that was not reached by an earlier try; one that fails does not keep it from the others."""
        reached: list[str] = list(row["reached"])
        failures: list[Exception] = []
        try:
            for address in self._addresses(route, row):
                mark = hashlib.sha256(address.encode()).hexdigest()[:16] if address else ""
                if mark in reached:
                    continue
                if failures and not self._has_time(row):
                    failures.append(Unsent("no time left"))
                    break
                try:
                    route.adapter.send(self._message(row, address, mark))
                    reached += [mark] if mark else []
                except Exception as error:
                    failures.append(error)
        except Exception as error:
            failures.append(error)
        for_good = bool(failures) and all(isinstance(error, Rejected) for error in failures)
        # the one that may pass is tried again and is what to say; what it reached stays reached
        shown = min(failures, key=lambda error: isinstance(error, Rejected), default=None)
        return Tried(row, _said(shown) if shown else "", for_good, tuple(reached))

    def _addresses(self, route: Route, row: RowMapping) -> list[str]:
        if not route.channel:
            return [""]
        with self.database.reading(SYSTEM) as connection:
            found = connection.execute(
                load("list_addresses"), {"organisation": row["organisation_id"], "channel": route.channel}
            ).scalars()
            addresses = list(found)
        if not addresses:
            raise Rejected("no address")
        return addresses

    def _message(self, row: RowMapping, address: str = "", mark: str = "") -> Message:
        facts = {**row["payload"], **{name: row[name] for name in ("case_no", "body", "kind", "area")}}
        title, words = self.words(row["topic"], facts)
        return Message(
            key="-".join(
                str(part) for part in (row["prefecture"], row["outbox_id"], row["id"], mark[:8]) if part != ""
            ),
            topic=row["topic"],
            case_no=row["case_no"],
            body=row["body"],
            title=title,
            text=words,
            link=f"{self.link}/case/{row['case_no']}" if self.link else "",
            at=row["created_at"],
            address=address,
            facts=row["payload"],
        )

    def _write_down(self, route: Route, tried: Sequence[Tried]) -> None:
        values = [self._outcome(route, one) for one in tried]
        with self.database.writing(SYSTEM) as connection:
            connection.execute(load("write_delivery"), values)
        for one, value in zip(tried, values, strict=True):
            if value["state"] == "dead":
                log.warning("message not delivered", route=route.name, topic=one.row["topic"], error=value["error"])

    def _outcome(self, route: Route, one: Tried) -> dict:
        now, attempts = self.now(), one.row["attempts"]
        dead = one.for_good or attempts >= route.attempts
        return {
            "id": one.row["id"],
            "lease": one.row["leased_until"],
            "state": "sent" if not one.failed else "dead" if dead else "waiting",
            "error": one.failed[:200],
            "sent_at": None if one.failed else now,
            "next_try_at": now + back_off(attempts, random.random()),
            "reached": list(one.reached),
        }

    def _give_back(self, rows: Sequence[RowMapping]) -> None:
        values = {"ids": [row["id"] for row in rows], "lease": rows[0]["leased_until"]}
        with contextlib.suppress(Problem), self.database.writing(SYSTEM) as connection:
            connection.execute(load("return_leases"), values)


def _said(error: Exception) -> str:
    """An adapter's own words hold no address; those of something that broke may, and are left out."""
    return str(error) if isinstance(error, Unsent | Rejected) else f"failed ({type(error).__name__})"


def prune(database: Database, now: datetime, kept: timedelta = KEPT) -> None:
    """Forget what was sent long ago; dead ones stay until somebody has seen to them."""
    with database.owning() as connection:
        connection.execute(load("prune_messages"), {"before": now - kept})


def _as_json(row: dict) -> dict:
    return {**row, "payload": orjson.dumps(row["payload"]).decode()}
