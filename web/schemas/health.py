"""Health of a process."""

from __future__ import annotations

from web.schemas.base import Outgoing


class Health(Outgoing):
    status: str
