"""The files that an import writes beside the database: opened before it starts, filled before it commits."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

import orjson

from data.whole_files import PendingFile, WriteError
from imports.mended import write_bad_rows
from imports.report import ImportReport, InputError


class Outputs:
    """`--bad-rows` and `--report`. Each is written beside its place and moved there when the import is through, so that
    nobody finds half of one and a refused import leaves no false one. A device or pipe is written to as it is."""

    def __init__(self, *, bad_rows: Path | None, report: Path | None, read: Iterable[Path] = ()) -> None:
        """Raises InputError for a place that cannot be written."""
        self._files: list[_File] = []
        taken = {path.resolve() for path in read}
        for option, path, fill in (("--bad-rows", bad_rows, write_bad_rows), ("--report", report, _write_facts)):
            if path is None:
                continue
            if path.resolve() in taken:
                self.close()
                raise InputError(f"{option} {path}: is a file that this command reads or writes already.")
            taken.add(path.resolve())
            try:
                self._files.append(_File(option, path, fill))
            except (OSError, WriteError) as error:
                self.close()
                raise InputError(f"{option} {path}: cannot be written: {_reason(error)}.") from error

    def write(self, report: ImportReport) -> None:
        """Raises InputError, so that an import that calls it before its commit is undone."""
        for file in self._files:
            file.write(report)

    def publish(self) -> None:
        """Move what was written to its place. Raises InputError."""
        for file in self._files:
            file.publish()

    def close(self) -> None:
        """Forget what was not published."""
        for file in self._files:
            file.close()

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _File:
    def __init__(self, option: str, path: Path, fill: Callable[[ImportReport, IO[str]], None]) -> None:
        """Raises OSError and WriteError."""
        self.option, self.path, self.fill = option, path, fill
        self.written = False
        self._pending: PendingFile | None = None
        if path.exists() and not path.is_file() and not path.is_dir():
            self._file = path.open("w", encoding="utf-8", newline="")
            return
        if path.is_file() and not os.access(path, os.W_OK):
            raise PermissionError(13, "no permission")
        # for its owner alone: the rows hold what people wrote
        self._pending = PendingFile(path, replace=True)
        self._file = self._pending.part.open("w", encoding="utf-8", newline="")

    def write(self, report: ImportReport) -> None:
        if self.written and self._pending is None:
            return
        with self._refusing():
            if self._pending is not None:
                self._file.seek(0)
                self._file.truncate()
            self.fill(report, self._file)
            self._file.flush()
        self.written = True

    def publish(self) -> None:
        if not self.written or self._pending is None:
            return
        with self._refusing():
            self._pending.publish()
        self._pending = None

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()
        if self._pending is not None:
            self._pending.discard()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, WriteError) as error:
            raise InputError(f"{self.option} {self.path}: cannot be written: {_reason(error)}.") from error


def _reason(error: OSError | WriteError) -> str:
    return getattr(error, "strerror", None) or str(error)


def _write_facts(report: ImportReport, file: IO[str]) -> None:
    file.write(orjson.dumps(report.facts(), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str).decode() + "\n")
