"""First pages of the lists of cases of an area, all from one snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.queries import cases, past
from data.services import Services
from rules.access import Act, Viewer, require

#: By what each list holds: open cases, and those that wait for dispatch.
LISTS = ("open", "waiting")
#: As many as CaseList asks for (case_list.mjs).
SHOWN = 100


def read_first_pages(
    services: Services, viewer: Viewer, area: str | None, *, as_of: datetime | None = None
) -> dict[str, dict[str, Any]]:
    """`items`, `next_cursor` and `total` of each list, the nearest deadline first. Raises Problem not_found, forbidden."""
    require(viewer, Act.see_cases)
    now, code = services.clock.now(), area or viewer.area_code
    with past.reading(services.database, viewer, as_of=as_of, now=now) as connection:
        return {
            status: cases.page(connection, cases.CaseFilter(area=code, status=status, limit=SHOWN), as_of or now, viewer)
            for status in LISTS
        }
