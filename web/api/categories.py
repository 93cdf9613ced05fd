"""The categories of cases, for programs that report."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fastapi import APIRouter

from data.pinyin import search_letters
from data.queries import categories
from rules.access import Act
from web.dependencies import KindChoice, ServicesDep, ViewerDep, as_list, needs
from web.schemas.base import Kind, Outgoing, Page


class Category(Outgoing):
    """What may be reported; `plain_name` is what residents call it, `letters` how both are spelt in pinyin."""

    code: str
    kind: Kind
    name: str
    plain_name: str
    letters: str


CategoryList = Page[Category]


router = APIRouter(prefix="/api", tags=["cases"], dependencies=[needs(Act.see_map)])


@router.get("/categories", response_model=CategoryList)
def case_categories(services: ServicesDep, viewer: ViewerDep, kind: KindChoice = None) -> dict[str, Any]:
    """Code, kind and name of every category that a report may have, in their own order."""
    with services.database.reading(viewer) as connection:
        rows = categories.case_categories(connection, locale=viewer.locale)
    told = [row for row in rows if kind in (None, row["kind"])]
    return as_list([row | {"letters": _letters(row["name"], row["plain_name"])} for row in told])


@lru_cache(maxsize=2048)
def _letters(name: str, plain_name: str) -> str:
    return search_letters(name, plain_name)
