"""Areas on any number of levels, their simplified shapes, and features of the base map."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import ARRAY, Float, ForeignKey, Identity, Index, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, NameWords, Path, name_lines


class AreaLevel(Base):
    """One level of the tree, root first. Its boundary version is part of every tile address, and is raised when what
    `outline_digest` was made of, the level's outlines, changes."""

    __tablename__ = "area_level"

    depth: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Text, unique=True)
    names: Mapped[Json]
    has_centre: Mapped[bool]
    boundary_version: Mapped[int] = mapped_column(Integer, server_default="1")
    outline_digest: Mapped[str | None] = mapped_column(Text)


class Area(Base):
    """An area. `path` = codes from the root, each followed by '/'; `ancestor_ids` = ids from the root to itself.

    `pinyin` and `words` are what search finds it by (data/pinyin.py, migration 0022), here and wherever they stand.
    """

    __tablename__ = "area"
    __table_args__ = (
        Index("ix_area_path", "path", unique=True),
        Index("ix_area_geom", "geom", postgresql_using="gist"),
        Index("ix_area_words", "words", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    names: Mapped[Json]
    pinyin: Mapped[str | None] = mapped_column(Text)
    words: Mapped[NameWords]
    called: Mapped[str | None] = name_lines("short_name")
    level: Mapped[str] = mapped_column(ForeignKey("area_level.code"), index=True)
    depth: Mapped[int] = mapped_column(SmallInteger)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    path: Mapped[Path]
    ancestor_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    leaf: Mapped[bool]
    prefecture: Mapped[str] = mapped_column(Text)
    geom: Mapped[object] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))
    lon: Mapped[float]
    lat: Mapped[float]
    bbox: Mapped[list[float]] = mapped_column(ARRAY(Float))
    area_km2: Mapped[float]
    households: Mapped[int] = mapped_column(Integer, server_default="0")
    residents: Mapped[int] = mapped_column(Integer, server_default="0")
    synthetic: Mapped[bool] = mapped_column(server_default="false")


class AreaShape(Base):
    """An area's outline as tiles draw it: EPSG:3857, simplified for one zoom band, neighbours sharing their vertices."""

    __tablename__ = "area_shape"
    __table_args__ = (Index("ix_area_shape_tile", "level", "band", "geom", postgresql_using="gist"),)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    level: Mapped[str] = mapped_column(Text)
    path: Mapped[Path]
    code: Mapped[str] = mapped_column(Text)
    geom: Mapped[object] = mapped_column(Geometry("GEOMETRY", srid=3857, spatial_index=False))


class BaseFeature(Base):
    """What the offline base map draws under the boundaries: rivers, outlines of neighbours, place names."""

    __tablename__ = "base_feature"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str | None] = mapped_column(Text)
    names: Mapped[Json]
    rank: Mapped[int] = mapped_column(SmallInteger)
    geom: Mapped[object] = mapped_column(Geometry("GEOMETRY", srid=4326, spatial_index=False))


class Deployment(Base):
    """What this deployment is: name, synthetic, timezone, root. One row a key."""

    __tablename__ = "deployment"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Json]
