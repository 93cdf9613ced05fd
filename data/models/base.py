"""The declarative base with fixed constraint names, and column types that recur."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Computed, MetaData, Text
from sqlalchemy.dialects.postgresql import JSON, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


# "C" collation: a subtree is a range of text, compared by leakproof operators, so row level security can use the index.
Path = Annotated[str, mapped_column(Text(collation="C"))]
# {locale: name}. JSON (not JSONB) keeps the text as it was written, which the hash of the trace relies on.
Json = Annotated[dict, mapped_column(JSON)]
# What a named thing is found by: kept by the database.
NameWords = Annotated[
    object, mapped_column(TSVECTOR, Computed("name_vector(code, name, names, pinyin, path)", persisted=True), nullable=True)
]


def name_lines(second: str = "name") -> Mapped[str | None]:
    """The column of all names, each on a line: what a name that was typed is compared with."""
    return mapped_column(Text, Computed(f"name_lines(code, name, {second}, names, pinyin)", persisted=True), nullable=True)
