"""Areas, their counts, tiers and key places."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from web.schemas.base import Outgoing, Page

TierName = Literal["key", "watch", "normal"]


class Centre(Outgoing):
    name: str
    lon: float | None
    lat: float | None
    post: str | None = None


class Area(Outgoing):
    code: str
    name: str
    level: str
    parent: str | None
    tier: TierName | None
    score: float | None
    centre: Centre | None
    bbox: list[float]


class ChildArea(Area):
    open: int
    waiting: int
    overdue: int
    to_file: int
    tiers: dict[str, int]


class AreaStep(Outgoing):
    code: str
    name: str
    level: str


class Summary(Outgoing):
    area: str
    open: int
    waiting: int
    overdue: int
    to_file: int
    unlocated: int
    settled_month: int
    new_today: int
    tiers: dict[str, int]
    as_of: datetime
    seq: int


AreaList = Page[ChildArea]
AreaSteps = Page[AreaStep]


class Place(Outgoing):
    code: str
    name: str
    category: str
    lon: float
    lat: float


PlaceList = Page[Place]


class Tiers(Outgoing):
    """The areas of a level below `area`, column by column; `tier` holds k, w, n or nothing. All columns, or those asked for."""

    area: str
    level: str
    boundary_version: int
    revision: int
    seq: int
    as_of: datetime
    id: list[int] = []
    code: list[str] = []
    name: list[str] = []
    tier: list[str] = []
    open: list[int] = []
    waiting: list[int] = []
    lon: list[float] = []
    lat: list[float] = []
    parent: list[str] = []
    child: list[str] = []


class AreaIndex(Outgoing):
    """The areas of a level below `area`, column by column, in the order of `Tiers`."""

    area: str
    level: str
    revision: int
    id: list[int]
    code: list[str]
    name: list[str]
    lon: list[float]
    lat: list[float]
    parent: list[str]
    child: list[str]


class FeatureCollection(Outgoing):
    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
