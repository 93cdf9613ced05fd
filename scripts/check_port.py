"""Says in one line, before anything slow begins, when the port cannot be had."""

from __future__ import annotations

import socket
import sys

host, port = sys.argv[1], sys.argv[2]
try:
    with socket.create_server((host, int(port)), reuse_port=False):
        pass
except (OSError, ValueError, OverflowError) as error:
    sys.exit(
        f"Cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}. "
        "Choose another port with GRIDBOARD_PORT, or stop what uses it."
    )
