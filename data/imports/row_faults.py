"""Everything that is wrong with one row, so that it can be mended in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from data.imports.report import ImportReport, RowError

T = TypeVar("T")


class RowFaults:
    """Collects what the fields of a row are refused for; each field once, by its first reason."""

    def __init__(self) -> None:
        self.found: list[RowError] = []

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, error: RowError) -> None:
        if all(error.field != one.field for one in self.found):
            self.found.append(error)

    def take(self, read: Callable[[], T], otherwise: T) -> T:
        """What `read` gives, or `otherwise` when it raises a RowError, which is kept."""
        try:
            return read()
        except RowError as error:
            self.add(error)
            return otherwise

    def tell(self, report: ImportReport, file: str, row: int) -> None:
        refuse_all(report, file, row, self.found)


def refuse_all(report: ImportReport, file: str, row: int, errors: Iterable[RowError]) -> None:
    for error in errors:
        report.refuse_row(file, row, error)
