"""Every page in both themes by axe-core's rules: nothing serious; and every page at 200 % without sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("dark", "light")
SEVERE = ("serious", "critical")
#: Who looks at which page, and what is there once it is drawn. `CASE` is a case that this person may see.
PAGES = [
    (None, "/login", "form"),
    ("leader", "/map", "#count-open"),
    ("leader", "/map?case=CASE", ".case-panel.shown .case"),
    ("leader", "/case/CASE", ".sheet .case"),
    ("dispatcher", "/dispatch", ".queue-row"),
    ("dispatcher", "/dispatch?case=CASE", ".case-panel.shown .case"),
    ("handler", "/mine", ".mine-rows"),
    ("handler", "/mine?case=CASE", ".case"),
    ("auditor", "/audit", "table"),
    ("admin", "/users", "table"),
    ("admin", "/displays", "main"),
    ("admin", "/messages", "main"),
    ("admin", "/automatic", "main"),
    ("leader", "/profile", "form"),
    ("leader", "/no-such-page", ".state"),
]


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def opened(logged_in: Callable[..., Page], who: str | None, path: str, drawn: str) -> Page:
    page = logged_in(who or "leader")
    if who is None:
        page.context.clear_cookies()
    if "CASE" in path:
        path = path.replace("CASE", asked(page, "GET", "/api/cases?limit=1")["items"][0]["case_no"])
    page.goto(path)
    expect(page.locator(drawn).first).to_be_visible()
    return page


def findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    told: list[dict[str, Any]] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} | {node['failureSummary'][:200]}"
        for one in told
        if one["impact"] in SEVERE
        for node in one["nodes"][:4]
    ]


@pytest.mark.parametrize(("who", "path", "drawn"), PAGES, ids=lambda value: str(value))
def test_a_page_has_no_serious_finding_in_either_theme(logged_in, who: str | None, path: str, drawn: str) -> None:
    page = opened(logged_in, who, path, drawn)
    page.wait_for_load_state("networkidle") if who == "handler" or who is None else page.wait_for_timeout(600)
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_timeout(250)
        assert findings(page) == [], theme
