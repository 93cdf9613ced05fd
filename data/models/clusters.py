"""Scans for emerging clusters and what they found."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Path
from data.models.cases import Moment


class ScanRun(Base):
    """One scan as of a moment; `share` of it is done. One that does not beat any more has died with its process."""

    __tablename__ = "scan_run"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'cancelled', 'failed')", name="known_state"),
        Index("uq_scan_run_running", "state", unique=True, postgresql_where=text("state = 'running'")),
        Index("ix_scan_run_done", "at", postgresql_where=text("state = 'done'")),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(Text)
    share: Mapped[float] = mapped_column(server_default="0")
    started_at: Mapped[datetime] = mapped_column(Moment)
    beat_at: Mapped[datetime] = mapped_column(Moment)
    by_role: Mapped[str] = mapped_column(Text)


class Cluster(Base):
    """A circle (WGS84, metres) and the days in which it held more cases than expected; of one category, or of all. `path`: of
    the area that its centre lies in."""

    __tablename__ = "cluster"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("scan_run.id", ondelete="CASCADE"), index=True)
    prefecture: Mapped[str] = mapped_column(Text)
    path: Mapped[Path]
    category: Mapped[str | None] = mapped_column(Text)
    lon: Mapped[float]
    lat: Mapped[float]
    radius_m: Mapped[float]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    observed: Mapped[int]
    expected: Mapped[float]
    llr: Mapped[float]
    p: Mapped[float]


class ClusterCase(Base):
    """A case in a cluster."""

    __tablename__ = "cluster_case"
    __table_args__ = (Index("ix_cluster_case_case_no", "prefecture", "case_no"),)

    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id", ondelete="CASCADE"), primary_key=True)
    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    case_no: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
