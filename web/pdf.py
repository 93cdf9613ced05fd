"""PDF documents from worker processes: fonts and layouts take memory that only the end of a process gives back.

At most `AT_ONCE` workers; one that has set `DOCUMENTS` of them, or had nothing to do for `IDLE_S`, ends.
"""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import structlog

from rules.errors import Problem

log = structlog.get_logger()
AT_ONCE, DOCUMENTS, IDLE_S = 2, 50, 60.0
#: How long one document may wait for a worker and take in it.
PATIENCE_S = 20.0
ROOT = Path(__file__).resolve().parents[1]
LENGTH = struct.Struct(">I")


class Worker:
    """One process that takes pages on its standard input and gives documents on its output, each after its length."""

    def __init__(self) -> None:
        self.made = 0
        self.idle_since = time.monotonic()
        # descriptors are counted: nothing of the server's, a socket least of all, is handed down
        pages, self._pages = os.pipe()
        self._documents, documents = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "web.pdf_worker"], cwd=ROOT, stdin=pages, stdout=documents, start_new_session=True
        )
        os.close(pages)
        os.close(documents)

    @property
    def pid(self) -> int:
        return self._process.pid

    def print(self, page: str, patience_s: float) -> bytes:
        """The document. Raises OSError or EOFError when the worker died, TimeoutError when it takes too long."""
        end, body = time.monotonic() + patience_s, page.encode()
        message = memoryview(LENGTH.pack(len(body)) + body)
        while message:
            message = message[os.write(self._pages, message) :]
        (length,) = LENGTH.unpack(self._read(LENGTH.size, end))
        self.made += 1
        return self._read(length, end)

    def _read(self, wanted: int, end: float) -> bytes:
        read = bytearray()
        poller = select.poll()
        poller.register(self._documents, select.POLLIN)
        while len(read) < wanted:
            if not poller.poll(max(end - time.monotonic(), 0) * 1000):
                raise TimeoutError
            chunk = os.read(self._documents, wanted - len(read))
            if not chunk:
                raise EOFError
            read += chunk
        return bytes(read)

    def end(self) -> None:
        for pipe in (self._pages, self._documents):
            os.close(pipe)
        self._process.kill()
        self._process.wait()


class Printer:
    """Shares the workers among requests."""

    def __init__(self, *, at_once: int = AT_ONCE, documents: int = DOCUMENTS, idle_s: float = IDLE_S) -> None:
        self._documents, self._idle_s = documents, idle_s
        self._free = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._reaper: threading.Timer | None = None

    def print(self, page: str) -> bytes:
        """The page as PDF with its fonts in it; nothing is fetched. Raises Problem unavailable when too many wait, or
        this machine has no engine for it."""
        end = time.monotonic() + PATIENCE_S
        if not self._free.acquire(timeout=PATIENCE_S):
            raise Problem("unavailable")
        worker = None
        try:
            worker = self._take()
            made = worker.print(page, max(end - time.monotonic(), 1.0))
        except (OSError, EOFError, TimeoutError) as error:
            log.warning("document not set", error=type(error).__name__)
            if worker is not None:
                worker.end()
            raise Problem("unavailable") from error
        else:
            self._give_back(worker)
            if not made:
                raise Problem("unavailable")
            return made
        finally:
            self._free.release()

    def workers(self) -> list[int]:
        """The processes that wait for work, for measuring."""
        with self._lock:
            return [worker.pid for worker in self._idle]

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
            if self._reaper is not None:
                self._reaper.cancel()
        for worker in idle:
            worker.end()

    def _take(self) -> Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return Worker()

    def _give_back(self, worker: Worker) -> None:
        if worker.made >= self._documents:
            worker.end()
            return
        worker.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(worker)
            self._reap_later()

    def _reap_later(self) -> None:
        if self._reaper is not None:
            self._reaper.cancel()
        self._reaper = threading.Timer(self._idle_s, self._reap)
        self._reaper.daemon = True
        self._reaper.start()

    def _reap(self) -> None:
        with self._lock:
            before = time.monotonic() - self._idle_s
            old = [worker for worker in self._idle if worker.idle_since <= before]
            self._idle = [worker for worker in self._idle if worker.idle_since > before]
            if self._idle:
                self._reap_later()
        for worker in old:
            worker.end()
