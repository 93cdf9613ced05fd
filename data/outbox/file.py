"""The default: one JSON line a message, in a file a day."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from data.outbox.messages import Message


class FileAdapter:
    """Appends to FOLDER/YYYY-MM-DD.jsonl; a line is on the disk before the message counts as sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {name: value for name, value in vars(message).items() if name != "address"}
        line = orjson.dumps(told, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
        path = self.folder / f"{message.at:%Y-%m-%d}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
