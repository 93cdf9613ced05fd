"""The live hub: one listening connection a process, one ordered stream, a bounded buffer a browser."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import psycopg2
import structlog
from sqlalchemy.engine import make_url

from data.database import SYSTEM, Database
from data.live.frames import WorldEvent, frame, is_no_event, read_events
from data.queries import areas, summaries
from data.queries.deployment import identity
from rules.access import Viewer
from rules.errors import Problem

if TYPE_CHECKING:
    from settings import LiveSettings

log = structlog.get_logger()
CHANNEL = "gridboard"
#: What the doorbell says when areas, their names or their outlines are others (data/bulk.py).
AREAS = "areas"
#: And when a session, a user, a display or what their rights reach is another (migration 0016).
RIGHTS = "rights"
BATCH = 500
MOST_REPLAYED = 10


class TellsTime(Protocol):
    def now(self) -> datetime: ...


@dataclass(eq=False)
class Subscriber:
    """One browser: what it watches and what it has not read yet."""

    viewer: Viewer
    area_path: str
    queue: asyncio.Queue[tuple[int, bytes]]
    overrun: bool = False

    def offer(self, seq: int, data: bytes) -> None:
        """Queue a frame; a browser that stopped reading is cut off and catches up when it comes back."""
        try:
            self.queue.put_nowait((seq, data))
        except asyncio.QueueFull:
            self.overrun = True

    def cut_off(self) -> None:
        """End the stream after what is queued; wakes a reader that waits."""
        self.overrun = True
        with contextlib.suppress(asyncio.QueueFull):
            self.queue.put_nowait((0, b""))


@dataclass
class LiveHub:
    """Reads what happened after the last number it saw, and sends each browser what lies in its area.

    A NOTIFY is only the doorbell: a lost one is made good by the next heartbeat's reading. Heartbeats are sent only
    after the database answered, so that a browser can tell silence from calm.
    """

    database: Database
    settings: LiveSettings
    clock: TellsTime
    state: str = "catching-up"
    seq: int = 0
    boundaries: dict[str, Any] = field(default_factory=dict)
    #: Which database this is: another one has other numbers.
    world: str = ""
    subscribers: set[Subscriber] = field(default_factory=set)
    #: Called when rights may be others than before, and when this process begins to hear of it.
    on_rights: list[Callable[[], None]] = field(default_factory=list)
    _listener: psycopg2.extensions.connection | None = None

    @property
    def hears(self) -> bool:
        """Whether changes of rights reach this process."""
        return self._listener is not None

    async def start(self) -> None:
        self._doorbell, self._placed, self._redrawn = asyncio.Event(), False, True
        self._task = asyncio.create_task(self._run(), name="live-hub")

    async def stop(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._hang_up()
        for subscriber in list(self.subscribers):
            subscriber.cut_off()

    async def _run(self) -> None:
        """Connect, catch up, listen; after a fault start over with a pause, without losing the place."""
        pause = 0.2
        while True:
            try:
                await self._connect()
                pause = 0.2
                await self._listen()
            except (psycopg2.Error, Problem, OSError) as error:
                self.state = "stale"
                self._hang_up()
                log.warning("live feed interrupted", error=type(error).__name__, retry_in_s=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 3.0)

    async def _connect(self) -> None:
        """Listen first, then read: nothing can happen between the two unseen."""
        listener = await asyncio.to_thread(self._open_listener)
        self._tell_rights()
        self._listener, self._watched = listener, listener.fileno()
        asyncio.get_running_loop().add_reader(self._watched, self._ring)
        if not self._placed:
            self.seq, self._placed = await asyncio.to_thread(self._newest), True

    def _open_listener(self) -> psycopg2.extensions.connection:
        url = make_url(self.database.app_url).set(drivername="postgresql")
        connection = psycopg2.connect(
            url.render_as_string(hide_password=False), connect_timeout=5, application_name="gridboard-live"
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        return connection

    def _ring(self) -> None:
        listener = self._listener
        if listener is None:
            return
        try:
            listener.poll()
            told = {notice.payload for notice in listener.notifies}
            listener.notifies.clear()
            self._redrawn |= AREAS in told
            if RIGHTS in told:
                self._tell_rights()
        except psycopg2.Error:
            self._hang_up()
        self._doorbell.set()

    def _tell_rights(self) -> None:
        for told in self.on_rights:
            told()

    def _hang_up(self) -> None:
        listener, self._listener = self._listener, None
        if listener is None:
            return
        asyncio.get_running_loop().remove_reader(self._watched)
        with contextlib.suppress(psycopg2.Error):
            listener.close()

    async def _listen(self) -> None:
        beat_at = 0.0
        while True:
            self._doorbell.clear()
            await self._catch_up()
            due = time.monotonic() >= beat_at
            if due or self._redrawn:
                await self._look_at_boundaries()
            if due:
                await self._look_at_world()
                self._beat()
                beat_at = time.monotonic() + self.settings.heartbeat_s
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._doorbell.wait(), max(0.05, beat_at - time.monotonic()))
            if self._listener is None or self._listener.closed:
                raise OSError("the listening connection was closed")

    async def _catch_up(self) -> None:
        """Hand on everything that happened since, batch by batch; what is far more than a page replays is skipped."""
        while True:
            events = await asyncio.to_thread(self._read, self.seq)
            if events and await self._is_too_far(events):
                continue
            for event in events:
                self._tell(event)
            if len(events) < BATCH:
                self.state = "live"
                return
            self.state = "catching-up"

    async def _is_too_far(self, events: list[WorldEvent]) -> bool:
        """Whether so much has happened that these events are given up for a new start; asked only where it may be so."""
        most = MOST_REPLAYED * self.settings.replay_limit
        if len(events) < BATCH and events[-1].seq - self.seq <= most:
            return False
        newest = await asyncio.to_thread(self._newest)
        if newest - self.seq <= most:
            return False
        self._start_over(newest)
        return True

    def _start_over(self, newest: int) -> None:
        """After a bulk load or a restore: every browser is cut off and gets a snapshot when it comes back."""
        self.seq = newest
        for subscriber in self.subscribers:
            subscriber.cut_off()

    async def _look_at_world(self) -> None:
        """A database that was restored, or is another one, begins anew: so does every browser."""
        before, (self.world, newest) = self.world, await asyncio.to_thread(self._present_world)
        if newest < self.seq or before not in ("", self.world):
            log.warning("the database begins anew", seq=newest, before=self.seq)
            self._start_over(newest)

    def _present_world(self) -> tuple[str, int]:
        with self.database.reading(SYSTEM) as connection:
            return identity(connection), summaries.world_seq(connection)

    async def _look_at_boundaries(self) -> None:
        """Tell every browser about new boundary versions; a lost NOTIFY is made good by the next heartbeat."""
        self._redrawn = False
        before, self.boundaries = self.boundaries, await asyncio.to_thread(self._boundaries)
        if before and before != self.boundaries:
            data = frame("boundaries", self.boundaries, self.seq)
            for subscriber in self.subscribers:
                subscriber.offer(self.seq, data)

    def _boundaries(self) -> dict[str, Any]:
        with self.database.reading(SYSTEM) as connection:
            return areas.boundaries(connection)

    def _read(self, after: int) -> list[WorldEvent]:
        with self.database.reading(SYSTEM) as connection:
            return read_events(connection, after=after, lo="", hi="~", limit=BATCH, now=self.clock.now())

    def _newest(self) -> int:
        with self.database.reading(SYSTEM) as connection:
            return summaries.world_seq(connection)

    def _tell(self, event: WorldEvent) -> None:
        self.seq = event.seq
        for subscriber in self.subscribers:
            if event.touches(subscriber.area_path) and (data := event.frame_for(subscriber.viewer)):
                subscriber.offer(event.seq, data)

    def _beat(self) -> None:
        content = {"seq": self.seq, "as_of": self.clock.now(), "boundaries": self.boundaries, "world": self.world}
        data = frame("heartbeat", content, self.seq)
        for subscriber in self.subscribers:
            subscriber.offer(self.seq, data)

    async def subscribe(self, viewer: Viewer, area: str, area_path: str, last_seq: int | None) -> AsyncIterator[bytes]:
        """Frames for one browser: what it missed (or a snapshot), then what happens; ends when the browser is too slow.

        The place in the stream is taken before the past is read, so there is neither a gap nor a frame twice.
        """
        subscriber = Subscriber(viewer, area_path, asyncio.Queue(self.settings.buffer_events))
        self.subscribers.add(subscriber)
        try:
            missed, answered_seq = await asyncio.to_thread(self._missed, viewer, area, area_path, last_seq)
            for data in missed:
                yield data
            while not subscriber.overrun:
                seq, data = await subscriber.queue.get()
                if data and (seq > answered_seq or (seq == answered_seq and is_no_event(data))):
                    yield data
        finally:
            self.subscribers.discard(subscriber)

    def _missed(self, viewer: Viewer, area: str, area_path: str, last_seq: int | None) -> tuple[list[bytes], int]:
        """The frames after `last_seq` and the number they reach; a snapshot where they are too many or unknown."""
        now, limit = self.clock.now(), self.settings.replay_limit
        with self.database.reading(SYSTEM) as connection:
            newest = summaries.world_seq(connection)
            if last_seq is not None and last_seq <= newest:
                events = read_events(
                    connection, after=last_seq, lo=area_path, hi=area_path[:-1] + "0", limit=limit + 1, now=now
                )
                if len(events) <= limit:
                    frames = [data for event in events if (data := event.frame_for(viewer))]
                    drawn = areas.boundaries(connection)
                    content = {"seq": newest, "as_of": now, "boundaries": drawn, "world": identity(connection)}
                    return [*frames, frame("heartbeat", content, newest)], newest
        with self.database.reading(viewer) as connection:
            summary = summaries.summary(connection, areas.key(connection, area), now, viewer)
            drawn = areas.boundaries(connection)
            world = identity(connection)
        snapshot = {"seq": summary["seq"], "as_of": now, "summary": summary, "boundaries": drawn, "world": world}
        return [frame("snapshot", snapshot, summary["seq"])], summary["seq"]
