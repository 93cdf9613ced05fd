"""Users with role and area, their sessions, wall displays, and when they were here last."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Identity, Index, Integer, LargeBinary, Text, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base
from data.models.cases import Moment


class User(Base):
    """`must_change`: the password is an initial one, which opens no session until its owner has replaced it."""

    __tablename__ = "app_user"
    __table_args__ = (
        CheckConstraint(
            "role IN ('leader', 'dispatcher', 'handler', 'auditor', 'admin') OR NOT active", name="ck_app_user_role"
        ),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    locale: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(server_default="true")
    demo: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(Moment)
    must_change: Mapped[bool] = mapped_column(server_default="false")


class LoginSession(Base):
    """A login. Only hashes are kept: the table is of no use for a login."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_user", "user_id"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    csrf_token: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class Display(Base):
    __tablename__ = "display"
    __table_args__ = (Index("uq_display_name", "name", unique=True, postgresql_where=text("revoked_at IS NULL")),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class AccountSeen(Base):
    """When an account was here last, to the minute."""

    __tablename__ = "account_seen"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seen_at: Mapped[datetime] = mapped_column(Moment)


class DisplaySeen(Base):
    """When a wall was here last, to the minute."""

    __tablename__ = "display_seen"

    display_id: Mapped[int] = mapped_column(
        ForeignKey("display.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seen_at: Mapped[datetime] = mapped_column(Moment)


class BriefSetting(Base):
    """At what time of the local day a person has the morning brief sent; `sent_on`: the day of the last one."""

    __tablename__ = "brief_setting"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    at: Mapped[time] = mapped_column(Time)
    sent_on: Mapped[date | None] = mapped_column(Date)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ListSetting(Base):
    """How a person has set up a list of cases: columns in their order, and what it is sorted by."""

    __tablename__ = "list_setting"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    list: Mapped[str] = mapped_column(Text, primary_key=True)
    columns: Mapped[Any] = mapped_column(ARRAY(Text))
    sort: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class LoginGuess(Base):
    """Wrong passwords on an account from one source, an address or a browser; an empty source counts them all.

    Account and source are keyed hashes: the rows hold no names. `open_at`: when this source may guess next.
    """

    __tablename__ = "login_guess"
    __table_args__ = (
        Index("ix_login_guess_source", "source", "last_at"),
        Index("ix_login_guess_last_at", "last_at"),
    )

    account: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    source: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Moment)
    open_at: Mapped[datetime] = mapped_column(Moment)


class LoginSecret(Base):
    """The key of those hashes and of the cookies of known browsers; one row, made with the schema."""

    __tablename__ = "login_secret"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
