"""Entries of the access log for routes that show a case, written before the first byte of the answer leaves.

One table for all routes: a test walks over them, and one that shows a case and is in neither list fails it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.current_viewer import current_address, current_viewer, shown_cases
from data.audit import access_log
from data.audit.access_log import Actor
from data.audit.access_recorder import AccessRecorder
from rules.access import Viewer
from rules.access_log import Access, Outcome, Via

CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Reading:
    """What an answer shows: `part` of a case, or a list. `numbered`: the case is the address's `{no}`, a query's `case`,
    or what the route says that it shows."""

    access: Access
    part: str
    numbered: str = "path"
    via: Via = Via.api


def _listed(part: str, numbered: str = "") -> Reading:
    return Reading(Access.case_list, part, numbered)


READINGS: dict[tuple[str, str], Reading] = {
    ("GET", "/api/cases/{no}"): Reading(Access.case_read, "case"),
    ("GET", "/api/cases/{no}/events"): Reading(Access.case_read, "events"),
    ("GET", "/api/cases/{no}/clocks"): Reading(Access.case_read, "clocks"),
    ("GET", "/api/cases/{no}/recommendations"): Reading(Access.case_read, "recommendations"),
    ("GET", "/api/cases/{no}/duplicates"): _listed("duplicates", "path"),
    ("GET", "/api/cases/{no}/document.pdf"): Reading(Access.document_read, "pdf"),
    ("GET", "/api/cases/{no}/route.svg"): Reading(Access.document_read, "route"),
    ("POST", "/api/queue/next"): Reading(Access.case_read, "case", "shown"),
    ("GET", "/mine"): Reading(Access.case_read, "case", "query", Via.page),
    ("GET", "/api/cases"): _listed("cases"),
    ("GET", "/api/queue"): _listed("queue"),
    ("GET", "/api/search"): _listed("search"),
    ("POST", "/api/bulk/preview"): _listed("preview"),
    ("POST", "/api/remarks/preview"): _listed("preview"),
}
#: What shows a case and leaves no entry of its own, and why.
NOT_READINGS: dict[tuple[str, str], str] = {
    ("GET", "/api/export/cases.csv"): "an export, noted with its rows before it leaves",
    ("GET", "/api/export/cases.xlsx"): "an export, noted with its rows before it leaves",
    ("GET", "/print/cases"): "an export, noted with its rows before it leaves",
    ("POST", "/api/cases"): "the report is in the trace, with its account",
    ("POST", "/api/cases/{no}/moves"): "the move is in the trace; a case shown by a conflict is noted",
    ("POST", "/api/bulk"): "each move is in the trace",
    ("POST", "/api/remarks"): "each move is in the trace",
    ("POST", "/api/cases/{no}/claim"): "says who has it in hand, nothing of the case",
    ("DELETE", "/api/cases/{no}/claim"): "shows nothing",
}


class AccessNotes:
    """The innermost layer: knows the route that answered, whose request it was and how it went."""

    def __init__(self, app: ASGIApp, *, access: AccessRecorder) -> None:
        self.app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        shown: list[str] = []
        mark = shown_cases.set(shown)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, message["status"], shown)
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            shown_cases.reset(mark)

    def _note(self, scope: Scope, status: int, shown: list[str]) -> None:
        viewer = current_viewer.get()
        if viewer is None:
            return
        reading = READINGS.get((scope["method"], getattr(scope.get("route"), "path", "")))
        if status == 409 and shown:
            reading = Reading(Access.case_read, "conflict", "shown")
        elif reading is None or not (status < 400 or (status in (403, 404) and reading.numbered in ("path", "query"))):
            return
        by = Actor(viewer, reading.via, current_address.get())
        outcome = Outcome.done if status < 400 or status == 409 else Outcome.refused
        for case_no in _numbers(reading, scope, shown):
            self._access.note(_entry(reading, by, viewer, outcome, case_no, scope))


def _numbers(reading: Reading, scope: Scope, shown: list[str]) -> list[str]:
    """The cases that an answer shows by number; one that is none for a list."""
    if reading.numbered == "path":
        return [scope["path_params"]["no"]]
    if reading.numbered == "query":
        return [_query(scope).get("case", [""])[0]]
    return shown if reading.numbered == "shown" else [""]


def _entry(reading: Reading, by: Actor, viewer: Viewer, outcome: Outcome, case_no: str, scope: Scope) -> Any:
    """A page that may show a case shows a list where the address names none."""
    access, part = reading.access, reading.part
    if reading.numbered == "query" and not case_no:
        access, part = Access.case_list, "mine"
    if access == Access.case_list and not case_no:
        area = _query(scope).get("area", [""])[0]
        part = f"{part} {area if CODE.fullmatch(area) else viewer.area_code}"
    return access_log.entry(access, by, outcome=outcome, case_no=case_no, object=part)


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"))
