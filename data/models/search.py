"""What cases are searched by. Nobody writes here: triggers of `cases` do (migration 0022)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base
from data.models.cases import BY_PREFECTURE, Moment


class CaseSearch(Base):
    """A case's number from its end, and its words: of number and title, and of the areas above it ('@532801')."""

    __tablename__ = "case_search"
    __table_args__ = (
        Index("ix_case_search_reported", "reported_at"),
        Index("ix_case_search_tail", "tail"),
        Index("ix_case_search_words", "words", postgresql_using="gin"),
        BY_PREFECTURE,
    )

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    reported_at: Mapped[datetime] = mapped_column(Moment)
    tail: Mapped[str] = mapped_column(Text(collation="C"))
    words: Mapped[object] = mapped_column(TSVECTOR)
