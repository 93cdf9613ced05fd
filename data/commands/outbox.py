"""What an admin changes about messages: a dead delivery is tried again, a duty desk is reached elsewhere."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Connection, text

from data.audit import access_log
from data.audit.access_log import COMMAND_LINE, Actor
from data.queries.outbox import masked
from data.sql import load
from rules.access_log import Access
from rules.errors import Problem

CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,30}", re.ASCII)
ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f,;<>]{1,254}")


def send_again(connection: Connection, delivery: int | None, now: datetime, *, by: Actor = COMMAND_LINE) -> int:
    """Let a dead delivery, or all of them, be tried anew from the start; returns how many."""
    changed = connection.execute(load("send_again"), {"id": delivery, "now": now}).rowcount
    if delivery is not None and not changed:
        raise Problem("not_found")
    if changed:
        which = "all" if delivery is None else str(delivery)
        access_log.append(connection, [access_log.entry(Access.messages_again, by, object=which, n=changed)])
    return int(changed)


def add_contact(
    connection: Connection, *, organisation: str, channel: str, address: str, by: Actor = COMMAND_LINE
) -> None:
    """Note where a body's duty desk is reached. Raises Problem not_found, or invalid, without the address."""
    if not CHANNEL.fullmatch(channel):
        raise Problem("invalid", field="channel", value=channel)
    if not ADDRESS.fullmatch(address) or (channel == "email" and address.count("@") != 1):
        raise Problem("invalid", field="address", value=masked(address))
    added = connection.execute(
        text("INSERT INTO contact VALUES (:body, :channel, :address) ON CONFLICT DO NOTHING"),
        {"body": _organisation(connection, organisation), "channel": channel, "address": address},
    ).rowcount
    if added:
        _note_contact(connection, Access.contact_add, by, organisation, channel)


def remove_contact(
    connection: Connection, *, organisation: str, channel: str, address: str | None, by: Actor = COMMAND_LINE
) -> int:
    """Forget an address of a body's duty desk, or (None) all on a channel; returns how many."""
    removed = connection.execute(
        load("delete_contacts"),
        {"body": _organisation(connection, organisation), "channel": channel, "address": address},
    ).rowcount
    if removed:
        _note_contact(connection, Access.contact_remove, by, organisation, channel, n=removed)
    return int(removed)


def _note_contact(connection: Connection, act: Access, by: Actor, code: str, channel: str, n: int = 1) -> None:
    """Whose desk and which channel, never the address."""
    path = connection.execute(text("SELECT path FROM organisation WHERE code = :code"), {"code": code}).scalar_one()
    record = access_log.entry(act, by, object=code, path=path, n=n, details={"channel": channel})
    access_log.append(connection, [record])


def _organisation(connection: Connection, organisation: str) -> int:
    identity: int | None = connection.execute(
        text("SELECT id FROM organisation WHERE code = :code"), {"code": organisation}
    ).scalar()
    if identity is None:
        raise Problem("not_found", field="organisation", value=organisation)
    return identity
