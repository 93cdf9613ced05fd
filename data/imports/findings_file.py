"""The findings of an import of areas as a map file: its place is made sure of before, it is there only afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.imports.boundary_findings import AreaReport
from data.imports.report import InputError


class FindingsFile:
    """A GeoJSON file beside its place until the import is through."""

    def __init__(self, path: Path) -> None:
        self.path, self._beside = path, path.with_name(f".{path.name[:100]}.{os.getpid()}.part")

    def fill(self, report: AreaReport) -> None:
        """Before the commit: what cannot be written undoes the import. Raises InputError."""
        with self._told():
            self._beside.write_bytes(report.geojson())

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InputError(f"--findings {self.path}: cannot be written: {error.strerror or error}.") from error

    def __enter__(self) -> FindingsFile:
        with self._told():
            if self.path.is_dir():
                raise IsADirectoryError(21, "it is a folder")
            # for its owner alone: places of cases are in it
            os.close(os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            with self._told():
                os.replace(self._beside, self.path)
        with suppress(OSError):
            self._beside.unlink(missing_ok=True)


@contextmanager
def findings_file(path: Path | None) -> Iterator[FindingsFile | None]:
    """The file asked for, if one is; raises InputError where it cannot be."""
    if path is None:
        yield None
        return
    with FindingsFile(path) as file:
        yield file
