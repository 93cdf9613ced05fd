"""Who reads an answer: a person in a browser's window, or a program."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
PROGRAM_PREFIXES = ("/api/", "/tiles/", "/_dash-", "/assets/")


def is_page(scope: Scope) -> bool:
    """Whether an address is that of a page."""
    return scope["method"] in SAFE and not scope["path"].startswith(PROGRAM_PREFIXES) and scope["path"] != "/metrics"


def is_person(scope: Scope) -> bool:
    """Whether a person looks at the answer: a page, or where a link or a form led, as to a PDF. Only browsers' windows
    ask for HTML; their scripts, and Dash's, do not."""
    return is_page(scope) or "text/html" in Headers(scope=scope).get("accept", "")
