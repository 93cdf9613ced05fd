"""The categories of cases, for programs that report."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from data.queries import categories
from rules.access import Act
from web.dependencies import KindChoice, ServicesDep, ViewerDep, as_list, needs
from web.schemas.base import Kind, Outgoing, Page


class Category(Outgoing):
    """What may be reported; `plain_name` is what residents call it."""

    code: str
    kind: Kind
    name: str
    plain_name: str


CategoryList = Page[Category]


router = APIRouter(prefix="/api", tags=["cases"], dependencies=[needs(Act.see_map)])


@router.get("/categories", response_model=CategoryList)
def case_categories(services: ServicesDep, viewer: ViewerDep, kind: KindChoice = None) -> dict[str, Any]:
    """Code, kind and name of every category that a report may have, in their own order."""
    with services.database.reading(viewer) as connection:
        rows = categories.case_categories(connection, locale=viewer.locale)
    return as_list([row for row in rows if kind in (None, row["kind"])])
