"""One search: areas, organisations, key places and cases, ranked together; only what the viewer may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from data.sql import load
from rules.access import Act, Viewer, may, prefecture_seen
from rules.cases import STATUS_SETS, Status
from rules.search_words import Wanted, wanted

#: By what search_names says: the name itself, its beginning, a part of it, its words.
NAME_SCORES = (95, 75, 55, 40)
NEARNESS = {"area": 0, "organisation": 4, "place": 6}
#: By what search_cases says: the number itself, an end of it, the words.
CASE_SCORES = (100, 80, 48)
OPEN_BONUS = 5


def find(connection: Connection, typed: str, viewer: Viewer, *, near: str = "", limit: int = 12) -> list[dict[str, Any]]:
    """What `typed` could mean, the likeliest first: type, title, place (the names of the areas around it, below the
    viewer's own), code (the area that shows it), within (the codes from the viewer's area down to it), and what its type
    has besides. `near`: the code of the area on the screen; its cases come first.
    """
    words = wanted(typed)
    if not words.queries:
        return []
    hits = [*_names(connection, words, viewer, limit), *_cases(connection, words, viewer, near, limit)]
    hits.sort(key=lambda hit: -hit["score"])
    return _mixed(hits, limit)


def _names(connection: Connection, words: Wanted, viewer: Viewer, limit: int) -> list[dict[str, Any]]:
    values = {"words": list(words.queries), "typed": words.text, "most": limit}
    values |= {"locale": viewer.locale, "own": viewer.area_code}
    rows = connection.execute(load("search_names"), values).mappings()
    return [
        {
            **_placed(row, viewer),
            "type": row["type"],
            "sort": row["sort"],
            "label": row["label"],
            "lon": row["lon"],
            "lat": row["lat"],
            "score": NAME_SCORES[row["rank"]] - NEARNESS[row["type"]],
        }
        for row in rows
    ]


def _cases(connection: Connection, words: Wanted, viewer: Viewer, near: str, limit: int) -> list[dict[str, Any]]:
    prefecture = prefecture_seen(viewer)
    if words.is_short or prefecture is None or not may(viewer.role, Act.see_case_text):
        return []
    values = {
        "prefecture": prefecture,
        "words": list(words.queries),
        "ending": (words.number or "")[::-1],
        "near": "" if near == viewer.area_code else near,
        "most": limit,
        "locale": viewer.locale,
        "own": viewer.area_code,
    }
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(load("search_cases"), values).mappings():
        found.setdefault(row["case_no"], _case(row, viewer))
    return list(found.values())


def _case(row: Mapping[Any, Any], viewer: Viewer) -> dict[str, Any]:
    is_open = Status(row["status"]) in STATUS_SETS["open"]
    return {
        **_placed(row, viewer),
        "type": "case",
        "sort": row["kind"],
        "case_no": row["case_no"],
        "label": None,
        "status": row["status"],
        "score": CASE_SCORES[row["rank"]] + (OPEN_BONUS if is_open else 0),
    }


def _placed(row: Mapping[Any, Any], viewer: Viewer) -> dict[str, Any]:
    """What is above the viewer's own area is not on its map."""
    within = row["within"] or []
    own = within.index(viewer.area_code) if viewer.area_code in within else 0
    return {"title": row["title"], "place": row["place"] or "", "code": row["code"], "within": within[own:]}


def _mixed(hits: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """The best ones, no type more than half of the list while others wait."""
    had: Counter[str] = Counter()
    first: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for hit in hits:
        had[hit["type"]] += 1
        (first if had[hit["type"]] <= (limit + 1) // 2 else rest).append(hit)
    taken = [*first, *rest][:limit]
    return sorted(taken, key=lambda hit: -hit["score"])
