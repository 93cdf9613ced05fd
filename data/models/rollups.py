"""Counts per area, kept in step with the cases by the same transaction."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Integer, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Path
from data.models.cases import Moment


class AreaCount(Base):
    """Counts now, subtree included; `unlocated_n` = open cases that hang on this very area though it has children."""

    __tablename__ = "area_count"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    path: Mapped[Path]
    open_n: Mapped[int] = mapped_column(Integer)
    waiting_n: Mapped[int] = mapped_column(Integer)
    to_file_n: Mapped[int] = mapped_column(Integer)
    unlocated_n: Mapped[int] = mapped_column(Integer)


class AreaMonth(Base):
    """Cases reported and settled in a month of the deployment's time zone, by category."""

    __tablename__ = "area_month"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    path: Mapped[Path]
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    reported: Mapped[int] = mapped_column(Integer)
    settled: Mapped[int] = mapped_column(Integer)


class AreaDay(Base):
    """Cases reported and settled on a day of the deployment's time zone."""

    __tablename__ = "area_day"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    path: Mapped[Path]
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    reported: Mapped[int] = mapped_column(Integer)
    settled: Mapped[int] = mapped_column(Integer)


class ReadingMoment(Base):
    """A moment whose counts stand in `area_reading`; areas without a row had none. `overdue_known`: not only what the trace
    says by itself, see data/commands/readings.py. `stale`: cases were loaded since, so it is read again."""

    __tablename__ = "reading_moment"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    overdue_known: Mapped[bool] = mapped_column(Boolean)
    stale: Mapped[bool] = mapped_column(Boolean, server_default=false())


class AreaReading(Base):
    """Counts of an area at a past moment, subtree included; what figures are compared with."""

    __tablename__ = "area_reading"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    path: Mapped[Path]
    at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    open_n: Mapped[int] = mapped_column(Integer)
    waiting_n: Mapped[int] = mapped_column(Integer)
    to_file_n: Mapped[int] = mapped_column(Integer)
    overdue_n: Mapped[int | None] = mapped_column(Integer)


class BodyDay(Base):
    """Outcomes of an organisation with a category on a day of the deployment's time zone (rules/track_record.py). Each act
    counts on its own day, so that a sum up to a day knows nothing of the days after it."""

    __tablename__ = "body_day"

    prefecture: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    mediated: Mapped[int] = mapped_column(Integer)
    at_first: Mapped[int] = mapped_column(Integer)
    settled: Mapped[int] = mapped_column(Integer)
    reopened: Mapped[int] = mapped_column(Integer)
    judged: Mapped[int] = mapped_column(Integer)
    on_time: Mapped[int] = mapped_column(Integer)
