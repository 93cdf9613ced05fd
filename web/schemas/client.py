"""Schema of the configuration of the page's scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from web.schemas.base import Outgoing


class Client(Outgoing):
    """All that the page's own scripts need to know before they draw."""

    user: dict[str, Any]
    locale: str
    locales: list[str]
    theme_colours: dict[str, Any]
    texts: dict[str, str | list[str]]
    levels: list[dict[str, Any]]
    boundaries: dict[str, Any]
    root: str
    deployment: dict[str, Any]
    layers: list[dict[str, Any]]
    lists: dict[str, dict[str, str]]
    factors: dict[str, str]
    categories: dict[str, str]
    map: dict[str, Any]
    csrf_token: str
    timezone: str
    now: datetime
    heartbeat_s: float
