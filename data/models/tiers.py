"""Tiers of grids, present and past, each with rule version, inputs and contributions; the rule; figures it may count."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, Path
from data.models.cases import Moment


class Tier(Base):
    __tablename__ = "tier"
    __table_args__ = (
        Index("ix_tier_path", "path"),
        Index("ix_tier_override", "override_until", postgresql_where=text("override_tier IS NOT NULL")),
    )

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[Path]
    tier: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    rule_version: Mapped[int]
    inputs: Mapped[Json]
    contributions: Mapped[Json]
    since: Mapped[datetime] = mapped_column(Moment)
    evaluated_at: Mapped[datetime] = mapped_column(Moment)
    override_tier: Mapped[str | None] = mapped_column(Text)
    override_reason: Mapped[str | None] = mapped_column(Text)
    override_until: Mapped[datetime | None] = mapped_column(Moment)
    computed: Mapped[str] = mapped_column(Text)
    exposures: Mapped[Json] = mapped_column(JSON, server_default="{}")
    override_by: Mapped[str | None] = mapped_column(Text)
    override_at: Mapped[datetime | None] = mapped_column(Moment)


class TierHistory(Base):
    __tablename__ = "tier_history"
    __table_args__ = (
        Index("ix_tier_history_area", "area_id", "evaluated_at"),
        Index("ix_tier_history_path", "path", "evaluated_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    path: Mapped[Path]
    tier: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    rule_version: Mapped[int]
    inputs: Mapped[Json]
    contributions: Mapped[Json]
    evaluated_at: Mapped[datetime] = mapped_column(Moment)
    exposures: Mapped[Json] = mapped_column(JSON, server_default="{}")
    cause: Mapped[str] = mapped_column(Text, server_default="day")
    override_reason: Mapped[str | None] = mapped_column(Text)
    override_until: Mapped[datetime | None] = mapped_column(Moment)
    computed: Mapped[str | None] = mapped_column(Text)
    override_by: Mapped[str | None] = mapped_column(Text)
    override_at: Mapped[datetime | None] = mapped_column(Moment)


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


class TierRule(Base):
    """A version of the rule, never changed; the highest is in force. `rule`: the document of rules/tier_rule.py."""

    __tablename__ = "tier_rule"
    __table_args__ = (CheckConstraint("version > 0", name="from_one"),)

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    author_role: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)
    rule: Mapped[dict] = mapped_column(JSONB)


class AreaFigure(Base):
    """A figure of an area that a factor may count: an imported column, or the support caseload."""

    __tablename__ = "area_figure"
    __table_args__ = (CheckConstraint("value >= 0", name="not_negative"),)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[float]
    path: Mapped[Path]
