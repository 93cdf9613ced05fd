"""Report and move cases. The rules say whether; the guarded UPDATE says who was first; the trace says what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, text

from data.database import SYSTEM, Database
from data.queries import areas, cases, organisations, summaries
from data.sql import load
from rules.access import Act, Viewer, may
from rules.cases import Kind, Severity, Source, Status
from rules.clock import Clocks, due_at
from rules.errors import Problem
from rules.moves import MOVES, BodyFacts, CaseChange, apply_move, check_move

CLOCKS = Clocks()
TITLE_LENGTH, DESCRIPTION_LENGTH, REASON_LENGTH, KEY_LENGTH = 120, 4000, 500, 200


@dataclass(frozen=True)
class CaseReport:
    """What a report brings: a place as WGS84 lon, lat or an area's code, or both."""

    kind: str
    category: str
    title: str
    description: str = ""
    severity: str = "minor"
    source: str = "grid_worker"
    lon: float | None = None
    lat: float | None = None
    area: str | None = None


def report_case(
    database: Database, *, viewer: Viewer, report: CaseReport, key: str | None = None, now: datetime
) -> dict:
    """Report a case and return it. A repeated `key` has one effect and the same answer.

    Raises Problem forbidden, invalid (field), not_found (area), key_reused.
    """
    if not may(viewer.role, Act.report):
        raise Problem("forbidden")
    _check_report(report)
    with database.writing(viewer) as connection:
        return _once(
            connection, viewer, key, asdict(report), now, lambda: _insert_case(connection, viewer, report, now)
        )


def _check_report(report: CaseReport) -> None:
    for field, values in (("kind", Kind), ("severity", Severity), ("source", Source)):
        if getattr(report, field) not in {member.value for member in values}:
            raise Problem("invalid", field=field, value=getattr(report, field))
    if not report.title.strip() or len(report.title) > TITLE_LENGTH:
        raise Problem("invalid", field="title", value=report.title[:40])
    if len(report.description) > DESCRIPTION_LENGTH:
        raise Problem("invalid", field="description", value=report.description[:40])
    if (report.lon is None) != (report.lat is None):
        raise Problem("invalid", field="lon" if report.lon is None else "lat", value="")
    if report.lon is not None and report.lat is not None and not (abs(report.lon) <= 180 and abs(report.lat) <= 90):
        raise Problem("invalid", field="lon", value=f"{report.lon}, {report.lat}")


def _insert_case(connection: Connection, viewer: Viewer, report: CaseReport, now: datetime) -> dict:
    kind = connection.execute(text("SELECT kind FROM category WHERE code = :code"), {"code": report.category}).scalar()
    if kind != report.kind:
        raise Problem("invalid", field="category", value=report.category)
    place = _place(connection, viewer, report)
    centre = organisations.centre_for(connection, place["path"])
    if centre is None:
        raise Problem("invalid", field="area", value=place["code"])
    case_no = _next_number(connection, place, now)
    row = {
        "prefecture": place["prefecture"],
        "case_no": case_no,
        "kind": report.kind,
        "category": report.category,
        "title": report.title.strip(),
        "description": report.description.strip(),
        "severity": report.severity,
        "source": report.source,
        "status": Status.reported.value,
        "area_id": place["id"],
        "path": place["path"],
        "lon": report.lon if place["located"] else None,
        "lat": report.lat if place["located"] else None,
        "centre_id": centre[0],
        "centre_path": centre[1],
        "holder_id": centre[0],
        "holder_path": centre[1],
        "reporter_id": viewer.organisation_id,
        "reported_at": now,
        "due_at": due_at(Status.reported, Kind(report.kind), Severity(report.severity), now, now, CLOCKS),
    }
    connection.execute(load("insert_case"), row)
    _append_event(
        connection,
        row["prefecture"],
        case_no=case_no,
        at=now,
        act="report",
        viewer=viewer,
        from_status=None,
        to_status=Status.reported.value,
        from_organisation_id=viewer.organisation_id,
        to_organisation_id=centre[0],
        reason=None,
        version=1,
        path=place["path"],
    )
    return cases.find(connection, case_no, now, viewer)


def _place(connection: Connection, viewer: Viewer, report: CaseReport) -> dict:
    """Where a case lies: the deepest area at its point, or the area given, or the reporter's, there unlocated."""
    given = areas.key(connection, report.area) if report.area else None
    found = None
    if report.lon is not None:
        found = connection.execute(
            text("SELECT a.code FROM area a WHERE a.id = locate(:lon, :lat)"), {"lon": report.lon, "lat": report.lat}
        ).scalar()
    place = areas.key(connection, found) if found else given or areas.key(connection, viewer.area_code)
    return {
        "id": place.id,
        "code": place.code,
        "path": place.path,
        "prefecture": place.prefecture,
        "located": found is not None,
    }


def _next_number(connection: Connection, place: dict, now: datetime) -> str:
    """YYYYMMDD-COUNTY-NNNNN by the deployment's day; the county is the second code of the path, or the root's own."""
    codes = place["path"].rstrip("/").split("/")
    day = now.astimezone(summaries.timezone(connection)).strftime("%Y%m%d")
    prefix = f"{day}-{codes[min(1, len(codes) - 1)]}"
    serial = connection.execute(load("next_serial"), {"prefecture": place["prefecture"], "prefix": prefix}).scalar_one()
    return f"{prefix}-{serial:05d}"


