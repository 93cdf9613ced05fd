"""Waiting for the map in a browser, and a case dispatched to the handler."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

PASSWORD = "gridboard"
PATIENCE_S = 30.0


def until(page: Page, question: str, wanted: Any = True) -> Any:
    """Asks again and again: the page's policy forbids the browser-side waiting of Playwright."""
    deadline = time.monotonic() + PATIENCE_S
    while (answer := page.evaluate(question)) != wanted:
        assert time.monotonic() < deadline, f"{question} stays {answer!r}, not {wanted!r}"
        page.wait_for_timeout(50)
    return answer


def painted(page: Page, area: str | None = None) -> None:
    until(page, "Boolean(window.gridboard && gridboard.page.map && gridboard.page.map.scene)")
    if area:
        until(page, "gridboard.page.map.scene.code", area)
    page.evaluate("gridboard.ready")


def click_area(page: Page, code: str) -> None:
    at = page.evaluate("code => gridboard.pixelOf(code)", code)
    page.mouse.click(at["x"], at["y"])


def dispatched(logged_in: Callable[..., Page], page: Page) -> str:
    """A case sent to the handler's own body, of a kind and in a place that it has others of."""
    desk = logged_in("dispatcher")
    answer = desk.request.post("/api/session", data={"username": "dispatcher", "password": PASSWORD})
    token = {"X-CSRF-Token": answer.json()["csrf_token"]}
    like = page.request.get("/api/cases?limit=1").json()["items"][0]
    report = {name: like[name] for name in ("kind", "category", "area")} | {"title": "手机页面测试案件"}
    case = desk.request.post("/api/cases", data=report, headers=token).json()
    body = page.request.get("/api/client").json()["user"]["organisation"]
    for form in ({"move": "accept"}, {"move": "assess"}, {"move": "dispatch", "to": body}):
        sent = {**form, "version": case["version"]}
        moved = desk.request.post(f"/api/cases/{case['case_no']}/moves", data=sent, headers=token)
        assert moved.ok, moved.text()
        case = moved.json()
    return str(case["case_no"])


def asked(page: Page, method: str, path: str, body: Any = None, *, ok: bool = True) -> Any:
    """A request of that person, outside the page."""
    token = page.request.get("/api/session").json()["csrf_token"]
    answer = page.request.fetch(path, method=method, data=body, headers={"X-CSRF-Token": token})
    assert answer.ok or not ok, answer.text()
    return answer.json() if answer.status != 204 else None


def put_in_queue(page: Page, form: dict[str, Any]) -> dict:
    """A case reported, accepted and assessed."""
    made = asked(page, "POST", "/api/cases", {"description": "", "source": "resident"} | form)
    for move in ("accept", "assess"):
        made = asked(page, "POST", f"/api/cases/{made['case_no']}/moves", {"move": move, "version": made["version"]})
    return made
