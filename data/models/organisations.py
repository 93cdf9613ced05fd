"""Organisations (centres, departments, mediation rooms), their duties, and the catalogue of categories."""

from __future__ import annotations

from sqlalchemy import ARRAY, ForeignKey, Identity, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, NameWords, Path, name_lines


class Category(Base):
    """A type of case. `three_class` marks the three case classes, which weigh in a grid's tier.

    `plain_names`: what residents call it, by language; where it is empty, the name serves them too. `results`: quick
    phrases for the result of a settlement, by language; where it is empty, those of the kind serve.
    """

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    names: Mapped[Json]
    plain_names: Mapped[Json] = mapped_column(server_default="{}")
    results: Mapped[Json] = mapped_column(server_default="{}")
    three_class: Mapped[bool] = mapped_column(server_default="false")
    ord: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class Organisation(Base):
    """What can hold a case: a centre, a department, a mediation room or a team."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("uq_organisation_centre", "area_id", unique=True, postgresql_where=text("kind = 'centre'")),
        Index("ix_organisation_path", "path"),
        Index("ix_organisation_words", "words", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    prefecture: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    names: Mapped[Json]
    kind: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    path: Mapped[Path]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    capacity: Mapped[int] = mapped_column(Integer, server_default="20")
    active: Mapped[bool] = mapped_column(server_default="true")
    post: Mapped[str] = mapped_column(Text, server_default="")
    posts: Mapped[Json] = mapped_column(server_default="{}")
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    pinyin: Mapped[str | None] = mapped_column(Text)
    words: Mapped[NameWords]
    called: Mapped[str | None] = name_lines()


class Duty(Base):
    """One line of an organisation's list of duties (事权清单): it may handle this category."""

    __tablename__ = "duty"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("category.code"), primary_key=True, index=True)
