"""Reporting and moving cases by the commands, on the small world."""

from __future__ import annotations

from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from rules.facts import MoveRequest
from tests.world import NOW, World


def report(world: World, *, by: str = "dispatcher", at: str = "C1V1G1", key: str | None = None, **changes) -> dict:
    lon, lat = world.point_in(at)
    values = {"kind": "dispute", "category": "neighbour", "title": "邻里噪音纠纷", "lon": lon, "lat": lat} | changes
    return report_case(world.database, viewer=world.viewers[by], report=CaseReport(**values), key=key, now=NOW)


def move(world: World, case: dict, name: str, *, by: str = "dispatcher", key: str | None = None, **more) -> dict:
    request = MoveRequest(**{"case_no": case["case_no"], "move": name, "version": case["version"], **more})
    return move_case(world.database, request, viewer=world.viewers[by], key=key, now=NOW)


def waiting(world: World, **changes) -> dict:
    return move(world, move(world, report(world, **changes), "accept"), "assess")


def settled(world: World, **changes) -> dict:
    """Settled by the justice office of county C1, and not filed yet."""
    case = move(world, waiting(world, **changes), "dispatch", to=world.organisations["justice-C1"])
    return move(world, move(world, case, "sign", by="handler"), "settle", by="handler")
