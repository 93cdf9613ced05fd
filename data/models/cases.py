"""Cases, their append-only trace, and the outbox. All list-partitioned by the prefecture's code."""

from __future__ import annotations

from datetime import datetime

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, Path

# The sets of rules/cases.py, as is_open and is_to_file have them (migration 0023).
OPEN = text("status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused')")
TO_FILE = text("status IN ('settled', 'visited')")
BY_PREFECTURE = {"postgresql_partition_by": "LIST (prefecture)"}
Moment = DateTime(timezone=True)


class Case(Base):
    """One case: the columns of rules/facts.py. `centre` routes it, `holder` has it now, `sender` dispatched it,
    `responsible` signed it last. Deadlines are projections of the trace, kept to be sorted and counted by."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_open_path", "prefecture", "path", "due_at", postgresql_where=OPEN),
        Index("ix_cases_open_due", "prefecture", "due_at", "case_no", postgresql_where=OPEN),
        Index(
            "ix_cases_open_sorted",
            "prefecture",
            text("coalesce(due_at, 'infinity'::timestamptz)"),
            "case_no",
            postgresql_where=OPEN,
        ),
        Index("ix_cases_waiting_due", "prefecture", "due_at", "case_no", postgresql_where=text("status = 'waiting'")),
        Index("ix_cases_to_file_path", "prefecture", "path", "settled_at", postgresql_where=TO_FILE),
        Index(
            "ix_cases_to_file_sorted",
            "prefecture",
            text("coalesce(settled_at, 'infinity'::timestamptz)"),
            "case_no",
            postgresql_where=TO_FILE,
        ),
        Index("ix_cases_holder_open", "prefecture", "holder_id", postgresql_where=OPEN),
        Index("ix_cases_reported", "prefecture", "reported_at", "case_no"),
        Index("ix_cases_path_reported", "prefecture", "path", "reported_at"),
        Index(
            "ix_cases_settled", "prefecture", "settled_at", "case_no", postgresql_where=text("settled_at IS NOT NULL")
        ),
        Index(
            "ix_cases_co_handlers", "co_handlers", postgresql_using="gin", postgresql_where=text("co_handlers <> '{}'")
        ),
        Index(
            "ix_cases_notify",
            "notify_at",
            postgresql_where=text(f"notify_at IS NOT NULL AND {OPEN}"),
        ),
        Index("ix_cases_paused", "prefecture", "paused_until", postgresql_where=text("status = 'paused'")),
        Index("ix_cases_open_geom", "geom", postgresql_using="gist", postgresql_where=OPEN),
        BY_PREFECTURE,
    )

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(ForeignKey("category.code"))
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    severity: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    path: Mapped[Path]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    geom: Mapped[object | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    centre_path: Mapped[Path]
    holder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    holder_path: Mapped[Path]
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    reported_at: Mapped[datetime] = mapped_column(Moment)
    status_since: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    returned_n: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    queued_at: Mapped[datetime] = mapped_column(Moment)
    settle_from: Mapped[datetime] = mapped_column(Moment)
    settle_due_at: Mapped[datetime | None] = mapped_column(Moment)
    sender_path: Mapped[str | None] = mapped_column(Text(collation="C"))
    left_by: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    co_handlers: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    binding: Mapped[bool] = mapped_column(server_default="false")
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    extension_until: Mapped[datetime | None] = mapped_column(Moment)
    mediations: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    first_mediation: Mapped[str | None] = mapped_column(Text)
    satisfaction: Mapped[int | None] = mapped_column(SmallInteger)
    merged_into: Mapped[str | None] = mapped_column(Text(collation="C"))
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    notify_at: Mapped[datetime | None] = mapped_column(Moment, server_default=text("'-infinity'"))
    clocks_since: Mapped[datetime | None] = mapped_column(Moment)
    salt: Mapped[bytes] = mapped_column(
        LargeBinary, server_default=text("decode(replace(gen_random_uuid()::text, '-', ''), 'hex')")
    )


class CaseImport(Base):
    """Where an imported case is from, and what the last import knew of it.

    `feed`: the export that it comes with; empty where that is not known. `row_key`: how a row without a number is known
    again. `row_digest`: all that the row said. `version`: that of the case after the last import: a higher one means
    that somebody here has touched it. `gone`: it was missing in the last update of its feed.
    """

    __tablename__ = "case_import"
    __table_args__ = (
        ForeignKeyConstraint(["prefecture", "case_no"], ["cases.prefecture", "cases.case_no"], ondelete="CASCADE"),
        Index("ix_case_import_row_key", "prefecture", "row_key", postgresql_where=text("row_key IS NOT NULL")),
        Index("ix_case_import_feed", "prefecture", "feed"),
    )

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    feed: Mapped[str] = mapped_column(Text, server_default="")
    row_key: Mapped[str | None] = mapped_column(Text(collation="C"))
    row_digest: Mapped[str | None] = mapped_column(Text(collation="C"))
    version: Mapped[int]
    gone: Mapped[bool] = mapped_column(server_default="false")
    last_seen: Mapped[datetime | None] = mapped_column(Moment)


class CaseEvent(Base):
    """One act on a case: one row a version, one world-wide `seq`, each row's hash taking in the one before it."""

    __tablename__ = "case_event"
    __table_args__ = (
        ForeignKeyConstraint(["prefecture", "case_no"], ["cases.prefecture", "cases.case_no"]),
        Index("uq_case_event_version", "prefecture", "case_no", "version", unique=True),
        Index("ix_case_event_at", "prefecture", "at"),
        Index("ix_case_event_choice", "prefecture", "at", postgresql_where=text("(details ->> 'choice') IS NOT NULL")),
        BY_PREFECTURE,
    )

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"))
    at: Mapped[datetime] = mapped_column(Moment)
    act: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(Integer)
    by_organisation_id: Mapped[int | None] = mapped_column(Integer)
    from_status: Mapped[str | None] = mapped_column(Text)
    to_status: Mapped[str] = mapped_column(Text)
    from_organisation_id: Mapped[int | None] = mapped_column(Integer)
    to_organisation_id: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(Text)
    details: Mapped[Json]
    version: Mapped[int]
    path: Mapped[Path]
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class ChainHead(Base):
    """The newest link of a prefecture's trace, and of its seals (data/models/seals.py); written by triggers alone."""

    __tablename__ = "chain_head"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    seal_n: Mapped[int] = mapped_column(BigInteger, server_default="0")
    seal_hash: Mapped[bytes] = mapped_column(LargeBinary, server_default="")


class CaseSerial(Base):
    """The last case number given out in a county on a local day."""

    __tablename__ = "case_serial"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    prefix: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int]


class Outbox(Base):
    """A message that has to leave: written in the transaction of its cause, handed on afterwards, never before.

    `sent_at`: when it was given to the routes (data/models/messages.py); `dedupe`: the same message is sent once.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_dedupe", "prefecture", "dedupe", unique=True),
        Index("ix_outbox_unsent", "prefecture", "id", postgresql_where=text("sent_at IS NULL")),
        BY_PREFECTURE,
    )

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_no: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int | None] = mapped_column(Integer)
    payload: Mapped[Json]
    path: Mapped[Path]
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    dedupe: Mapped[str | None] = mapped_column(Text)


class Idempotency(Base):
    """What a request with this key was answered, so that a retry has no second effect."""

    __tablename__ = "idempotency"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    request_hash: Mapped[str] = mapped_column(Text)
    response: Mapped[Json | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
