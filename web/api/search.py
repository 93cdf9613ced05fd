"""One search for whatever has a name or a number; the box of the bar and ctrl-K ask here."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from dashboard.words.texts import text
from data.queries import areas, search
from rules.access import Act
from web.dependencies import AreaQuery, ServicesDep, ViewerDep, Whole, Words, as_list, needs
from web.schemas.search import HitList

router = APIRouter(prefix="/api", tags=["search"], dependencies=[needs(Act.see_map)])
Few = Annotated[int, Query(ge=1, le=50), Whole]


@router.get("/search", response_model=HitList)
def find(
    services: ServicesDep, viewer: ViewerDep, q: Words = None, area: AreaQuery = None, limit: Few = 12
) -> dict[str, Any]:
    """Areas, bodies, key places and cases that `q` could mean, the likeliest first; only what this person may see.

    `q`: a number or the end of one, with or without its hyphens; words in any order, of a title, a name, or the names of
    the areas around; pinyin or its initials. `area`: the one on the screen, whose cases come first.
    """
    with services.database.reading(viewer) as connection:
        if area is not None:
            areas.key(connection, area)
        hits = search.find(connection, q or "", viewer, near=area or "", limit=limit)
    return as_list([_hit(hit, viewer.locale) for hit in hits])


def _hit(hit: dict[str, Any], locale: str) -> dict[str, Any]:
    told = {name: value for name, value in hit.items() if name not in ("score", "sort")}
    return {**told, "label": _label(hit, locale), "hint": hit.get("case_no") or hit["place"]}


def _label(hit: dict[str, Any], locale: str) -> str:
    """Areas and places bring the names of their levels and categories."""
    if hit["type"] == "case":
        return text(f"kind.{hit['sort']}", locale)
    if hit["type"] == "organisation":
        return text(f"search.organisation.{hit['sort']}", locale)
    return str(hit["label"] or hit["sort"])
