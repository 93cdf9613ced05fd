"""Targeted remediations of some grids, with their notes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ARRAY, JSON, CheckConstraint, Date, ForeignKey, Identity, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Path
from data.models.cases import Moment


class Remediation(Base):
    """`people`: posts, never names; `kinds`: of the cases that it is about; `checklist`: list of `text`, `done`."""

    __tablename__ = "remediation"
    __table_args__ = (CheckConstraint("ends > begins", name="right_way"),)

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    prefecture: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    measures: Mapped[list] = mapped_column(JSON)
    people: Mapped[list] = mapped_column(JSON)
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    begins: Mapped[date] = mapped_column(Date)
    ends: Mapped[date] = mapped_column(Date)
    checklist: Mapped[list] = mapped_column(JSON)
    by_role: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closing: Mapped[str | None] = mapped_column(Text)


class RemediationArea(Base):
    """A grid of a remediation."""

    __tablename__ = "remediation_area"
    __table_args__ = (Index("ix_remediation_area_path", "path"),)

    remediation_id: Mapped[int] = mapped_column(ForeignKey("remediation.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[Path]


class RemediationNote(Base):
    """What was done, by which post."""

    __tablename__ = "remediation_note"
    __table_args__ = (Index("ix_remediation_note_remediation_id", "remediation_id", "at"),)

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    remediation_id: Mapped[int] = mapped_column(ForeignKey("remediation.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment)
    by_role: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    note: Mapped[str] = mapped_column(Text)
