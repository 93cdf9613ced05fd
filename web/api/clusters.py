"""Emerging clusters: what the latest scan found, a scan on demand, and the scan of given points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path
from starlette.responses import Response

from analysis.scan import Happenings, ScanLimits, scan
from data.commands import scans
from data.queries import areas, clusters, past
from geo.plane import Plane
from rules.access import Act
from rules.errors import Problem
from rules.numbers import MAX_INT
from web.dependencies import AreaQuery, AsOf, Choice, ServicesDep, ViewerDep, as_json, as_list, needs
from web.schemas.clusters import ClusterList, PointClusterList, ScanForm, ScanRun

router = APIRouter(prefix="/api", tags=["clusters"])
RunNumber = Annotated[int, Path(ge=1, le=MAX_INT)]
#: Points times replications that one question may ask for.
MOST_WORK = 200_000_000
FARTHEST_DAY = 10_000_000


@router.get("/clusters", response_model=ClusterList, dependencies=[needs(Act.see_map)])
def found(
    services: ServicesDep, viewer: ViewerDep, area: AreaQuery = None, category: Choice = None, as_of: AsOf = None
) -> Response:
    """Emerging clusters of the latest scan whose centre lies in an area. `category=all`: those of all cases together alone."""
    with past.reading(services.database, viewer, as_of=as_of, now=services.clock.now()) as connection:
        key = areas.key(connection, area or viewer.area_code)
        answer = clusters.listed(connection, key, viewer, category=category, as_of=as_of)
    return as_json(as_list(answer["items"]) | {"scanned_at": answer["scanned_at"]})


@router.post("/clusters/runs", response_model=ScanRun, status_code=202, dependencies=[needs(Act.scan)])
def begin(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Begin a scan of all cases as of now, or join the one that runs."""
    number = scans.request(services.database, viewer, now=services.clock.now())
    with services.database.reading(viewer) as connection:
        return clusters.run(connection, number)


@router.get("/clusters/runs/{number}", response_model=ScanRun, dependencies=[needs(Act.scan)])
def progress(number: RunNumber, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """How far a scan is: `state` running, done, cancelled or failed; `share` of it is done."""
    with services.database.reading(viewer) as connection:
        return clusters.run(connection, number)


@router.delete("/clusters/runs/{number}", status_code=204, dependencies=[needs(Act.scan)])
def cancel(number: RunNumber, services: ServicesDep, viewer: ViewerDep) -> Response:
    """End a scan that runs; what the last one found stays. 404 for one that does not run."""
    if not scans.cancel(services.database, viewer, number):
        raise Problem("not_found")
    return Response(status_code=204)


@router.post("/scan", response_model=PointClusterList, dependencies=[needs(Act.scan)])
def scan_points(form: ScanForm) -> Response:
    """The scan on given points, so that anyone can check it. `points` of a cluster are positions in what was sent."""
    if len(form.points) * form.replications > MOST_WORK:
        raise Problem("invalid", field="replications", value=form.replications)
    columns = list(zip(*form.points, strict=True))
    lon, lat = np.array(columns[0], dtype=float), np.array(columns[1], dtype=float)
    day, n = _whole(columns[2], "day"), _whole(columns[3], "n")
    _check(lon, lat, day, n)
    plane = Plane.of(lon, lat)
    x, y = plane.metres(lon, lat)
    limits = ScanLimits(form.radius_m, form.days, form.share, form.replications)
    items = []
    for one in scan(Happenings(x, y, day, n), limits, last_day=form.last_day):
        centre_lon, centre_lat = plane.degrees(one.x, one.y)
        items.append(
            {
                "lon": round(float(centre_lon), 9),
                "lat": round(float(centre_lat), 9),
                "radius_m": one.radius,
                "from": one.first_day,
                "to": one.last_day,
                "observed": one.observed,
                "expected": one.expected,
                "ratio": one.observed / one.expected,
                "llr": one.llr,
                "p": one.p,
                "recurrence_days": one.recurrence_days,
                "points": one.members.tolist(),
            }
        )
    return as_json(as_list(items))


def _whole(values: Sequence[float], field: str) -> np.ndarray:
    """Raises Problem invalid for what is no whole number."""
    found = np.array(values, dtype=float)
    if not (np.isfinite(found).all() and (found == np.floor(found)).all() and (np.abs(found) < 2**53).all()):
        raise Problem("invalid", field="points", value=field)
    return found.astype(np.int64)


def _check(lon: np.ndarray, lat: np.ndarray, day: np.ndarray, n: np.ndarray) -> None:
    """Raises Problem invalid for coordinates that are none, and for counts and days that cannot be meant."""
    if not (
        np.isfinite(lon).all() and np.isfinite(lat).all() and (np.abs(lon) <= 180).all() and (np.abs(lat) <= 90).all()
    ):
        raise Problem("invalid", field="points", value="lon, lat")
    if not ((n >= 1).all() and n.sum() <= 1_000_000):
        raise Problem("invalid", field="points", value="n")
    if (np.abs(day) > FARTHEST_DAY).any():
        raise Problem("invalid", field="points", value="day")
