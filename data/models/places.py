"""Key places: schools, markets, stations. No people, no phone numbers."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import ForeignKey, Identity, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Json, NameWords, Path, name_lines


class PlaceCategory(Base):
    __tablename__ = "place_category"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    names: Mapped[Json]
    icon: Mapped[str] = mapped_column(Text, server_default="map-pin")


class KeyPlace(Base):
    __tablename__ = "key_place"
    __table_args__ = (
        Index("ix_key_place_path", "path"),
        Index("ix_key_place_geom", "geom", postgresql_using="gist"),
        Index("ix_key_place_words", "words", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    prefecture: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    names: Mapped[Json]
    category: Mapped[str] = mapped_column(ForeignKey("place_category.code"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    path: Mapped[Path]
    lon: Mapped[float]
    lat: Mapped[float]
    geom: Mapped[object] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    pinyin: Mapped[str | None] = mapped_column(Text)
    words: Mapped[NameWords]
    called: Mapped[str | None] = name_lines()
