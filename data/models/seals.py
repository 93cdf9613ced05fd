"""Seals of case rows, chained apart from the acts, and how far the anchors have come."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, Date, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json
from data.models.cases import Moment


class CaseSeal(Base):
    """What an act, a look of the scheduler, a load or a recomputation left in the row of a case.

    `details`: `columns`, the salted digest of each column that is another one than at the record before (null: it has
    no value any more); `notices`, the reminders written; `broken`, the columns that somebody had changed past the
    chain. `why`: act, load, deadlines, look, columns, before (what was there when the chain began), deployment,
    anchors (another folder of them was begun).
    """

    __tablename__ = "case_seal"
    __table_args__ = (Index("ix_case_seal_case", "prefecture", "case_no", "n"),)

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"))
    event_seq: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    details: Mapped[Json]
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class CaseMark(Base):
    """The digests of a case at its last record, so that the next one holds the differences alone. Not trusted:
    verification computes them from the chain. `changing`: the transaction that changes the case right now."""

    __tablename__ = "case_mark"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    marks: Mapped[dict] = mapped_column(JSONB)
    changing: Mapped[str | None] = mapped_column(Text)
    broken: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class AnchorHead(Base):
    """How many lines of anchors were written for a prefecture, and the digest of the last one: a file that was cut
    differs from it, as the file differs from a database that was set back."""

    __tablename__ = "anchor_head"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    identity: Mapped[str] = mapped_column(Text)
    lines: Mapped[int] = mapped_column(Integer)
    line: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
