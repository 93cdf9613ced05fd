"""Supervisor of the application: GRIDBOARD_WORKERS processes, each started again after a crash, with a growing pause.

`make run` uses it, and app.py hands over to it where there are to be several. The listening socket is held here and handed
down, as systemd does it, so that a browser that asks while the application starts again waits instead of being refused.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from types import FrameType

PR_SET_PDEATHSIG = 1
#: Exit codes that say that starting again would not help: ended in good order, or a setting is wrong.
FINAL = (0, 2)
SOCKET, WORKER = "GRIDBOARD_SOCKET_FD", "GRIDBOARD_WORKER"


@dataclass(frozen=True)
class Patience:
    """Pauses double from `first_s` up to `longest_s`; after `tries` crashes in a row it gives up.

    A run of at least `steady_s` ends the row.
    """

    first_s: float = 1.0
    longest_s: float = 30.0
    tries: int = 8
    steady_s: float = 60.0

    def pause_s(self, crashes: int) -> float:
        """Before the next start, after so many crashes in a row."""
        return float(min(self.first_s * 2 ** (crashes - 1), self.longest_s))


@dataclass
class Supervisor:
    """`workers`: how many processes of the application serve the one socket, each started again by itself."""

    command: Sequence[str]
    listening: socket.socket | None = None
    patience: Patience = Patience()
    say: Callable[[str], None] = field(default=lambda line: print(line, file=sys.stderr, flush=True))
    workers: int = 1
    _children: dict[int, subprocess.Popen] = field(default_factory=dict)
    _ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Until a process ends in good order, is told to end, or crashes too often: the others end with it. Its exit code."""
        ended: SimpleQueue[int] = SimpleQueue()
        numbers = range(1, self.workers + 1)
        threads = [threading.Thread(target=lambda number=number: ended.put(self._keep(number))) for number in numbers]
        for thread in threads:
            thread.start()
        code = ended.get()
        self.end(signal.SIGTERM)
        for thread in threads:
            thread.join()
        return code

    def end(self, signal_number: int, frame: FrameType | None = None) -> None:
        """A signal for us is one for the application, which ends in its own time."""
        self._ending.set()
        for child in list(self._children.values()):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)

    def _keep(self, number: int) -> int:
        """Start a process, and again after each crash, until there is a reason not to. Its last exit code."""
        name = "The application" if self.workers == 1 else f"Process {number} of the application"
        crashes = 0
        while True:
            began = time.monotonic()
            code = self._serve(number)
            if self._ending.is_set() or code in FINAL:
                return code
            crashes = 1 if time.monotonic() - began >= self.patience.steady_s else crashes + 1
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            if crashes >= self.patience.tries:
                self.say(f"{name} crashed {crashes} times in a row (at last: {how}); it is not started again.")
                return 128 - code if code < 0 else code
            pause = self.patience.pause_s(crashes)
            self.say(f"{name} crashed ({how}); it is started again in {pause:g} s.")
            if self._ending.wait(pause):
                return 0

    def _serve(self, number: int) -> int:
        handles = () if self.listening is None else (self.listening.fileno(),)
        told = {SOCKET: str(handles[0])} if handles else {}
        # a session of its own: ctrl-C at the terminal reaches the application through `end`, once. The thread that starts a
        # process waits for it: a process whose starter's thread has ended would get the death signal
        child = self._children[number] = subprocess.Popen(
            self.command,
            env=os.environ | told | {WORKER: str(number)},
            pass_fds=handles,
            start_new_session=True,
            preexec_fn=_end_with_parent(os.getpid()),
        )
        if self._ending.is_set():
            self.end(signal.SIGTERM)
        return child.wait()


def _end_with_parent(parent: int) -> Callable[[], None]:
    """In the child: when the supervisor is killed outright, the application ends as well."""
    library = ctypes.CDLL(None, use_errno=True)

    def set_death_signal() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)

    return set_death_signal


def main() -> None:
    from settings import SettingsError, load_settings
    from web.listening import handed_down, listen

    try:
        server = load_settings().server
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    listening = handed_down(server) or listen(server.host, server.port)
    supervisor = Supervisor([sys.executable, "app.py"], listening, workers=server.workers)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.end)
    sys.exit(supervisor.run())


if __name__ == "__main__":
    main()
