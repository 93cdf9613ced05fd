"""Bytes of given files: regular files only, complete, bounded, and unchanged while they are read."""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
import zlib
from pathlib import Path

from imports.report import InputError

LARGEST_BYTES = 600_000_000
#: What a file is by its first bytes, where its ending says something else.
KINDS = (
    (b"PK\x03\x04", "a zip archive or a workbook (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls): save it as .xlsx"),
    (b"SQLite format 3\x00", "a database (.gpkg)"),
    (b"\x1f\x8b", "packed by gzip"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)


def require_file(path: Path) -> None:
    """Raises InputError for what is no regular file: folders, pipes and devices could be read for ever."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        missing = error.errno in (errno.ENOENT, errno.ENOTDIR)
        reason = "there is no such file" if missing else error.strerror or str(error)
        raise InputError(f"{path}: {reason}.") from error
    except ValueError as error:
        raise InputError(f"{path!s}: {error}.") from error
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        raise InputError(f"{path}: is {kind}; files are read.")


def read_bytes(path: Path) -> bytes:
    """A file's bytes, unpacked when it is gzipped, but never more than LARGEST_BYTES. Raises InputError."""
    packed = read_packed(path)
    if not path.name.lower().endswith(".gz"):
        return packed
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            content = file.read(LARGEST_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error, OSError) as error:
        raise InputError(f"{path.name}: not a whole gzip file: {error}.") from error
    return _bounded(path, content, " unpacked")


def read_packed(path: Path) -> bytes:
    """A file's bytes as they are stored. Raises InputError, also when the file changes while it is read."""
    require_file(path)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise InputError(f"{path}: is no regular file.")
            content = file.read(LARGEST_BYTES + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}.") from error
    content = _bounded(path, content, "")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise InputError(f"{path.name}: was changed while it was read; try again when nothing writes to it.")
    return content


def _bounded(path: Path, content: bytes, how: str) -> bytes:
    if len(content) > LARGEST_BYTES:
        raise InputError(f"{path.name}: holds more than {LARGEST_BYTES // 1_000_000} MB{how}; split it.")
    return content


def refuse_other_kind(name: str, content: bytes, wanted: str) -> None:
    """Raises InputError when the first bytes are those of another sort of file than `wanted`."""
    for magic, kind in KINDS:
        if content.startswith(magic):
            raise InputError(f"{name}: is not {wanted} but {kind}; its ending has to say what it is.")
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml", b"<ogrvrtdatasource")):
        raise InputError(f"{name}: is not {wanted} but a page or XML; export it again.")
