"""The person's menu in the bar: opened by mouse and key, closed by Escape, by a click elsewhere and by what is in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect


@pytest.fixture
def menu(logged_in) -> Locator:
    page = logged_in("leader")
    page.goto("/map?area=532801")
    found = page.locator(".user-menu")
    expect(found).to_be_visible(timeout=30_000)
    expect(found.locator(".menu")).to_be_hidden()
    return found


def test_it_opens_by_key_and_escape_closes_it_alone(menu: Locator) -> None:
    page, opener = menu.page, menu.locator("summary")
    expect(page.locator("#breadcrumb .crumb").last).to_have_attribute("data-go-area", "532801", timeout=30_000)
    opener.press("Enter")
    expect(menu.locator(".menu")).to_contain_text("leader")
    for link in ("/measures", "/brief", "/profile"):
        page.keyboard.press("Tab")
        expect(menu.locator(f"a[href='{link}']")).to_be_focused()
    page.keyboard.press("Tab")
    expect(menu.locator("[data-action=help]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu.locator(".menu")).to_be_hidden()
    expect(opener).to_be_focused()
    # the area is the same: a second Escape goes up
    assert "area=532801" in page.url
    page.keyboard.press("Escape")
    expect(page).not_to_have_url("/map?area=532801")


def test_a_click_opens_it_and_one_elsewhere_closes_it(menu: Locator) -> None:
    page, opener = menu.page, menu.locator("summary")
    for _ in range(2):
        opener.click()
        expect(menu.locator(".menu")).to_be_visible()
        opener.click()
        expect(menu.locator(".menu")).to_be_hidden()
    opener.click()
    page.locator(".topbar").click(position={"x": 300, "y": 24})
    expect(menu.locator(".menu")).to_be_hidden()


def test_what_is_in_it_closes_it(menu: Locator) -> None:
    menu.locator("summary").click()
    menu.locator("[data-action=help]").click()
    expect(menu.page.locator("#help-dialog")).to_be_visible()
    expect(menu.locator(".menu")).to_be_hidden()
