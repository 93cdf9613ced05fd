"""The findings of an import of areas as a map file: checked to be writable before, published afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.whole_files import WriteError, whole_file
from imports.boundary_findings import AreaReport
from imports.report import InputError


class FindingsFile:
    """A GeoJSON file beside its place until the import is through. Places of cases are in it."""

    def __init__(self, path: Path, beside: Path) -> None:
        self.path, self._beside = path, beside

    def fill(self, report: AreaReport) -> None:
        """Before the commit: what cannot be written undoes the import. Raises InputError."""
        try:
            self._beside.write_bytes(report.geojson())
        except OSError as error:
            raise _unwritable(self.path, error.strerror or str(error)) from error


@contextmanager
def findings_file(path: Path | None) -> Iterator[FindingsFile | None]:
    """The file asked for, if one is; raises InputError where it cannot be."""
    if path is None:
        yield None
        return
    try:
        with whole_file(path, replace=True) as beside:
            yield FindingsFile(path, beside)
    except WriteError as error:
        raise _unwritable(path, str(error)) from error


def _unwritable(path: Path, why: str) -> InputError:
    return InputError(f"--findings {path}: cannot be written: {why}.")
