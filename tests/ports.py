"""A port for a server of a test."""

from __future__ import annotations

import socket


def free_port() -> int:
    """One that nobody has now; the next who asks may get it too, so listen at once."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
