"""All faults of one row, so that it can be mended in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from imports.report import ImportReport, RowError, RowErrors

P = ParamSpec("P")
T = TypeVar("T")


class RowFaults:
    """Collects what the fields of a row are refused for; each field once, by its first reason."""

    def __init__(self) -> None:
        self.found: list[RowError] = []

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, error: RowError) -> None:
        for fault in error.errors:
            if all(fault.field != known.field for known in self.found):
                self.found.append(fault)

    def take(self, otherwise: T, read: Callable[..., T], *given: Any) -> T:
        """What `read(*given)` answers, or `otherwise` when it raises a RowError, which is kept."""
        try:
            return read(*given)
        except RowError as error:
            self.add(error)
            return otherwise

    def read(self, read: Callable[P, T], *given: P.args, **options: P.kwargs) -> T | None:
        """The same with None for what was refused."""
        return self.take(None, lambda: read(*given, **options))

    def require_none(self) -> None:
        """Raises RowErrors with all that was found."""
        if self.found:
            raise RowErrors(self.found)

    def check(self, require: Callable[..., None], *given: Any) -> None:
        """Keep what `require(*given)` raises."""
        self.take(None, require, *given)

    def tell(self, report: ImportReport, file: str, row: int) -> None:
        if self.found:
            report.refuse_row(file, row, RowErrors(self.found))
