"""The tables of Gridboard, one file a subject. Importing this package registers all of them."""

from data.models import (
    access,
    accounts,
    areas,
    cases,
    clusters,
    desk,
    messages,
    organisations,
    places,
    remediations,
    rollups,
    seals,
    search,
    spans,
    tiers,
)
from data.models.base import Base

__all__ = [
    "Base",
    "access",
    "accounts",
    "areas",
    "cases",
    "clusters",
    "desk",
    "messages",
    "organisations",
    "places",
    "remediations",
    "rollups",
    "seals",
    "search",
    "spans",
    "tiers",
]  # fmt: skip
