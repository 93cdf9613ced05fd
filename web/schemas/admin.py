"""Schemas of the admin's messages and switches."""

from __future__ import annotations

from datetime import datetime

from web.schemas.base import Incoming, Outgoing, Page


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


DeliveryList = Page[Delivery]


class Route(Outgoing):
    """A route of messages. `refusal`: why it is paused, a word of docs/messages.md, "" while it works; `probe_at`: when one
    message is tried on it, null where a person has to resume it; `switchable`: whether the caller may."""

    name: str
    adapter: str
    state: str
    refusal: str
    reason: str
    since: datetime
    by_user: str
    probe_at: datetime | None
    last_success_at: datetime | None
    last_try_at: datetime | None
    waiting: int
    configured: bool
    switchable: bool


RouteList = Page[Route]


class PauseForm(Incoming):
    reason: str


class SwitchForm(Incoming):
    on: bool


class Switch(Outgoing):
    code: str
    kind: str
    name: str
    since: datetime | None
    by: str | None


SwitchList = Page[Switch]
