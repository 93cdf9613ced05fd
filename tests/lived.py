"""Cases of the small invented deployment that have been through nearly every move, and reminders of their clocks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from data.commands.cases import move_case
from data.commands.reminders import tell_due
from data.commands.reports import CaseReport, report_case
from rules.facts import MoveRequest
from rules.sla import SlaPolicy
from tests.world import NOW, World

SLA = SlaPolicy()
HOUR = timedelta(hours=1)
MEDIATION = {"method": "people", "people": ("all_parties",), "outcome": "success", "agreement": "oral"}


def report(world: World, now: datetime = NOW, *, title: str = "噪音", area: str = "C1V1G1", **given) -> str:
    lon, lat = world.point_in(area)
    told = CaseReport(kind="dispute", category="neighbour", title=title, lon=lon, lat=lat, **given)
    return str(
        report_case(world.database, viewer=world.viewers["dispatcher"], report=told, now=now, sla=SLA)["case_no"]
    )


def move(world: World, case_no: str, name: str, by: str = "dispatcher", now: datetime = NOW, **given) -> dict:
    with world.database.owning() as connection:
        version = connection.execute(
            text("SELECT version FROM cases WHERE case_no = :no"), {"no": case_no}
        ).scalar_one()
    to = world.organisations.get(given.pop("to", ""))
    request = MoveRequest(case_no=case_no, move=name, version=version, to=to, **given)
    return move_case(world.database, request, viewer=world.viewers[by], now=now, sla=SLA)


def handled(world: World, now: datetime = NOW, to: str = "justice-C1", by: str = "handler", **given) -> str:
    """Reported, dispatched, signed and begun, ten minutes a step."""
    case_no = report(world, now, **given)
    steps = (("accept", "dispatcher", {}), ("assess", "dispatcher", {}), ("dispatch", "dispatcher", {"to": to}))
    for number, (name, who, more) in enumerate((*steps, ("sign", by, {}), ("start", by, {})), 1):
        move(world, case_no, name, who, now + number * HOUR / 6, **more)
    return case_no


def live(world: World) -> dict[str, str]:
    """Case numbers by what became of them."""
    at = NOW + HOUR
    paused = handled(world, description="夜间施工", needs=("law",), severity="major")
    move(world, paused, "co_handle", to="mediators-C", now=at)
    move(world, paused, "pause", "handler", at + HOUR, reason="等待鉴定", until=at + 30 * HOUR)
    back = report(world)
    for number, (name, by, given) in enumerate(
        (
            ("accept", "dispatcher", {}), ("assess", "dispatcher", {}), ("dispatch", "dispatcher", {"to": "justice-C1"}),
            ("return", "handler", {"reason": "不属于本单位"}), ("dispatch", "dispatcher", {"to": "mediators-C"}),
        )
    ):  # fmt: skip
        move(world, back, name, by, at + number * HOUR / 4, **given)
    settled = handled(world, title="漏水")
    move(world, settled, "record_mediation", "handler", at, **MEDIATION)
    move(world, settled, "extend", "handler", at + HOUR, reason="材料未齐", until=NOW + timedelta(days=40))
    move(world, settled, "grant_extension", now=at + 2 * HOUR)
    move(world, settled, "settle", "handler", at + 3 * HOUR)
    move(world, settled, "visit", now=at + 4 * HOUR, satisfaction=4)
    reopened = handled(world)
    move(world, reopened, "settle", "handler", at + 3 * HOUR)
    move(world, reopened, "reopen", now=at + 5 * HOUR, reason="又起争执")
    merged, kept = report(world), report(world)
    move(world, merged, "merge", into=kept, now=at)
    waiting = report(world, area="C1V2G1")
    for now in (at + 3 * HOUR, at + 60 * HOUR):
        while tell_due(world.database, now=now, sla=SLA):
            pass
    return {
        "paused": paused, "back": back, "settled": settled, "reopened": reopened, "merged": merged, "kept": kept,
        "waiting": waiting,
    }  # fmt: skip
