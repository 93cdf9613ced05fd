"""Static files served from memory: they need no worker thread, which a frozen database may hold all of."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

READ = ("GET", "HEAD")


class Assets:
    """The files below a folder, each read once for as long as its time of change stays; nothing outside the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._held: dict[Path, tuple[int, bytes, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in READ:
            raise HTTPException(405, headers={"Allow": ", ".join(READ)})
        body, tag = self._file(scope["path"].removeprefix(scope.get("root_path", "")))
        kind = mimetypes.guess_type(scope["path"])[0] or "application/octet-stream"
        headers = {"ETag": tag}
        if Headers(scope=scope).get("if-none-match") == tag:
            answer = Response(status_code=304, headers=headers)
        else:
            answer = Response(body, media_type=kind, headers=headers)
        await answer(scope, receive, send)

    def _file(self, address: str) -> tuple[bytes, str]:
        """Content and tag. Raises HTTPException 404."""
        try:
            path = (self._folder / address.lstrip("/")).resolve()
            if not path.is_relative_to(self._folder) or not path.is_file():
                raise HTTPException(404)
            changed = path.stat().st_mtime_ns
            held = self._held.get(path)
            if held is None or held[0] != changed:
                body = path.read_bytes()
                held = self._held[path] = (changed, body, f'"{hashlib.sha256(body).hexdigest()[:24]}"')
        except (OSError, ValueError):
            # a name that is too long, or holds a NUL
            raise HTTPException(404) from None
        return held[1], held[2]
