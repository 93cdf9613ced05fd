"""Deliveries of outbox messages by route, addresses of duty desks, and the reminders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, Path
from data.models.cases import Moment


class Delivery(Base):
    """One message on one route to one organisation: waiting, sent or dead. `leased_until`: somebody is sending it.

    `reached`: marks of the addresses that have it, when an organisation has several on a channel; with a minus those that refused
    it. `queued_at`: since when it waits for its route (the senders' clock). `unclear`: how many answers were not
    understood. `pauses`: how often it was refused in the name of a route that sent others.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "route", "next_try_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_delivery_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    prefecture: Mapped[str] = mapped_column(Text)
    outbox_id: Mapped[int] = mapped_column(BigInteger)
    route: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    case_no: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int | None] = mapped_column(Integer)
    payload: Mapped[Json]
    path: Mapped[Path]
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str] = mapped_column(Text, server_default="")
    reached: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    queued_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    unclear: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    pauses: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class MessageRoute(Base):
    """A route of messages in its present state: working, or paused `since` for a `refusal` (data/outbox/messages.py).

    `streak`, `failures`: of what kind the last failures were, how many in a row. `probe_at`: when one message is tried on
    a paused route, after `probes`; NULL: a person resumes it. `told_at`: when the admin was told; `seen_at`: when a
    sender last had it in its configuration.
    """

    __tablename__ = "message_route"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    adapter: Mapped[str] = mapped_column(Text, server_default="")
    state: Mapped[str] = mapped_column(Text, server_default="working")
    refusal: Mapped[str] = mapped_column(Text, server_default="")
    reason: Mapped[str] = mapped_column(Text, server_default="")
    since: Mapped[datetime] = mapped_column(Moment)
    by_user: Mapped[str] = mapped_column(Text, server_default="")
    streak: Mapped[str] = mapped_column(Text, server_default="")
    failures: Mapped[int] = mapped_column(Integer, server_default="0")
    probes: Mapped[int] = mapped_column(Integer, server_default="0")
    probe_at: Mapped[datetime | None] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    last_success_at: Mapped[datetime | None] = mapped_column(Moment)
    last_try_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)


class Contact(Base):
    """Where the duty desk of an organisation is reached on a channel. Never a person's."""

    __tablename__ = "contact"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text, primary_key=True)


class CaseReminder(Base):
    """A level that an SLA timer of a case reached: once for each timer. `began_at` distinguishes the timers of one step."""

    __tablename__ = "case_notice"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    level: Mapped[str] = mapped_column(Text, primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    organisation_id: Mapped[int] = mapped_column(Integer)
    path: Mapped[Path]


class AutoDispatch(Base):
    """A category whose cases the software dispatches by itself, and who switched that on."""

    __tablename__ = "auto_dispatch"

    category: Mapped[str] = mapped_column(ForeignKey("category.code", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    since: Mapped[datetime] = mapped_column(Moment)
