"""The demonstration's two remediations, both closed: what came of them is in the cases (demo/planted.py)."""

from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import Connection, text

from data.commands.remediations import insert
from data.sql import load
from demo.areas import AreaSeed
from demo.planted import BEGAN, ENDED, REMEDIATIONS, PlantedRemediation, remedied_grids
from demo.stories import ZONE

POSTS = ("县级分流交办岗", "派出所治安岗", "网格长")
CHECKLIST = ("摸清底数", "逐项落实措施", "回头看")


def enter(
    connection: Connection, grids: list[AreaSeed], *, ids: dict[str, int], paths: dict[str, str], now: datetime
) -> None:
    for one in REMEDIATIONS:
        codes = [grids[at].code for at in remedied_grids(grids, one)]
        if codes:
            _enter(connection, one, [(ids[code], paths[code]) for code in codes], now)


def _enter(connection: Connection, one: PlantedRemediation, areas: list[tuple[int, str]], now: datetime) -> None:
    begun, ended = now - BEGAN, now - ENDED
    values = {
        "prefecture": one.county[:4] + "00",
        "goal": one.goal,
        "measures": _encoded(one.measures),
        "people": _encoded(POSTS),
        "kinds": ["dispute", "incident", "hazard"],
        "begins": begun.astimezone(ZONE).date(),
        "ends": ended.astimezone(ZONE).date(),
        "checklist": _encoded([{"text": entry, "done": True} for entry in CHECKLIST]),
        "role": "leader",
        "organisation": None,
        "now": begun,
    }
    number = insert(connection, values, areas)
    note = {
        "id": number,
        "now": begun + (ended - begun) / 2,
        "role": "leader",
        "organisation": None,
        "note": "措施已全面铺开，按周调度。",
    }
    connection.execute(load("insert_remediation_note"), note)
    connection.execute(
        text("UPDATE remediation SET closed_at = :now, closing = :words WHERE id = :id"),
        {"now": ended, "words": "集中整治结束，转入常态管理。", "id": number},
    )


def _encoded(said: object) -> str:
    return orjson.dumps(said).decode()
