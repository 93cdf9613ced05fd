"""Tiers of grids, present and past, each with rule version, inputs and contributions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, Path
from data.models.cases import Moment


class Tier(Base):
    __tablename__ = "tier"
    __table_args__ = (Index("ix_tier_path", "path"),)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[Path]
    tier: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    rule_version: Mapped[str] = mapped_column(Text)
    inputs: Mapped[Json]
    contributions: Mapped[Json]
    since: Mapped[datetime] = mapped_column(Moment)
    evaluated_at: Mapped[datetime] = mapped_column(Moment)
    override_tier: Mapped[str | None] = mapped_column(Text)
    override_reason: Mapped[str | None] = mapped_column(Text)
    override_until: Mapped[datetime | None] = mapped_column(Moment)


class TierHistory(Base):
    __tablename__ = "tier_history"
    __table_args__ = (Index("ix_tier_history_area", "area_id", "evaluated_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    path: Mapped[Path]
    tier: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    rule_version: Mapped[str] = mapped_column(Text)
    inputs: Mapped[Json]
    contributions: Mapped[Json]
    evaluated_at: Mapped[datetime] = mapped_column(Moment)


class TierChange(Base):
    """A tier that changed, numbered like the trace so that browsers can ask for what they missed."""

    __tablename__ = "tier_change"
    __table_args__ = (Index("ix_tier_change_at", "at"),)

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    path: Mapped[Path]
    code: Mapped[str] = mapped_column(Text)
    tier: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    at: Mapped[datetime] = mapped_column(Moment)
