"""What each act left of a case, from that act to the next: a projection of the trace for questions about the past."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Path
from data.models.cases import Moment

UNCLOSED = text(
    "status IN ('reported', 'accepted', 'waiting', 'dispatched', 'signed', 'handling', 'paused', 'settled', 'visited')"
)


class CaseSpan(Base):
    """The columns of `cases` that acts change, as they stood from `from_at` until `to_at`. `now_path`: where the case lies
    at present, by which it may be seen. `was`: facts that an import has written over since; null where they are as now."""

    __tablename__ = "case_span"
    __table_args__ = (
        Index(
            "ix_case_span_during", text("tstzrange(from_at, to_at)"), postgresql_using="gist", postgresql_where=UNCLOSED
        ),
        Index("ix_case_span_path", "prefecture", "path", "from_at"),
        Index("ix_case_span_settled", "prefecture", "settled_at", postgresql_where=text("settled_at IS NOT NULL")),
        Index("ix_case_span_reported", "prefecture", "reported_at"),
    )

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    from_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    to_at: Mapped[datetime] = mapped_column(Moment, server_default=text("'infinity'::timestamptz"))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int]
    path: Mapped[Path]
    now_path: Mapped[Path]
    centre_id: Mapped[int]
    holder_id: Mapped[int]
    sender_id: Mapped[int | None]
    responsible_id: Mapped[int | None]
    reported_at: Mapped[datetime] = mapped_column(Moment)
    status_since: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    returned_n: Mapped[int] = mapped_column(SmallInteger)
    queued_at: Mapped[datetime] = mapped_column(Moment)
    settle_from: Mapped[datetime] = mapped_column(Moment)
    settle_due_at: Mapped[datetime | None] = mapped_column(Moment)
    left_by: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    co_handlers: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    binding: Mapped[bool]
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    extension_until: Mapped[datetime | None] = mapped_column(Moment)
    mediations: Mapped[int] = mapped_column(SmallInteger)
    first_mediation: Mapped[str | None] = mapped_column(Text)
    satisfaction: Mapped[int | None] = mapped_column(SmallInteger)
    merged_into: Mapped[str | None] = mapped_column(Text(collation="C"))
    was: Mapped[dict | None] = mapped_column(JSONB)


class SpanGap(Base):
    """A case whose spans are still to be made of its trace."""

    __tablename__ = "span_gap"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
