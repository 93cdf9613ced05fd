"""`manage.py` as a process of its own for each command, forked from one that has imported it all: 50 ms instead of 2 s.

What is imported at a start of Python is met by the tests that start `manage.py` itself (`outbox run`, `make run`).
"""

from __future__ import annotations

import gc
import os
import pickle
import runpy
import socket
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST = 1_000_000


class CommandLine:
    """Runs one command at a time, with the environment that it is given and nothing of the test's process."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.command_line", str(theirs.fileno())]
            self._parent = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)

    def run(self, *arguments: str, environment: dict[str, str], given: str = "") -> subprocess.CompletedProcess[str]:
        """The command's exit code and words; `given` is what it reads from its standard input."""
        with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            read.write(given.encode())
            read.seek(0)
            order = pickle.dumps((arguments, environment))
            socket.send_fds(self._socket, [order], [one.fileno() for one in (read, out, err)])
            answer = self._socket.recv(100)
            assert answer, "the process that runs the commands has died"
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(
                ["manage.py", *arguments], int(answer), out.read().decode(), err.read().decode()
            )

    def close(self) -> None:
        self._socket.close()
        self._parent.wait(60)


def serve(orders: socket.socket) -> None:
    """Fork for each order until nobody gives any."""
    while True:
        order, handles, _, _ = socket.recv_fds(orders, MOST, 3)
        if not order:
            return
        child = os.fork()
        if child == 0:
            orders.close()
            _become(*pickle.loads(order), handles)
        for handle in handles:
            os.close(handle)
        _, status = os.waitpid(child, 0)
        orders.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(arguments: tuple[str, ...], environment: dict[str, str], handles: list[int]) -> None:
    """In the child: the command, as Python would run it; ends the process."""
    code = 1
    try:
        for number, handle in enumerate(handles):
            os.dup2(handle, number)
            os.close(handle)
        os.environ.clear()
        os.environ.update(environment)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
        sys.argv = ["manage.py", *arguments]
        runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")
        code = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    import demo.load  # noqa: F401 - imported late by a command

    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
