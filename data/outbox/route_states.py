"""States of the routes, shared by all processes: working, or paused with a reason until a success or a person."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import orjson
import structlog
from sqlalchemy import Connection

from data.outbox.messages import ROUTE_PAUSED, Refusal
from data.sql import load

log = structlog.get_logger()
#: So many failures of one kind in a row, without a success between them, pause the route.
IN_A_ROW = {Refusal.no_answer: 5, Refusal.unclear: 3, Refusal.misdirected: 5}
FIRST_PROBE, LONGEST_PROBE = timedelta(minutes=1), timedelta(hours=1)
#: The longest wait that a gateway may ask for.
LONGEST_ASKED = timedelta(hours=6)
#: A route that flaps is announced once in this time.
TOLD_AGAIN = timedelta(hours=6)
FORGOTTEN = timedelta(days=30)


@dataclass(frozen=True)
class RouteState:
    """A row of data/models/messages.py, MessageRoute."""

    name: str
    state: str
    refusal: str
    reason: str
    since: datetime
    by_user: str
    streak: str
    failures: int
    probes: int
    probe_at: datetime | None
    told_at: datetime | None
    last_success_at: datetime | None
    last_try_at: datetime | None

    @property
    def paused(self) -> bool:
        return self.state == "paused"

    def succeeded(self, now: datetime) -> RouteState:
        return replace(self.answered(now), last_success_at=now)

    def answered(self, now: datetime) -> RouteState:
        """The gateway accepted us, whatever it did with the message: an automatic pause is over."""
        state = replace(self, streak="", failures=0, last_try_at=now)
        return state if not self.paused or self.refusal == Refusal.by_hand else state.resumed(now)

    def resumed(self, now: datetime, by: str = "") -> RouteState:
        if not self.paused:
            return self
        return replace(
            self, state="working", refusal="", reason="", since=now, by_user=by, streak="", failures=0, probes=0,
            probe_at=None,
        )  # fmt: skip

    def refused(self, now: datetime, refusal: Refusal, reason: str, after: timedelta | None = None) -> RouteState:
        """Paused, or paused on with a longer wait until the next probe. A person's pause stays as it is."""
        if self.paused and self.refusal == Refusal.by_hand:
            return replace(self, last_try_at=now)
        probes = self.probes + 1 if self.paused else 0
        wait = min(FIRST_PROBE * 2 ** min(probes, 20), LONGEST_PROBE) * (0.9 + 0.2 * random.random())
        wait = max(wait, min(after or wait, LONGEST_ASKED))
        return replace(
            self, state="paused", refusal=refusal.value, reason=reason[:200], by_user="", probes=probes,
            probe_at=now + wait, since=self.since if self.paused else now, last_try_at=now,
        )  # fmt: skip

    def failed(self, now: datetime, streak: Refusal | None, reason: str, bound: int | None = None) -> RouteState:
        """One failure more of its kind; the last of too many pauses the route, on a paused one it was the probe."""
        if streak is None:
            return replace(self, last_try_at=now, probe_at=self._next_probe(now))
        failures = self.failures + 1 if self.streak == streak else 1
        counted = replace(self, streak=streak.value, failures=failures, last_try_at=now)
        if self.paused or failures >= min(IN_A_ROW[streak], bound or IN_A_ROW[streak]):
            return counted.refused(now, streak, reason)
        return counted

    def _next_probe(self, now: datetime) -> datetime | None:
        """After a probe that said nothing of the route: the next message is tried soon."""
        return now + FIRST_PROBE if self.paused and self.refusal != Refusal.by_hand else self.probe_at

    def stopped(self, now: datetime, reason: str, by: str) -> RouteState:
        """Paused by a person: nothing is tried until a person resumes it."""
        return replace(
            self, state="paused", refusal=Refusal.by_hand.value, reason=reason[:200], since=now, by_user=by, probes=0,
            probe_at=None,
        )  # fmt: skip


def announce(connection: Connection, routes: Sequence[tuple[str, str]], now: datetime) -> None:
    """Note which routes are configured: names and adapters. Forgets those that were in no configuration for a month."""
    rows = [{"name": name, "adapter": adapter, "now": now} for name, adapter in routes]
    connection.execute(load("announce_route"), rows)
    connection.execute(load("forget_routes"), {"before": now - FORGOTTEN})


def locked(connection: Connection, name: str, now: datetime) -> RouteState:
    """The state of a route until the end of the transaction; a route that was never met works."""
    row = connection.execute(load("lock_route"), {"name": name}).mappings().one_or_none()
    if row is None:
        connection.execute(load("announce_route"), {"name": name, "adapter": "", "now": now})
        row = connection.execute(load("lock_route"), {"name": name}).mappings().one()
    return RouteState(**row)


def write(connection: Connection, before: RouteState, after: RouteState, now: datetime) -> None:
    """Store a state; a pause or a resumption is announced once, by the process that changed it."""
    if before == after:
        return
    if after.paused and not before.paused and after.refusal != Refusal.by_hand:
        log.warning("route paused", route=after.name, refusal=after.refusal, reason=after.reason)
        if after.told_at is None or now - after.told_at > TOLD_AGAIN:
            after = replace(after, told_at=now)
            facts = {"route": after.name, "refusal": after.refusal}
            values = {"topic": ROUTE_PAUSED, "now": now, "payload": orjson.dumps(facts).decode()}
            connection.execute(load("append_route_message"), values)
    elif before.paused and not after.paused:
        log.info("route resumed", route=after.name, by=after.by_user or "a success")
    connection.execute(load("write_route"), asdict(after))


def take_turn(connection: Connection, name: str, now: datetime, until: datetime) -> int | None:
    """How many messages may be tried now: None for as many as there are, 1 for a probe (which nobody else makes before
    `until`), 0 while the route is paused."""
    row = connection.execute(load("read_route"), {"name": name}).mappings().one_or_none()
    if row is None or row["state"] == "working":
        return None
    if row["probe_at"] is None or row["probe_at"] > now:
        return 0
    taken = connection.execute(load("take_probe"), {"name": name, "now": now, "until": until}).rowcount
    return int(taken)
