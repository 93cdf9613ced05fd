"""The access log, the head of its chain, and verifications that run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, Integer, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, Path
from data.models.cases import Moment


class AccessEntry(Base):
    """One access. `at`: when it happened, by the application; `written_at`: by the database, which prunes by it.

    `path`: the area of the account, or of what was changed; `case_path`: of the case. `address`: a network, no client's.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_at", "at"),
        Index("ix_access_log_case", "case_no", "seq", postgresql_where=text("case_no <> ''")),
        Index("ix_access_log_account", "account", "seq"),
        Index("ix_access_log_path", "path", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    written_at: Mapped[datetime] = mapped_column(Moment)
    act: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(Integer)
    account: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int | None] = mapped_column(Integer)
    area: Mapped[str] = mapped_column(Text)
    path: Mapped[Path]
    case_no: Mapped[str] = mapped_column(Text(collation="C"))
    case_path: Mapped[Path]
    object: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    n: Mapped[int] = mapped_column(Integer)
    details: Mapped[Json]
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AccessHead(Base):
    """One row: the newest link of the chain, and the last one that was pruned."""

    __tablename__ = "access_head"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    pruned_seq: Mapped[int] = mapped_column(BigInteger)
    pruned_hash: Mapped[bytes] = mapped_column(LargeBinary)


class Verification(Base):
    """A verification started on a screen: how far it is; `result_seq` is the entry of the log that holds its result."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Moment)
    beat_at: Mapped[datetime] = mapped_column(Moment)
    read: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    result_seq: Mapped[int | None] = mapped_column(BigInteger)
    failed: Mapped[bool]
