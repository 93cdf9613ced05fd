"""Readings and failed logins on their way into the access log: handed to a thread of this process, which writes at once
and all that came meanwhile together. Whoever reads a case waits for nothing.

Bounds: what was answered and not yet written is lost when the process is killed: what came during one write, a few
milliseconds while the database answers. While it does not, `MOST_WAITING` entries are kept; more are counted, and the
count is an entry of its own (`log.lost`) and a metric. A process that ended in order leaves `log.stop`.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from data.audit import access_log
from data.audit.access_log import Entry
from data.database import SYSTEM, Database
from rules.access_log import Access, Outcome, Window, window_of
from rules.errors import Problem

log = structlog.get_logger()
MOST_WAITING = 10_000
AT_ONCE = 500
RETRY_S = 1.0
#: Whom the rest of a flood is counted for.
OTHERS = "others"


@dataclass
class _Repeats:
    """What came again within its window: written when that has passed."""

    entry: Entry
    until: float
    n: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def count(self, at: datetime) -> None:
        self.n += 1
        self.first, self.last = self.first or at, at


class AccessRecorder:
    """One a process. `monotonic` is replaced in tests."""

    def __init__(self, database: Database, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database, self._monotonic = database, monotonic
        self._waiting: deque[Entry] = deque()
        self._repeats: dict[Window, OrderedDict[tuple, _Repeats]] = {}
        self._lost: Counter[str] = Counter()
        self._writing = 0
        self._changed = threading.Condition()
        self._ending = False
        self._thread: threading.Thread | None = None
        #: Since the process began, for the metrics.
        self.lost_total = 0

    @property
    def waiting(self) -> int:
        """Entries that are not written yet."""
        return len(self._waiting) + self._writing

    def note(self, entry: Entry) -> None:
        """Have it written. The same again within its window (rules/access_log.py) is counted, and written as one."""
        with self._changed:
            window = window_of(entry.act, entry.outcome)
            if window is None:
                self._enqueue(entry)
            else:
                self._open_or_count(window, entry)
            self._run()
            # what was only counted is written when its window is over: nobody has to wake for it
            if self._waiting or self._lost:
                self._changed.notify_all()

    def start(self) -> None:
        """Say that this process records from now on."""
        self.note(access_log.entry(Access.start, access_log.SERVER))

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until everything is written, also what was counted so far; False when the time was too short."""
        with self._changed:
            self._expire(float("inf"))
            self._changed.notify_all()
            if self.waiting:
                self._run()
            return self._changed.wait_for(lambda: self.waiting == 0 and not self._lost, timeout)

    def stop(self, timeout: float = 5.0) -> None:
        """Write what is left, say that the process ended in order, and end the thread."""
        if self._thread is None:
            return
        self.flush(timeout)
        self.note(access_log.entry(Access.stop, access_log.SERVER))
        self.flush(timeout)
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        self._thread.join(timeout)

    def _open_or_count(self, window: Window, entry: Entry) -> None:
        """The first is written and opens a window, in which the others are counted."""
        known, now = self._repeats.setdefault(window, OrderedDict()), self._monotonic()
        if _key(entry) not in known:
            self._expire(now)
            if len(known) >= window.keys:
                if not window.together:
                    self._enqueue(entry)
                    return
                entry = _among_others(entry)
        held = known.get(_key(entry))
        if held is not None:
            held.count(entry.at)
            return
        known[_key(entry)] = _Repeats(entry, now + window.seconds)
        self._enqueue(entry)

    def _expire(self, now: float) -> None:
        for known in self._repeats.values():
            while known and next(iter(known.values())).until <= now:
                _, held = known.popitem(last=False)
                if held.first and held.last:
                    self._enqueue(held.entry.repeated(held.n, held.first, held.last))

    def _enqueue(self, entry: Entry) -> None:
        if self.waiting < MOST_WAITING:
            self._waiting.append(entry)
        else:
            self._lose(entry)

    def _lose(self, entry: Entry) -> None:
        self._lost[str(entry.act)] += entry.n
        self.lost_total += entry.n

    def _run(self) -> None:
        if self._thread is None and not self._ending:
            self._thread = threading.Thread(target=self._keep_on, name="access log", daemon=True)
            self._thread.start()

    def _keep_on(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting) or self._ending, 1.0)
                self._expire(self._monotonic())
                batch = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
                self._writing = len(batch)
                lost = dict(self._lost)
                if self._ending and not batch:
                    return
            written = not (batch or lost) or self._write(batch, lost)
            with self._changed:
                if not written:
                    self._waiting.extendleft(reversed(batch))
                else:
                    self._lost -= Counter(lost)
                self._writing = 0
                self._changed.notify_all()
                if not written:
                    self._changed.wait_for(lambda: self._ending, RETRY_S)
                    if self._ending:
                        return

    def _write(self, batch: list[Entry], lost: dict[str, int]) -> bool:
        """Whether it is written, or never will be; False to try again."""
        entries = [*batch, *([_loss(lost)] if lost else [])]
        try:
            with self._database.writing(SYSTEM) as connection:
                access_log.append(connection, entries)
        except Problem:
            return False
        except Exception as error:
            # whatever it is, the thread goes on: one entry that cannot be written holds up no other
            log.warning("access log refused", error=type(error).__name__, entries=len(batch))
            if len(batch) > 1:
                return all(self._write([one], {}) for one in batch)
            with self._changed:
                for entry in batch:
                    self._lose(entry)
        return True


def _key(entry: Entry) -> tuple:
    """What makes two entries the same."""
    what = (entry.act, entry.outcome, entry.via, entry.case_no, entry.object)
    return (*what, entry.user_id, entry.account, entry.role, entry.address)


def _among_others(entry: Entry) -> Entry:
    """One of a flood: neither whose nor from where."""
    return Entry(entry.act, entry.outcome, entry.via, entry.at, object=OTHERS)


def _loss(lost: dict[str, int]) -> Entry:
    """That entries could not be kept: how many of which kind."""
    return access_log.entry(Access.lost, access_log.SERVER, outcome=Outcome.failed, n=sum(lost.values()), details=lost)
