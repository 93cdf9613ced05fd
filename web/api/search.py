"""The search box: an area by name, pinyin or code; a case by its number."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from data.database import Connection
from data.queries import areas, cases
from rules.access import Act, Viewer, may
from rules.errors import Problem
from web.dependencies import Limit, ServicesDep, ViewerDep, Words, as_list, needs
from web.schemas.search import HitList

router = APIRouter(prefix="/api", tags=["search"], dependencies=[needs(Act.see_map)])
#: Looks like the beginning of a case number; titles are searched by the lists, not here.
NUMBER = re.compile(r"^\d{4,8}(-[A-Za-z0-9_.]*(-\d*)?)?$", re.ASCII)
MAX_CASES = 5


@router.get("/search", response_model=HitList)
def search(services: ServicesDep, viewer: ViewerDep, q: Words = None, limit: Limit = 12) -> dict[str, Any]:
    """Areas and cases that `q` could mean, nearest first; only what this person may see."""
    words = (q or "").strip()
    if not words:
        return as_list([])
    with services.database.reading(viewer) as connection:
        hits = _case_hits(connection, words, viewer, services.clock.now())
        hits += [
            {
                "type": "area",
                "code": area["code"],
                "title": area["name"],
                "hint": area["hint"] or "",
                "level": area["level"],
            }
            for area in areas.search(connection, words, limit=limit, locale=viewer.locale)
        ]
    return as_list(hits[:limit])


def _case_hits(connection: Connection, words: str, viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """The case of a whole number, else open cases whose number begins like this."""
    if not NUMBER.match(words) or not may(viewer.role, Act.see_cases):
        return []
    try:
        hits = [cases.find(connection, words, now, viewer)]
    except Problem:
        begun = cases.CaseFilter(area=viewer.area_code, status="open", q=words, sort="-reported_at", limit=MAX_CASES)
        hits = cases.page(connection, begun, now, viewer)["items"]
    return [
        {
            "type": "case",
            "case_no": case["case_no"],
            "title": case["title"],
            "hint": case["case_no"],
            "code": case["area"],
        }
        for case in hits
    ]
