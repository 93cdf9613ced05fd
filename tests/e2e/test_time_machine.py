"""The past on the map: gone to, stepped through, played and left; and nothing in it can be moved."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.steps.browser import asked

AT = "2026-01-15T04:00:00Z"


def opened_at(page: Page, at: str = AT) -> None:
    page.goto(f"/map?as_of={at}")
    page.evaluate("window.gridboard.ready")
    expect(page.locator("#time-machine")).to_have_attribute("data-as-of", at)


def test_the_page_shows_the_moment_and_cannot_be_taken_for_now(logged_in) -> None:
    page = logged_in("leader", width=1366, height=768)
    opened_at(page)
    assert page.evaluate("window.gridboard.asOf") == AT
    expect(page.locator("#live-status")).to_have_attribute("data-state", "past")
    expect(page.locator("#past-banner")).to_contain_text("并非当前情况")
    area = page.evaluate("window.gridboard.page.store.state.config.root")
    then = asked(page, "GET", f"/api/areas/{area}/summary?as_of={AT}")
    now = asked(page, "GET", f"/api/areas/{area}/summary")
    assert then["open"] != now["open"]
    expect(page.locator("#count-open")).to_contain_text(str(then["open"]))
    page.locator("#list-open [data-case-no]").first.click()
    expect(page.locator("#case-panel .case")).to_be_visible()
    assert page.locator("[data-move]:visible").count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#time-machine")).to_have_attribute("data-as-of", "")
    expect(page.locator("#past-banner")).to_be_hidden()
    expect(page.locator("#count-open")).to_contain_text(str(now["open"]))


def test_a_step_and_a_play_go_on_in_time(logged_in) -> None:
    page = logged_in("leader", width=1366, height=768)
    opened_at(page)
    page.locator("#time-step").click()
    expect(page.locator("#time-machine")).to_have_attribute("data-as-of", "2026-01-16T04:00:00Z")
    page.locator("#time-play").click()
    expect(page.locator("#time-machine")).to_have_attribute("data-as-of", re.compile("2026-0[2-9]"), timeout=30_000)
    page.locator("#time-live").click()
    expect(page.locator("#time-machine")).to_have_attribute("data-as-of", "")
    assert page.evaluate("window.gridboard.asOf") is None
