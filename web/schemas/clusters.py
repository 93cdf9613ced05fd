"""Emerging clusters, scans, and a scan of given points."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from web.schemas.base import Incoming, Outgoing, Page


class FoundCluster(Outgoing):
    id: int
    category: str | None
    lon: float
    lat: float
    radius_m: float
    areas: list[str]
    observed: int
    expected: float
    ratio: float | None
    llr: float
    p: float
    recurrence_days: float
    list: str | None


class ClusterList(Page[FoundCluster]):
    scanned_at: datetime | None = None


class ScanRun(Outgoing):
    id: int
    at: datetime
    state: str
    share: float


#: Longitude, latitude, day, number of cases.
Point = Annotated[list[float], Field(min_length=4, max_length=4)]


class ScanForm(Incoming):
    """`points`: longitude, latitude (WGS84), day (whole number) and number of cases; `days`: longest stretch up to the last
    day; `share`: of all cases that a circle may hold."""

    points: list[Point] = Field(min_length=1, max_length=200_000)
    radius_m: float = Field(ge=0, le=20_000_000)
    days: int = Field(ge=1, le=3660)
    replications: int = Field(999, ge=1, le=9999)
    share: float = Field(0.5, gt=0, le=1)
    last_day: int | None = Field(None, ge=-10_000_000, le=10_000_000)


class PointCluster(Outgoing):
    lon: float
    lat: float
    radius_m: float
    from_: int = Field(alias="from")
    to: int
    observed: int
    expected: float
    llr: float
    p: float
    points: list[int]


PointClusterList = Page[PointCluster]


# a field is called list
Numbers = list[str]
Points = list[list[float]]


class RepeatChain(Outgoing):
    """`span_m`: between the two furthest apart; `span_days`: from the first report to the last; `points`: longitude, latitude
    of each case."""

    cases: Numbers
    category: str
    name: str
    span_m: float
    span_days: float
    points: Points
    open: int
    last: datetime
    list: str | None


class RepeatList(Page[RepeatChain]):
    pass
