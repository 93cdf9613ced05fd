"""Check before a start: one line for a wrong setting or a port that is taken."""

from __future__ import annotations

import os
import socket
import sys

from settings import SettingsError, load_settings


def main() -> None:
    try:
        server = load_settings().server
    except SettingsError as error:
        sys.exit(str(error))
    try:
        family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
        socket.create_server((server.host, server.port), family=family).close()
    except OSError as error:
        sys.exit(
            f"Cannot listen on {server.host}:{server.port}: {os.strerror(error.errno) if error.errno else error}. "
            "Choose another port with GRIDBOARD_PORT, or stop what uses it."
        )


if __name__ == "__main__":
    main()
