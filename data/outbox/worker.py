"""Hands messages to their routes and tries each until it is sent or dead. One thread a route: a stuck gateway holds up
nobody else, and nothing of this happens in the transaction of a move."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import orjson
import structlog
from sqlalchemy import RowMapping

from data.database import SYSTEM, Database
from data.outbox.messages import Message, Rejected, Words
from data.outbox.routes import Route
from data.sql import load
from rules.errors import Problem

log = structlog.get_logger()
BATCH, PAUSE_S = 50, 2.0
#: Longer than any adapter's timeout: what is still leased by then belonged to a worker that has died.
LEASE = timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
KEPT = timedelta(days=30)


def back_off(attempts: int, draw: float) -> timedelta:
    """How long to wait after so many failed tries: doubling, capped, spread by a draw from 0 to 1."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return pause * (0.75 + 0.5 * draw)


class OutboxWorker:
    """`words` puts a topic into the deployment's language; `link` is the address before /case/NO, "" for none.

    Every message is sent at least once: after a crash between sending and writing that down it is sent again, with
    the same key.
    """

    def __init__(
        self, database: Database, routes: Sequence[Route], *, words: Words, link: str, now: Callable[[], datetime]
    ) -> None:
        self.database, self.routes, self.words, self.link, self.now = database, tuple(routes), words, link, now
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._begin("outbox", lambda: self.hand_on() == BATCH)
        for route in self.routes:
            self._begin(f"outbox {route.name}", partial(self._sent_whole_batch, route))

    def stop(self) -> None:
        """Ends after what is being sent just now; threads stuck in a gateway are left to die with the process."""
        self._ending.set()
        for thread in self._threads:
            thread.join(1.0)

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

    def send_batch(self, route: Route) -> int:
        """Try what is due on one route; returns how many were tried."""
        with self.database.writing(SYSTEM) as connection:
            values = {"route": route.name, "now": self.now(), "until": self.now() + LEASE, "limit": BATCH}
            leased = connection.execute(load("lease_deliveries"), values).mappings().all()
        for number, row in enumerate(leased):
            if self._ending.is_set() or self.now() > row["leased_until"] - LEASE / 2:
                self._give_back(leased[number:])
                break
            self._send_one(route, row)
        return len(leased)

    def _send_one(self, route: Route, row: RowMapping) -> None:
        failed, dead = "", False
        try:
            for address in self._addresses(route, row):
                route.adapter.send(self._message(row, address))
        except Rejected as error:
            failed, dead = str(error), True
        except Exception as error:
            # an adapter that breaks is no reason to lose the message; its words may hold an address, its name does not
            failed = str(error) if type(error).__name__ == "Unsent" else f"failed ({type(error).__name__})"
        self._write_down(route, row, failed, dead)

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

    def _message(self, row: RowMapping, address: str) -> Message:
        facts = {**row["payload"], "case_no": row["case_no"], "body": row["body"]}
        title, words = self.words(row["topic"], facts)
        return Message(
            key=f"{row['prefecture']}-{row['outbox_id']}-{row['id']}",
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

    def _write_down(self, route: Route, row: RowMapping, failed: str, dead: bool) -> None:
        now, attempts = self.now(), row["attempts"]
        state = "sent" if not failed else "dead" if dead or attempts >= route.attempts else "waiting"
        values = {
            "id": row["id"],
            "state": state,
            "error": failed[:200],
            "sent_at": None if failed else now,
            "next_try_at": now + back_off(attempts, random.random()),
        }
        with self.database.writing(SYSTEM) as connection:
            connection.execute(load("write_delivery"), values)
        if state == "dead":
            log.warning("message not delivered", route=route.name, topic=row["topic"], error=values["error"])

    def _give_back(self, rows: Sequence[RowMapping]) -> None:
        with contextlib.suppress(Problem), self.database.writing(SYSTEM) as connection:
            connection.execute(load("return_leases"), {"ids": [row["id"] for row in rows]})


def prune(database: Database, now: datetime) -> None:
    """Forget what was sent long ago; dead ones stay until somebody has seen to them."""
    with database.owning() as connection:
        connection.execute(load("prune_messages"), {"before": now - KEPT})


def _as_json(row: dict) -> dict:
    return {**row, "payload": orjson.dumps(row["payload"]).decode()}