def move_case(
    database: Database,
    *,
    viewer: Viewer,
    case_no: str,
    move: str,
    seen_version: int,
    to: int | None = None,
    reason: str | None = None,
    key: str | None = None,
    now: datetime,
) -> dict:
    """Make one move and return the case as it is then. A repeated `key` has one effect and the same answer.

    Raises Problem not_found, forbidden, invalid, move_not_allowed, body_unsuitable, reason_required, key_reused, and
    stale_version (409) when another was first: with `current`, the case as it is now, and `winner`, who changed it.
    """
    if move not in MOVES or move == "report":
        raise Problem("invalid", field="move", value=move)
    if reason is not None and len(reason) > REASON_LENGTH:
        raise Problem("invalid", field="reason", value=reason[:40])
    request = {"case_no": case_no, "move": move, "version": seen_version, "to": to, "reason": reason}
    try:
        with database.writing(viewer) as connection:
            return _once(
                connection,
                viewer,
                key,
                request,
                now,
                lambda: _move(connection, viewer, case_no, move, seen_version, to, reason, now),
            )
    except Problem as problem:
        if problem.code != "stale_version":
            raise
        raise Problem("stale_version", extra=_who_was_first(database, viewer, case_no, now)) from None


def _move(
    connection: Connection,
    viewer: Viewer,
    case_no: str,
    move: str,
    seen_version: int,
    to: int | None,
    reason: str | None,
    now: datetime,
) -> dict:
    row = cases.row(connection, case_no)
    if row["version"] != seen_version:
        raise Problem("stale_version")
    case = cases.facts(row)
    body = _body(connection, row, to)
    check_move(case, move, viewer=viewer, to=body, reason=reason)
    change = apply_move(case, move, to=body, viewer=viewer, now=now, clocks=CLOCKS)
    _guarded_update(connection, row, change, now)
    _append_event(
        connection,
        row["prefecture"],
        case_no=case_no,
        at=now,
        act=move,
        viewer=viewer,
        from_status=row["status"],
        to_status=change.status.value,
        from_organisation_id=row["holder_id"],
        to_organisation_id=change.holder_id,
        reason=reason,
        version=seen_version + 1,
        path=row["path"],
    )
    return cases.find(connection, case_no, now, viewer)


def _body(connection: Connection, row: RowMapping, to: int | None) -> BodyFacts | None:
    """The body named, if it stands in this prefecture; another prefecture's is as unknown as none."""
    if to is None:
        return None
    found = organisations.body(connection, to) if 0 < to < 2**31 else None
    if found is None or not found[0].path.startswith(row["prefecture"] + "/"):
        raise Problem("invalid", field="to", value=str(to))
    return found[0]


def _guarded_update(connection: Connection, row: RowMapping, change: CaseChange, now: datetime) -> None:
    """Settles the race: whoever finds the version gone was second."""
    updated = connection.execute(
        load("move_case"),
        {
            "prefecture": row["prefecture"],
            "case_no": row["case_no"],
            "seen": row["version"],
            "status": change.status.value,
            "holder_id": change.holder_id,
            "holder_path": change.holder_path,
            "sender_id": change.sender_id,
            "responsible_id": change.responsible_id,
            "due_at": change.due_at,
            "settled_at": change.settled_at,
            "closed_at": change.closed_at,
            "now": now,
        },
    )
    if updated.rowcount != 1:
        raise Problem("stale_version")


def _append_event(
    connection: Connection, prefecture: str, *, viewer: Viewer, case_no: str, path: str, at: datetime, **event: Any
) -> None:
    """The outbox row and the event, in this order: the event takes the world's lock, so it comes last."""
    connection.execute(
        text(
            "INSERT INTO outbox (prefecture, case_no, topic, organisation_id, payload, path, created_at)"
            " VALUES (:prefecture, :case_no, :topic, :organisation, :payload, :path, :now)"
        ),
        {
            "prefecture": prefecture,
            "case_no": case_no,
            "topic": f"case.{event['act']}",
            "organisation": event["to_organisation_id"],
            "path": path,
            "now": at,
            "payload": orjson.dumps({"case_no": case_no, "act": event["act"], "status": event["to_status"]}).decode(),
        },
    )
    connection.execute(
        load("append_event"),
        dict(
            event,
            prefecture=prefecture,
            case_no=case_no,
            path=path,
            at=at,
            role=viewer.role.value,
            user_id=viewer.user_id,
            by_organisation_id=viewer.organisation_id,
            details="{}",
        ),
    )


def _once(
    connection: Connection, viewer: Viewer, key: str | None, request: dict, now: datetime, act: Callable[[], dict]
) -> dict:
    """Runs `act` once for a key: a second request with it waits for the first and gets the first one's answer."""
    if key is None:
        return act()
    if not 0 < len(key) <= KEY_LENGTH:
        raise Problem("invalid", field="Idempotency-Key", value=key[:40])
    digest = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).hexdigest()
    slot = {"prefecture": viewer.prefecture, "user": viewer.user_id or 0, "key": key}
    fresh = connection.execute(load("take_key"), dict(slot, hash=digest, now=now)).rowcount == 1
    if not fresh:
        stored = connection.execute(load("read_key"), slot).one()
        if stored.request_hash != digest:
            raise Problem("key_reused")
        return _as_answered(stored.response)
    answer = act()
    connection.execute(load("answer_key"), dict(slot, response=orjson.dumps(answer).decode()))
    return answer


def _as_answered(response: dict) -> dict:
    """Times come back from JSON as text; callers get what they got the first time."""
    times = ("reported_at", "status_since", "due_at", "settled_at")
    return dict(response, **{name: datetime.fromisoformat(response[name]) for name in times if response.get(name)})


def _who_was_first(database: Database, viewer: Viewer, case_no: str, now: datetime) -> dict:
    with database.reading(viewer) as connection:
        current = cases.find(connection, case_no, now, viewer)
    with database.reading(SYSTEM) as connection:
        return {"current": current, "winner": cases.last_event(connection, case_no, locale=viewer.locale or "zh_CN")}
