"""What a wall may show of cases: that there is one, where, and how urgent; never which."""

from __future__ import annotations

from typing import Any

from rules.access import Role, Viewer


def presence(columns: dict[str, list[Any]], viewer: Viewer) -> dict[str, list[Any]]:
    """Markers column by column; for a display, which is no person, without what names a case."""
    if viewer.role != Role.display:
        return columns
    kept = {name: values for name, values in columns.items() if name != "version"}
    return kept | {"case_no": [""] * len(columns["case_no"])}
