"""Reports of new cases: facts, place, first centre."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, text

from data.commands.case_transaction import CaseTransaction, message
from data.commands.idempotency import run_once
from data.database import Database
from data.queries import areas, cases, organisations, summaries
from data.sql import load
from rules.access import Act, Viewer, may
from rules.cases import SKILLS, Kind, Severity, Source, Status
from rules.effects import AppliedMove
from rules.errors import Problem
from rules.personal_data import check_personal
from rules.reminders import first_look
from rules.sla import SlaPolicy, Step, deadline, running_timers
from rules.texts import check_line, check_lines

SLA = SlaPolicy()
#: The point lies in no area of the reporter's: the case was taken in without it.
OUTSIDE = "point_outside"
TITLE_LENGTH, DESCRIPTION_LENGTH = 120, 4000


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
    needs: tuple[str, ...] = ()


def report_case(
    database: Database,
    *,
    viewer: Viewer,
    report: CaseReport,
    key: str | None = None,
    now: datetime,
    sla: SlaPolicy = SLA,
) -> dict:
    """Report a case and return it, with `warnings` of what was not taken as given.

    A repeated `key` has one effect and the same answer.

    Raises Problem forbidden, invalid, hidden_letters or personal_data (field), not_found (area), key_reused.
    """
    if not may(viewer.role, Act.report):
        raise Problem("forbidden")
    _check_report(report)
    with CaseTransaction.begin(database, viewer=viewer, now=now, sla=sla) as transaction:
        return run_once(transaction, key, asdict(report), lambda: _insert_case(transaction, report))


def _check_report(report: CaseReport) -> None:
    for field, values in (("kind", Kind), ("severity", Severity), ("source", Source)):
        if getattr(report, field) not in {member.value for member in values}:
            raise Problem("invalid", field=field, value=getattr(report, field))
    for field, longest in (("title", TITLE_LENGTH), ("description", DESCRIPTION_LENGTH)):
        if len(getattr(report, field)) > longest:
            raise Problem("invalid", field=field, value=getattr(report, field)[:40])
    check_line("title", report.title.strip(), required=True)
    check_lines("description", report.description)
    for field in ("title", "description"):
        check_personal(field, getattr(report, field))
    if not set(report.needs) <= set(SKILLS):
        raise Problem("invalid", field="needs", value=", ".join(report.needs)[:40])
    if (report.lon is None) != (report.lat is None):
        raise Problem("invalid", field="lon" if report.lon is None else "lat", value="")
    if report.lon is not None and report.lat is not None and not (abs(report.lon) <= 180 and abs(report.lat) <= 90):
        raise Problem("invalid", field="lon", value=f"{report.lon}, {report.lat}")


def _insert_case(transaction: CaseTransaction, report: CaseReport) -> dict:
    """Insert the case and return it; its first act is appended at the end of the transaction."""
    connection, viewer, now, sla = transaction.connection, transaction.viewer, transaction.now, transaction.sla
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
        **_deadlines(Kind(report.kind), Severity(report.severity), now, sla),
        "needs": list(report.needs),
    }
    connection.execute(load("insert_case"), row)
    found = cases.row(connection, case_no, locale=viewer.locale or "zh_CN")
    # a point that no area of the reporter's covers is not the case's place, and is not lost either
    details = {"pointed": [report.lon, report.lat]} if place["outside"] else {}
    applied = AppliedMove("report", cases.facts(found), details=details)
    messages = orjson.dumps([message(applied, centre[0])]).decode()
    connection.execute(load("append_messages"), dict(row, now=now, messages=messages))
    transaction.record(found, before=None, applied=applied, from_organisation=viewer.organisation_id)
    return cases.shape(found, now, viewer) | {"warnings": [OUTSIDE] if place["outside"] else []}


def _deadlines(kind: Kind, severity: Severity, now: datetime, sla: SlaPolicy) -> dict[str, datetime | None]:
    """The deadlines of a new case, and when its clocks have to be looked at first."""
    settle = deadline(Step.settle, kind, severity, now, sla)
    timers = running_timers(
        Status.reported, kind=kind, severity=severity, queued_at=now, status_since=now, settle_from=now,
        settle_due_at=settle, sla=sla,
    )  # fmt: skip
    return {"settle_due_at": settle, "due_at": timers[0].due, "notify_at": first_look(timers, sla)}


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
        "outside": report.lon is not None and found is None,
    }


def _next_number(connection: Connection, place: dict, now: datetime) -> str:
    """YYYYMMDD-COUNTY-NNNNN by the deployment's day; the county is the second code of the path, or the root's own."""
    codes = place["path"].rstrip("/").split("/")
    day = now.astimezone(summaries.timezone(connection)).strftime("%Y%m%d")
    prefix = f"{day}-{codes[min(1, len(codes) - 1)]}"
    serial = connection.execute(load("next_serial"), {"prefecture": place["prefecture"], "prefix": prefix}).scalar_one()
    return f"{prefix}-{serial:05d}"
