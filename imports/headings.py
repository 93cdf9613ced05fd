"""Headings of a file matched with expected names, regardless of capitals, width, blanks and hidden letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from imports.cells import cell_text
from imports.mapping import ALIASES
from imports.report import InputError, did_you_mean
from rules.identifiers import folded, visible


class Headings:
    """The columns of a file. Two that look alike are refused where either could be meant."""

    def __init__(self, file: str, columns: tuple[str, ...]) -> None:
        self.file = file
        self.columns = columns
        self._alike: dict[str, list[str]] = {}
        for column in columns:
            self._alike.setdefault(folded(column), []).append(column)

    @staticmethod
    def spelt(column: str) -> frozenset[str]:
        return frozenset((folded(column),))

    @staticmethod
    def known_as(name: str) -> frozenset[str]:
        """The folded headings that are understood as one of our fields."""
        return frozenset(folded(word) for word in (name, *ALIASES.get(name, ())))

    def own(self, column: str, where: str) -> str:
        """The file's spelling of a column that the mapping names. Raises InputError."""
        alike = self._alike.get(folded(column), [])
        if not alike:
            raise InputError(f"{self.file}: has no column '{column}' ({where}){did_you_mean(column, self.columns)}")
        same = [one for one in alike if visible(one) == visible(column)]
        return self._only(same or alike)

    def named(self, name: str) -> str | None:
        """The column that is named like one of our fields, or None. Raises InputError when two are."""
        for word in (name, *ALIASES.get(name, ())):
            if alike := self._alike.get(folded(word)):
                return self._only(alike)
        return None

    def _only(self, alike: list[str]) -> str:
        if len(alike) > 1:
            both = " and ".join(f"'{one}'" for one in alike[:2])
            raise InputError(f"{self.file}: the headings {both} differ only in capitals or blanks: rename or delete one.")
        return alike[0]


def heading_row(head: Sequence[tuple[int, list[Any]]], looked_for: Sequence[frozenset[str]]) -> int | None:
    """The number of the first row near the top that has a column of each set, as headings have."""
    for number, row in head:
        texts = {folded(cell_text(cell)) for cell in row}
        if all(texts & one for one in looked_for):
            return number
    return None
