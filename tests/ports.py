"""A port for a server of a test that can't be told to choose one itself."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

#: Below what systems hand out by themselves (Linux 32768 and up, others 49152): no connection takes one of these by chance.
PORTS = range(20_000, 32_000)
_held: list[object] = []


def free_port() -> int:
    """One that nobody listens on, and that no other test of this machine is given while this process lives."""
    folder = Path(tempfile.gettempdir()) / f"gridboard-test-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for port in random.sample(PORTS, len(PORTS)):
        try:
            lock = (folder / str(port)).open("w")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        _held.append(lock)
        return port
    raise AssertionError("every port is taken")
