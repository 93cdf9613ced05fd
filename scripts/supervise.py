"""Supervisor of the application: starts it again after a crash, with a growing pause; `make run` uses it.

The listening socket is held here and handed down, as systemd does it, so that a browser that asks
while the application starts again waits instead of being refused. Where systemd runs, its units do this: deploy/.
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
from types import FrameType

PR_SET_PDEATHSIG = 1
#: Exit codes that say that starting again would not help: ended in good order, or a setting is wrong.
FINAL = (0, 2)
SOCKET = "GRIDBOARD_SOCKET_FD"


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
    command: Sequence[str]
    listening: socket.socket | None = None
    patience: Patience = Patience()
    say: Callable[[str], None] = field(default=lambda line: print(line, file=sys.stderr, flush=True))
    _child: subprocess.Popen | None = None
    _ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Until the application ends in good order, is told to end, or crashes too often. Its exit code."""
        crashes = 0
        while True:
            began = time.monotonic()
            code = self._serve()
            if self._ending.is_set() or code in FINAL:
                return code
            crashes = 1 if time.monotonic() - began >= self.patience.steady_s else crashes + 1
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            if crashes >= self.patience.tries:
                self.say(f"The application crashed {crashes} times in a row (at last: {how}); it is not started again.")
                return 128 - code if code < 0 else code
            pause = self.patience.pause_s(crashes)
            self.say(f"The application crashed ({how}); it is started again in {pause:g} s.")
            if self._ending.wait(pause):
                return 0

    def end(self, signal_number: int, frame: FrameType | None = None) -> None:
        """A signal for us is one for the application, which ends in its own time."""
        self._ending.set()
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)

    def _serve(self) -> int:
        handles = () if self.listening is None else (self.listening.fileno(),)
        # a session of its own: ctrl-C at the terminal reaches the application through `end`, once
        self._child = subprocess.Popen(
            self.command,
            env=os.environ | ({SOCKET: str(handles[0])} if handles else {}),
            pass_fds=handles,
            start_new_session=True,
            preexec_fn=_end_with_parent(os.getpid()),
        )
        if self._ending.is_set():
            self.end(signal.SIGTERM)
        return self._child.wait()


def _end_with_parent(parent: int) -> Callable[[], None]:
    """In the child: when the supervisor is killed outright, the application ends as well."""
    library = ctypes.CDLL(None, use_errno=True)

    def set_death_signal() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)

    return set_death_signal


def listen(host: str, port: int) -> socket.socket:
    """Raises OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=512)


def main() -> None:
    from settings import load_settings

    server = load_settings().server
    supervisor = Supervisor([sys.executable, "app.py"], listen(server.host, server.port))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.end)
    sys.exit(supervisor.run())


if __name__ == "__main__":
    main()
