"""Holders of imported cases: organisations by code or name, and the centre above each place."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from imports.locating import Locator, Place
from imports.report import InputError, RowError, did_you_mean
from rules.identifiers import folded


@dataclass(frozen=True)
class Holder:
    id: int
    code: str
    path: str


class Holders:
    """All organisations of the database."""

    def __init__(self, connection: Connection, locator: Locator) -> None:
        self.locator = locator
        self._codes: dict[str, Holder] = {}
        self._words: dict[str, Holder] = {}
        self._centres: dict[str, Holder] = {}
        rows = connection.execute(text("SELECT id, code, path, name, names, kind FROM organisation ORDER BY id")).all()
        for row in rows:
            holder = Holder(row.id, row.code, row.path)
            self._codes[folded(row.code)] = holder
            for name in (row.name, *row.names.values()):
                self._words.setdefault(folded(name), holder)
            if row.kind == "centre":
                self._centres[row.path] = holder
        if locator.root.path not in self._centres:
            raise InputError(f"The root area '{locator.root.code}' has no governance centre: import areas first.")

    def find(self, word: str) -> Holder:
        """Raises RowError."""
        holder = self._codes.get(folded(word)) or self._words.get(folded(word))
        if holder is None:
            raise RowError("organisation", f"'{word}' is unknown{did_you_mean(word, self._codes)}")
        return holder

    def centre_above(self, place: Place) -> Holder:
        """The nearest centre, of the place itself or of an area above it."""
        if place.path not in self._centres:
            above = next(one for one in self.locator.above(place) if one.path in self._centres)
            self._centres[place.path] = self._centres[above.path]
        return self._centres[place.path]
