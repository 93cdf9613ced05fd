"""Claims on cases and viewers of cases. Both expire by themselves; neither outlives a crash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Path
from data.models.cases import Moment


class CaseClaim(Base):
    """A waiting case that a dispatcher has claimed, until `expires_at` (the database's clock). A courtesy, not a lock."""

    __tablename__ = "case_claim"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    path: Mapped[Path]
    user_id: Mapped[int] = mapped_column(Integer)
    tab: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class CaseViewer(Base):
    """The case that a dispatcher looks at in one tab, as the page last reported."""

    __tablename__ = "case_presence"
    __table_args__ = (Index("ix_case_presence_case", "prefecture", "case_no"), {"prefixes": ["UNLOGGED"]})

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    tab: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"))
    path: Mapped[Path]
    seen_at: Mapped[datetime] = mapped_column(Moment)
