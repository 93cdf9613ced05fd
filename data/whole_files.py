"""Files that appear complete or not at all, readable by their owner only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteError(Exception):
    """The file cannot be written; the message says why."""


class ExistsError(WriteError):
    """There is such a file already, and it may not be replaced."""


class PendingFile:
    """A path beside a file, `part`, which takes the file's name when it is published, and is on the disk then."""

    def __init__(self, file: Path, *, replace: bool) -> None:
        """Raises WriteError; ExistsError where there is such a file already and `replace` is off."""
        self.file, self.replace = file, replace
        self.part = file.with_name(f".{file.name[:100]}.{os.getpid()}.part")
        with _as_write_error():
            if file.is_dir():
                raise IsADirectoryError(21, "it is a folder")
            if not replace and file.exists():
                raise ExistsError
            # also after a process of the same number that was killed
            os.close(os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))

    def publish(self) -> None:
        """Raises WriteError, and ExistsError also for a file that came into being meanwhile."""
        with _as_write_error():
            _publish(self.part, self.file, replace=self.replace)

    def discard(self) -> None:
        """Take away what was not published."""
        self.part.unlink(missing_ok=True)


@contextmanager
def whole_file(file: Path, *, replace: bool) -> Iterator[Path]:
    """Yields the path to write to; it is published when the block ends well. Raises as PendingFile does."""
    pending = PendingFile(file, replace=replace)
    try:
        yield pending.part
        pending.publish()
    finally:
        pending.discard()


def _publish(part: Path, file: Path, *, replace: bool) -> None:
    with part.open("rb") as written:
        os.fsync(written.fileno())
    if not replace:
        try:
            os.link(part, file)
            return
        except FileExistsError:
            raise ExistsError from None
        except OSError:
            pass  # a file system without hard links
    part.replace(file)


@contextmanager
def _as_write_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(error.strerror or str(error)) from error
