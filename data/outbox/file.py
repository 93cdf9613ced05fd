"""The default adapter: one JSON line a message, one file a day."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import orjson

from data.outbox.messages import Message


class FileAdapter:
    """Appends to FOLDER/YYYY-MM-DD.jsonl (days in UTC); a line is on the disk before the message counts as sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        self.send_all([message])

    def send_all(self, messages: Sequence[Message]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for day, those in groupby(sorted(messages, key=_day), key=_day):
            options = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
            self._append(day, b"".join(orjson.dumps(message.told(), option=options) for message in those))

    def _append(self, day: date, lines: bytes) -> None:
        """All of the lines or, on a full disk, none: a torn line would spoil the next one. Processes take turns."""
        descriptor = os.open(self.folder / f"{day}.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            try:
                written = 0
                while written < len(lines):
                    written += os.write(descriptor, lines[written:])
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)


def _day(message: Message) -> date:
    return message.at.date()
