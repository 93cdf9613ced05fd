"""Answers kept in memory as they travel, by all that they depend on: whose scope, what was asked, which state of the world."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from web.middleware.compression import gzip

#: Shorter ones are hardly shorter when packed.
MIN_PACKED = 400
#: What an entry takes besides its bytes.
OVERHEAD = 200


@dataclass(frozen=True)
class StoredAnswer:
    """A body as it is and as it travels; the second is empty where compressing does not pay. `until`: when it becomes
    another by time alone; None for never."""

    plain: bytes
    packed: bytes
    tag: str
    until: datetime | None = None

    def has_ended(self, now: datetime | None) -> bool:
        return self.until is not None and (now is None or now >= self.until)

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed) + OVERHEAD


def stored(body: bytes, *, tagged: bytes | None = None, until: datetime | None = None) -> StoredAnswer:
    """`tagged`: the part of the body that decides whether it is another than before; all of it if not given."""
    told = body if tagged is None else tagged
    tag = f'"{zlib.crc32(told):08x}-{len(told)}"'
    return StoredAnswer(body, gzip(body) if len(body) > MIN_PACKED else b"", tag, until)


class AnswerStore:
    """The answers asked for lately, as many as fit into `most_bytes`. A key holds the viewer's scope: nobody is served
    from here what another may see."""

    def __init__(self, most_bytes: int) -> None:
        self._answers: OrderedDict[Hashable, StoredAnswer] = OrderedDict()
        self._most, self._bytes = most_bytes, 0
        self._lock = threading.Lock()

    def find(self, key: Hashable, now: datetime | None = None) -> StoredAnswer | None:
        """`now` is needed for answers that end by time."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is None or answer.has_ended(now):
                return None
            self._answers.move_to_end(key)
            return answer

    def keep(self, key: Hashable, answer: StoredAnswer) -> StoredAnswer:
        with self._lock:
            before = self._answers.pop(key, None)
            self._bytes += answer.size - (before.size if before else 0)
            self._answers[key] = answer
            while self._bytes > self._most:
                self._bytes -= self._answers.popitem(last=False)[1].size
        return answer


def respond(answer: StoredAnswer, request: Request, *, media_type: str, caching: str) -> Response:
    """The answer, or 304 for whoever has it. What it shows depends on whose it is."""
    headers = {"Cache-Control": caching, "Vary": "Cookie, Accept-Encoding", "ETag": answer.tag}
    if answer.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if answer.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(answer.packed, media_type=media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(answer.plain, media_type=media_type, headers=headers)
