"""The viewer of the request, set once by the authentication middleware."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from rules.access import Viewer
from rules.errors import Problem


@dataclass(frozen=True)
class Visit:
    """One authenticated request: whose it is and the token that its forms must carry."""

    viewer: Viewer
    csrf_token: str = ""
    display_name: str = ""


current_viewer: ContextVar[Viewer | None] = ContextVar("current_viewer", default=None)
current_visit: ContextVar[Visit | None] = ContextVar("current_visit", default=None)
#: Where the request came from; the access log keeps the network alone.
current_address: ContextVar[str] = ContextVar("current_address", default="")
#: Cases that an answer shows without an address that says so: a route adds to it, web/middleware/access_log.py reads it.
shown_cases: ContextVar[list[str] | None] = ContextVar("shown_cases", default=None)


def require_viewer() -> Viewer:
    """The viewer of this request. Raises Problem unauthenticated when nobody is logged in."""
    viewer = current_viewer.get()
    if viewer is None:
        raise Problem("unauthenticated")
    return viewer


def require_visit() -> Visit:
    """The visit of this request. Raises Problem unauthenticated when nobody is logged in."""
    visit = current_visit.get()
    if visit is None:
        raise Problem("unauthenticated")
    return visit


def note_shown(case_no: str) -> None:
    """Say that the answer to this request shows a case that its address does not name."""
    shown = shown_cases.get()
    if shown is not None:
        shown.append(case_no)
