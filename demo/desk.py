"""Candidates for the invented cases, and how likely each is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

from rules.sla import SlaPolicy

# How likely an organisation is chosen by how deep its area lies: prefecture, county, township.
CLOSENESS = (0.12, 1.0, 1.5)


def quality(organisation: str, category: str) -> float:
    """How well an invented organisation does with a category, from -1 to 1: the same in every demonstration."""
    return crc32(f"{organisation} {category}".encode()) / 2**31 - 1


class OrganisationRow(NamedTuple):
    """An organisation that may take cases of a category. `quality` from -1 to 1 is invented, so that outcomes differ: what
    goes wrong or takes long is found at the weak ones more often."""

    id: int
    path: str
    capacity: int
    quality: float = 0.0


@dataclass(frozen=True)
class Desk:
    """What the generator needs of the world: ids and paths by an area's code, centres by theirs, organisations by category."""

    area_ids: dict[str, int]
    paths: dict[str, str]
    centres: dict[str, int]
    organisations: dict[str, tuple[OrganisationRow, ...]]
    sla: SlaPolicy
    found: dict[tuple[str, str], tuple[list[OrganisationRow], list[float]]] = field(default_factory=dict, repr=False)

    def suitable(self, category: str, path: str) -> tuple[list[OrganisationRow], list[float]]:
        """Organisations whose area covers a village and whose duty covers the category, with the weight of each."""
        known = self.found.get((category, path))
        if known is None:
            organisations = [
                organisation for organisation in self.organisations[category] if path.startswith(organisation.path)
            ]
            weights = [
                organisation.capacity * CLOSENESS[organisation.path.count("/") - 1] for organisation in organisations
            ]
            known = self.found[category, path] = (organisations, weights)
        return known
