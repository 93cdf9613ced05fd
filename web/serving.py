"""Listening: on an address of the settings, or on a socket from a supervisor or systemd."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

from settings import ServerSettings
from web.listening import handed_down
from web.middleware.connections import bounded_protocol, places_for, raise_file_limit

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
