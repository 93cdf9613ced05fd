"""Storing of cases and traces by COPY: one event in the order of the world, roll-ups counted afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import shapely
from sqlalchemy import Connection, text

from data import bulk
from imports.case_rows import CaseDraft
from imports.locating import Locator
from imports.report import Progress
from imports.standing import HELD_BY_ORGANISATION
from rules.access import Role
from rules.cases import Status

COLUMNS = (
    "prefecture",
    "case_no",
    "kind",
    "category",
    "title",
    "description",
    "severity",
    "source",
    "status",
    "area_id",
    "path",
    "lon",
    "lat",
    "geom",
    "centre_id",
    "centre_path",
    "holder_id",
    "holder_path",
    "sender_id",
    "responsible_id",
    "version",
    "reported_at",
    "status_since",
    "due_at",
    "settled_at",
    "closed_at",
    "queued_at",
    "settle_from",
    "settle_due_at",
    "sender_path",
)
TARGETS = {
    "report": Status.reported,
    "accept": Status.accepted,
    "assess": Status.waiting,
    "dispatch": Status.dispatched,
    "sign": Status.signed,
    "start": Status.handling,
    "pause": Status.paused,
    "settle": Status.settled,
    "visit": Status.visited,
    "archive": Status.archived,
    "reject": Status.rejected,
    "merge": Status.merged,
}
# Marks of imported steps, and of times that no file states.
IMPORTED, TIME_UNKNOWN = '{"imported":true,"time_unknown":false}', '{"imported":true,"time_unknown":true}'
OUT = frozenset(TARGETS[step] for step in ("dispatch", "sign", "start", "pause", "settle", "visit", "archive"))


def write(
    connection: Connection,
    drafts: Sequence[CaseDraft],
    locator: Locator,
    zone: ZoneInfo,
    progress: Progress | None = None,
) -> None:
    """Within a bulk transaction (bulk.begin_bulk); the caller counts the roll-ups again."""
    if not drafts:
        return
    prefecture = locator.root.prefecture
    _give_numbers(connection, drafts, prefecture, zone)
    bulk.copy_rows(connection, "cases", COLUMNS, _rows(drafts, prefecture))
    bulk.insert_trace(connection, prefecture, _events(drafts, progress))


def announce(connection: Connection) -> None:
    """Open screens read what came in at the commit: a bulk load rings no bell by itself."""
    connection.execute(text("SELECT pg_notify('gridboard', (SELECT max(seq) FROM chain_head)::text)"))


def _give_numbers(connection: Connection, drafts: Sequence[CaseDraft], prefecture: str, zone: ZoneInfo) -> None:
    """YYYYMMDD-COUNTY-NNNNN for cases that came without a number, in the order of their reports."""
    without = sorted((draft for draft in drafts if draft.case_no is None), key=lambda draft: draft.reported_at)
    if not without:
        return
    last: dict[str, int] = defaultdict(int)
    last.update(
        (row.prefix, row.last)
        for row in connection.execute(
            text("SELECT prefix, last FROM case_serial WHERE prefecture = :code"), {"code": prefecture}
        )
    )
    taken = {draft.case_no for draft in drafts}
    for draft in without:
        codes = draft.area.path.rstrip("/").split("/")
        prefix = f"{draft.reported_at.astimezone(zone):%Y%m%d}-{codes[min(1, len(codes) - 1)]}"
        while draft.case_no is None or draft.case_no in taken:
            last[prefix] += 1
            draft.case_no = f"{prefix}-{last[prefix]:05d}"
        taken.add(draft.case_no)


def _rows(drafts: Sequence[CaseDraft], prefecture: str) -> Iterator[tuple]:
    for draft in drafts:
        standing = draft.standing
        point = None if draft.lon is None else shapely.set_srid(shapely.Point(draft.lon, draft.lat), 4326)
        out = standing.status in OUT
        responsible = draft.holder.id if out and standing.status != Status.dispatched else None
        yield (
            prefecture,
            draft.case_no,
            draft.kind,
            draft.category,
            draft.title,
            draft.description,
            draft.severity,
            draft.source,
            standing.status.value,
            draft.area.id,
            draft.area.path,
            draft.lon,
            draft.lat,
            point,
            draft.centre.id,
            draft.centre.path,
            draft.holder.id,
            draft.holder.path,
            draft.centre.id if out else None,
            responsible,
            len(standing.course),
            draft.reported_at,
            standing.since,
            draft.due_at,
            standing.settled_at,
            standing.closed_at,
            draft.reported_at,
            draft.reported_at,
            draft.due_at,
            draft.centre.path if out else None,
        )


def _events(drafts: Sequence[CaseDraft], progress: Progress | None) -> Iterator[dict]:
    """All steps of all cases in the order in which they happened."""
    order = sorted(
        (at, number, place)
        for number, draft in enumerate(drafts)
        for place, (_, at) in enumerate(draft.standing.course)
    )
    for done, (_, number, place) in enumerate(order, 1):
        if progress and (done % 5000 == 0 or done == len(order)):
            progress("trace", done, len(order))
        yield _event(drafts[number], place)


def _event(draft: CaseDraft, place: int) -> dict:
    step, at = draft.standing.course[place]
    untold = step in draft.standing.untold
    before = draft.standing.course[place - 1][0] if place else None
    with_organisation = TARGETS[step] in HELD_BY_ORGANISATION
    by_organisation = step in ("sign", "start", "pause", "settle")
    return {
        "case_no": draft.case_no,
        "at": at,
        "act": step,
        "role": Role.system.value,
        "user_id": None,
        "by_organisation_id": None if place == 0 else draft.holder.id if by_organisation else draft.centre.id,
        "from_status": TARGETS[before].value if before else None,
        "to_status": TARGETS[step].value,
        "from_organisation_id": None
        if before is None
        else draft.holder.id
        if TARGETS[before] in HELD_BY_ORGANISATION
        else draft.centre.id,
        "to_organisation_id": draft.holder.id if with_organisation else draft.centre.id,
        "reason": draft.reason if step in ("reject", "merge", "pause") else None,
        "details": TIME_UNKNOWN if untold else IMPORTED,
        "version": place + 1,
        "path": draft.area.path,
    }
