"""Database objects that the models describe: neither PostGIS's own tables nor the partitions of a prefecture."""

from __future__ import annotations

import re

from geoalchemy2 import alembic_helpers

PARTITION = re.compile(r"^(cases|case_event|outbox)_p_")


def include_object(item, name, kind, reflected, compare_to) -> bool:
    if kind == "table" and PARTITION.match(name or ""):
        return False
    return alembic_helpers.include_object(item, name, kind, reflected, compare_to)
