"""Hands messages to their routes and tries each until it is sent or dead. One thread a route: a stuck gateway holds up
nobody else, and nothing of this happens in the transaction of a move."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import orjson
import structlog
from sqlalchemy import RowMapping

from data.database import SYSTEM, Database
from data.outbox import route_states
from data.outbox.attempts import REFUSED_BEFORE, DeliveryAttempt, Held, deciding_failure, outcome, state_after
from data.outbox.messages import BRIEF, ROUTE_PAUSED, Gathering, Message, Rejected, RouteRefused, Unsent, Words
from data.outbox.routing import Route
from data.sql import load
from rules.calendar import Calendar
from rules.cases import Severity
from rules.errors import Problem

log = structlog.get_logger()
BATCH, PAUSE_S = 50, 2.0
#: Longer than any adapter's timeout: what is still leased by then belonged to a worker that has died.
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
#: What waits this long for a route that no process knows is dead.
LOST = timedelta(hours=1)
ENDING_S = 3.0


class OutboxWorker:
    """`words` puts a topic into the deployment's language; `link` is the address before /case/NO, "" for none.

    Every message is sent at least once: after a crash between sending and writing that down it is sent again, with
    the same key.
    """

    def __init__(
        self, database: Database, routes: Sequence[Route], *, words: Words, link: str, now: Callable[[], datetime],
        locale: str = "zh_CN", calendar: Calendar | None = None,
    ) -> None:  # fmt: skip
        self.database, self.routes, self.words, self.link, self.now = database, tuple(routes), words, link, now
        self.locale, self.calendar = locale, calendar or Calendar(UTC)
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
            self.announce()
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
                if route.takes(row["topic"]) and not _of_itself(row, route)
            ]
            if given:
                connection.execute(load("insert_delivery"), [_as_json(row) for row in given])
            for row in rows:
                connection.execute(
                    load("mark_handed_on"), {"prefecture": row["prefecture"], "id": row["id"], "now": now}
                )
        return len(rows)

    def announce(self) -> None:
        """Let the others see which routes are configured here."""
        with self.database.writing(SYSTEM) as connection:
            route_states.announce(connection, [(route.name, route.kind) for route in self.routes], self.now())

    def bury(self) -> int:
        """Give up what waits for routes that are configured nowhere any more; returns how many."""
        values = {"routes": [route.name for route in self.routes], "before": self.now() - LOST}
        with self.database.writing(SYSTEM) as connection:
            return int(connection.execute(load("bury_deliveries"), values).rowcount)

    def send_batch(self, route: Route) -> int:
        """Try what is due on one route, on a paused one a single message when its time has come; returns how many."""
        leased = self._lease(route)
        if (
            len(leased) > 1
            and isinstance(route.adapter, Gathering)
            and not (route.hours or route.keep)
            and self._send_together(route, route.adapter, leased)
        ):
            return len(leased)
        for number, row in enumerate(leased):
            if self._ending.is_set() or not self._has_time(row):
                self._give_back(leased[number:])
                break
            if not self._write_down(route, [self._send_one(route, row)]) and leased[number + 1 :]:
                self._give_back(leased[number + 1 :])
                return number + 1
        return len(leased)

    def _lease(self, route: Route) -> list[RowMapping]:
        """What is due, the longest waiting first."""
        now = self.now()
        with self.database.writing(SYSTEM) as connection:
            values = {"route": route.name, "now": now, "until": now + LEASE, "limit": BATCH, "locale": self.locale}
            if not connection.execute(load("has_due_deliveries"), values).scalar():
                return []
            turn = route_states.take_turn(connection, route.name, now, now + LEASE)
            if turn == 0:
                return []
            leased = connection.execute(load("lease_deliveries"), values | {"limit": turn or BATCH}).mappings().all()
        return sorted(leased, key=lambda row: (row["next_try_at"], row["id"]))

    def _has_time(self, row: RowMapping) -> bool:
        """Whether a try that begins now ends before another worker may take the delivery."""
        return bool(self.now() <= row["leased_until"] - LEASE / 2)

    def _send_together(self, route: Route, adapter: Gathering, rows: Sequence[RowMapping]) -> bool:
        """Whether all of them went at once; if not, each is tried by itself, so that one cannot hold back the others."""
        try:
            adapter.send_all([self._message(row) for row in rows])
        except Exception:
            return False
        self._write_down(route, [DeliveryAttempt(row) for row in rows])
        return True

    def _send_one(self, route: Route, row: RowMapping) -> DeliveryAttempt:
        """Every address that was neither reached nor refused by an earlier try; one that fails does not keep it from the
        others."""
        reached: list[str] = list(row["reached"])
        failures: list[Exception] = []
        try:
            self._check_time(route, row)
            for address in self._addresses(route, row):
                mark = hashlib.sha256(address.encode()).hexdigest()[:16] if address else ""
                if mark in reached or f"-{mark}" in reached:
                    continue
                if failures and not self._has_time(row):
                    failures.append(Unsent("no time left"))
                    break
                try:
                    route.adapter.send(self._message(row, address, mark))
                    reached += [mark] if mark else []
                except Exception as error:
                    failures.append(error)
                    reached += [f"-{mark}"] if mark and isinstance(error, Rejected) else []
                    if isinstance(error, RouteRefused):
                        break
        except Exception as error:
            failures.append(error)
        if not failures and any(mark.startswith("-") for mark in reached):
            failures.append(Rejected(REFUSED_BEFORE))
        return DeliveryAttempt(row, deciding_failure(failures), tuple(reached))

    def _check_time(self, route: Route, row: RowMapping) -> None:
        """Raises Rejected for what has waited too long to make sense, Held for what waits for office hours."""
        now = self.now()
        if route.keep and now - row["queued_at"] > route.keep:
            raise Rejected("too old")
        if route.in_office_hours(row["topic"]) and row["severity"] != Severity.grave:
            opens = self.calendar.opens(now)
            if opens > now:
                raise Held(opens)

    def _addresses(self, route: Route, row: RowMapping) -> list[str]:
        if not route.channel:
            return [""]
        with self.database.reading(SYSTEM) as connection:
            rows = connection.execute(
                load("list_addresses"), {"organisation": row["organisation_id"], "channel": route.channel}
            ).scalars()
            addresses = list(rows)
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
            link=f"{self.link}/{_page(row)}" if self.link else "",
            at=row["created_at"],
            address=address,
            facts=row["payload"],
        )

    def _write_down(self, route: Route, attempts: Sequence[DeliveryAttempt]) -> bool:
        """Whether the route still works afterwards."""
        now, values = self.now(), []
        with self.database.writing(SYSTEM) as connection:
            first = state = route_states.locked(connection, route.name, now)
            for attempt in attempts:
                after = state_after(state, attempt.error, now, route.attempts)
                values.append(outcome(attempt, state, after, now, route.attempts))
                # refused in the route's name, and it was the message after all
                given_up = isinstance(attempt.error, RouteRefused) and values[-1]["state"] == "dead"
                state = state if given_up else after
            connection.execute(load("write_delivery"), values)
            route_states.write(connection, first, state, now)
        for attempt, value in zip(attempts, values, strict=True):
            if value["state"] == "dead":
                log.warning("message not delivered", route=route.name, topic=attempt.row["topic"], error=value["error"])
        return not state.paused

    def _give_back(self, rows: Sequence[RowMapping]) -> None:
        values = {"ids": [row["id"] for row in rows], "lease": rows[0]["leased_until"]}
        with contextlib.suppress(Problem), self.database.writing(SYSTEM) as connection:
            connection.execute(load("return_leases"), values)


def _page(row: RowMapping) -> str:
    """The page that tells more: the case's, the brief, or that of the messages."""
    if row["case_no"]:
        return f"case/{row['case_no']}"
    return "brief" if row["topic"] == BRIEF else "messages"


def _of_itself(row: RowMapping, route: Route) -> bool:
    """That a route has paused goes on the others."""
    return bool(row["topic"] == ROUTE_PAUSED and row["payload"].get("route") == route.name)


def prune(database: Database, now: datetime, kept: timedelta = KEPT) -> None:
    """Forget what was sent long ago; dead ones stay until an admin has dealt with them."""
    with database.owning() as connection:
        connection.execute(load("prune_messages"), {"before": now - kept})


def _as_json(row: dict) -> dict:
    return {**row, "payload": orjson.dumps(row["payload"]).decode()}
