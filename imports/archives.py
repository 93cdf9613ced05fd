"""Zip archives in memory: nothing is unpacked to a disk, and sizes are bounded."""

from __future__ import annotations

import io
import zipfile
import zlib

from imports.report import InputError

LARGEST_UNPACKED = 400_000_000
LARGEST_RATIO = 150
RATIO_COUNTS_FROM = 20_000_000
MOST_ENTRIES = 20_000
CHUNK = 1 << 20
ENCRYPTED = 0x1


class Archive:
    """The members of a zip by name, checked as a whole before the first is read. Raises InputError."""

    def __init__(self, file: str, content: bytes) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise InputError(f"{file}: not a whole zip archive: {error}.") from error
        if len(entries) > MOST_ENTRIES:
            raise InputError(f"{file}: holds {len(entries)} entries; it is not read.")
        self.names = [entry.filename for entry in entries if not entry.is_dir()]
        total = 0
        for entry in entries:
            total += self._measure(entry, total)
        if total > RATIO_COUNTS_FROM and total > LARGEST_RATIO * len(content):
            raise InputError(f"{file}: unpacks to {total // len(content)} times its size; it is not read.")

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises InputError when there is none of that name."""
        if name not in self.names:
            raise InputError(f"{self.file}: the part '{name}' is missing in it.")
        return b"".join(self._chunks(self._zip.getinfo(name)))

    def _measure(self, entry: zipfile.ZipInfo, before: int) -> int:
        """The entry's true unpacked size; its header may say anything."""
        size = 0
        if entry.file_size + before > LARGEST_UNPACKED:
            self._refuse_size()
        for chunk in self._chunks(entry):
            size += len(chunk)
            if size + before > LARGEST_UNPACKED:
                self._refuse_size()
        return size

    def _chunks(self, entry: zipfile.ZipInfo):
        if entry.flag_bits & ENCRYPTED:
            raise InputError(f"{self.file}: is protected by a password; save it without one.")
        try:
            with self._zip.open(entry) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise InputError(f"{self.file}: not a whole zip archive: {error}.") from error

    def _refuse_size(self) -> None:
        raise InputError(f"{self.file}: unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB; it is not read.")
