"""Relocation after boundaries changed: cases, key places, counts, tiers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import orjson
import shapely
from sqlalchemy import Connection, text

from data import bulk
from data.commands import case_spans
from data.sql import load
from imports.boundary_findings import AreaReport, split_areas
from imports.locating import Locator, Place
from imports.report import Progress
from imports.tree import Tree
from rules.access import Role
from rules.cases import UNCLOSED, Status
from rules.sla import SlaPolicy

#: Degrees, about a centimetre: a case on the border is not outside.
ON_BORDER = 1e-7
ACT = "relocate"
MOVE_PLACES = text("UPDATE key_place SET area_id = :area, path = :path WHERE code = :code")


@dataclass(frozen=True)
class Stray:
    """A case that its area does not cover any more; `now` is the area that does, None where none does."""

    row: Any
    was: Place
    now: Place | None

    @property
    def unclosed(self) -> bool:
        return Status(self.row.status) in UNCLOSED

    @property
    def movable(self) -> bool:
        return self.unclosed and self.now is not None and self.now.leaf


@dataclass(frozen=True)
class Change:
    """What whoever imports asked for, at which moment, and whether the levels themselves have other names or centres."""

    move: bool
    now: datetime
    levels: bool = False


def follow(
    connection: Connection, tree: Tree, report: AreaReport, change: Change, progress: Progress | None = None
) -> None:
    """Tell what no longer lies where it is counted, move those that are not closed when that is asked for, and count anew.

    Key places have no trace and lie where their point is: they always follow.
    """
    redrawn = any(draft.moved or draft.known is None for draft in tree.drafts.values())
    changed = redrawn or change.levels or bool(report.updated)
    has_cases = connection.execute(text("SELECT EXISTS (SELECT 1 FROM cases)")).scalar()
    if redrawn or change.move:
        locator = Locator(connection)
        places = _move_places(connection, locator) if redrawn else 0
        report.counts["key places now in another area"] = places
        _tell_split(connection, tree, report)
        moved = _cases(connection, locator, report, change) if has_cases else 0
        if has_cases and (redrawn or moved):
            bulk.rebuild_rollups(connection, tree.root.code)
            case_spans.fill_all(connection, sla=SlaPolicy())
            changed = True
    if has_cases and changed:
        report.counts["tiers that changed"] = _tiers(connection, report, change.now, progress)
    if changed:
        bulk.announce_areas(connection)


def _cases(connection: Connection, locator: Locator, report: AreaReport, change: Change) -> int:
    """Count, report and move; returns how many were moved."""
    strays = _strays(connection, locator)
    movable = [stray for stray in strays if stray.movable] if change.move else []
    if strays:
        report.counts["cases outside the area that counts them"] = len(strays)
        report.counts["  of these not closed"] = sum(stray.unclosed for stray in strays)
        report.counts["  of these moved to where they lie"] = len(movable)
    groups: dict[tuple[str, str | None], list[Stray]] = defaultdict(list)
    for stray in strays:
        groups[(stray.was.code, stray.now.code if stray.now else None)].append(stray)
    for (code, to), group_strays in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0][0])):
        points = shapely.MultiPoint([(stray.row.lon, stray.row.lat) for stray in group_strays])
        moved = sum(stray.movable for stray in group_strays) if change.move else 0
        unclosed = sum(stray.unclosed for stray in group_strays)
        report.mark("cases_outside", points, area=code, lies_in=to, n=len(group_strays), unclosed=unclosed, moved=moved)
    if any(stray.movable for stray in strays) and not change.move:
        report.notes["cases that are not closed lie in another area now; --move-cases moves them by a step of their trace"] = sum(
            stray.movable for stray in strays
        )
    _move(connection, movable, change.now)
    return len(movable)


def _strays(connection: Connection, locator: Locator) -> list[Stray]:
    rows = connection.execute(load("list_placed_cases")).all()
    if not rows:
        return []
    lon, lat = (np.array([getattr(row, name) for row in rows], dtype=float) for name in ("lon", "lat"))
    ids = {place.id: place for place in locator.places}
    strays = []
    for row, place in zip(rows, locator.locate(lon, lat), strict=True):
        own = ids[row.area_id]
        if place is not own and not (own.leaf and locator.within(own, row.lon, row.lat, ON_BORDER)):
            strays.append(Stray(row, own, place))
    return strays


def _move(connection: Connection, strays: Sequence[Stray], now: datetime) -> None:
    """One event each, by nobody: the case stays what it is and with whom it is."""
    by_prefecture: dict[str, list[Stray]] = defaultdict(list)
    for stray in strays:
        by_prefecture[stray.row.prefecture].append(stray)
    for prefecture, group_strays in by_prefecture.items():
        rows = [
            {"prefecture": prefecture, "case_no": one.row.case_no, "area": one.now.id, "path": one.now.path}
            for one in group_strays
            if one.now
        ]
        connection.execute(load("relocate_cases"), {"rows": orjson.dumps(rows).decode()})
        bulk.insert_trace(connection, prefecture, [_event(one, one.now, now) for one in group_strays if one.now])


def _event(stray: Stray, place: Place, now: datetime) -> dict[str, Any]:
    row = stray.row
    return {
        "case_no": row.case_no,
        "at": now,
        "act": ACT,
        "role": Role.system.value,
        "from_status": row.status,
        "to_status": row.status,
        "from_organisation_id": row.holder_id,
        "to_organisation_id": row.holder_id,
        "details": {"from_area": stray.was.code, "to_area": place.code},
        "version": row.version + 1,
        "path": place.path,
    }


def _tell_split(connection: Connection, tree: Tree, report: AreaReport) -> None:
    """Cases without a point stay with the area that was split: it is no lowest one any more."""
    split = split_areas(tree)
    if not split:
        return
    total: Counter[str] = Counter()
    still: Counter[str] = Counter()
    rows = connection.execute(
        load("count_cases_of_areas"),
        {"codes": list(split)},
    )
    for row in rows:
        total[row.code] += row.n
        still[row.code] += row.n if Status(row.status) in UNCLOSED else 0
    for code, into in split.items():
        shape = (tree.find(code) or tree.root).geom
        report.mark("split", shape, area=code, into=sorted(into), n=total[code], unclosed=still[code])


def _move_places(connection: Connection, locator: Locator) -> int:
    rows = connection.execute(text("SELECT code, area_id, lon, lat FROM key_place ORDER BY code")).all()
    if not rows:
        return 0
    lon, lat = (np.array([getattr(row, name) for row in rows], dtype=float) for name in ("lon", "lat"))
    ids = {place.id: place for place in locator.places}
    moved = [
        {"code": row.code, "area": place.id, "path": place.path}
        for row, place in zip(rows, locator.locate(lon, lat), strict=True)
        if place is not None
        and place.id != row.area_id
        and not (ids[row.area_id].leaf and locator.within(ids[row.area_id], row.lon, row.lat, ON_BORDER))
    ]
    if moved:
        connection.execute(MOVE_PLACES, moved)
    return len(moved)


def _tiers(connection: Connection, report: AreaReport, now: datetime, progress: Progress | None) -> int:
    """Evaluate the lowest areas anew, when they have been evaluated at all; returns how many tiers changed.

    An area that was split has no tier of its own any more.
    """
    from data.commands.tiers import recompute_tiers

    if not connection.execute(text("SELECT EXISTS (SELECT 1 FROM tier)")).scalar():
        return 0
    if progress:
        progress("tiers", 0, 1)
    connection.execute(text("DELETE FROM tier t USING area a WHERE a.id = t.area_id AND NOT a.leaf"))
    changed = recompute_tiers(connection, now=now)
    requests = connection.execute(text("SELECT count(*) FROM cases WHERE kind = 'request'")).scalar_one()
    if requests:
        report.notes["requests do not count in the tiers"] = requests
    if progress:
        progress("tiers", 1, 1)
    return changed
