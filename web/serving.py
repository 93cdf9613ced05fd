"""Listening: on an address of the settings, or on a socket from a supervisor or systemd."""

from __future__ import annotations

import os
import socket

import uvicorn
from fastapi import FastAPI

from settings import ServerSettings
from web.middleware.connections import bounded_protocol, places_for, raise_file_limit

#: The first descriptor of systemd's socket activation, sd_listen_fds(3).
FIRST_ACTIVATED = 3
BACKLOG = 128


def run(server: FastAPI, settings: ServerSettings) -> None:
    """Serve until interrupted."""
    places = places_for(settings.max_connections, raise_file_limit())
    protocol = bounded_protocol(places, trusted_proxies=settings.trusted_proxies)
    config = uvicorn.Config(
        server,
        http=protocol,  # type: ignore[arg-type]
        loop="uvloop",
        host=settings.host,
        port=settings.port,
        # no more are accepted at once than there are descriptors left for
        backlog=BACKLOG,
        ws="none",
        # our own handlers, without personal data (data/logs.py)
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=False,
    )
    listening = handed_down(settings)
    uvicorn.Server(config).run(sockets=None if listening is None else [listening])


def handed_down(settings: ServerSettings) -> socket.socket | None:
    """The listening socket that was handed down by the parent, if there is one."""
    descriptor = settings.socket_fd
    if descriptor is None and os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS"):
        descriptor = FIRST_ACTIVATED
    return None if descriptor is None else socket.socket(fileno=descriptor)
