"""A file that is there whole or not at all, and that only its owner may read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteError(Exception):
    """The file cannot be written; the message says why."""


class ExistsError(WriteError):
    """There is such a file already, and it may not be replaced."""


@contextmanager
def whole_file(file: Path, *, replace: bool) -> Iterator[Path]:
    """Yields a path beside the file, which takes the file's name when the block ends well, and is on the disk then.

    Raises WriteError, and ExistsError also for a file that came into being meanwhile; what the block raises goes through.
    """
    part = file.with_name(f".{file.name[:100]}.{os.getpid()}.part")
    with _told():
        if file.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        if not replace and file.exists():
            raise ExistsError
        # also after a process of the same number that was killed
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield part
        with _told():
            _publish(part, file, replace=replace)
    finally:
        part.unlink(missing_ok=True)


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
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(error.strerror or str(error)) from error
