"""The shapes of what an admin sees and switches."""

from __future__ import annotations

from datetime import datetime

from web.shapes import Incoming, Outgoing


class Delivery(Outgoing):
    id: int
    route: str
    topic: str
    case_no: str
    organisation: str
    state: str
    attempts: int
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None
    last_error: str


class DeliveryList(Outgoing):
    items: list[Delivery]
    next_cursor: str | None
    total: int


class SwitchForm(Incoming):
    on: bool


class Switch(Outgoing):
    code: str
    kind: str
    name: str
    since: datetime | None
    by: str | None


class SwitchList(Outgoing):
    items: list[Switch]
    next_cursor: str | None
    total: int
