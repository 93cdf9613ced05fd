"""The listening socket: one that whoever started this process has opened, or one of its own."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from settings import ServerSettings

#: The first descriptor of systemd's socket activation, sd_listen_fds(3).
FIRST_ACTIVATED = 3


def handed_down(settings: ServerSettings) -> socket.socket | None:
    """The socket that a supervisor or systemd has handed down, if there is one."""
    descriptor = settings.socket_fd
    if descriptor is None and os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS"):
        descriptor = FIRST_ACTIVATED
    return None if descriptor is None else socket.socket(fileno=descriptor)


def listen(host: str, port: int) -> socket.socket:
    """Raises OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=512)
