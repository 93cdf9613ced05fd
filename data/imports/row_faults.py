"""Everything that is wrong with one row, so that it can be mended in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

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

    def take(self, otherwise: T, read: Callable[..., T], *given: Any) -> T:
        """What `read(*given)` answers, or `otherwise` when it raises a RowError, which is kept."""
        try:
            return read(*given)
        except RowError as error:
            self.add(error)
            return otherwise

    def check(self, require: Callable[..., None], *given: Any) -> None:
        """Keep what `require(*given)` raises."""
        self.take(None, require, *given)

    def tell(self, report: ImportReport, file: str, row: int) -> None:
        for error in self.found:
            report.refuse_row(file, row, error)
