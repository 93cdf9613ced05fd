"""/automatic in a browser: switches that ask before they go on, by mouse and by key, and say how it went."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 30_000


@pytest.fixture
def switch(logged_in) -> Locator:
    """The first switch, off."""
    page: Page = logged_in("admin")
    page.goto("/automatic")
    first = page.get_by_role("switch").first
    expect(first).to_have_attribute("aria-checked", "false", timeout=PATIENCE_MS)
    return first


def test_a_switch_goes_on_after_a_question_and_off_at_once(switch: Locator) -> None:
    page = switch.page
    questions: list[str] = []
    page.once("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    page.once("dialog", lambda dialog: dialog.accept())
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(page.locator("#toast")).to_have_text("已开启自动派单")
    expect(page.locator(".switch-row").first).to_contain_text("admin")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(page.locator("#toast")).to_contain_text("已关闭自动派单")
    assert len(questions) == 1 and questions[0].startswith("确定开启")


def test_who_switches_by_key_stays_on_the_switch(switch: Locator) -> None:
    page = switch.page
    page.on("dialog", lambda dialog: dialog.accept())
    for checked in ("true", "false"):
        switch.press("Space")
        expect(switch).to_have_attribute("aria-checked", checked)
        expect(switch).to_be_focused()
