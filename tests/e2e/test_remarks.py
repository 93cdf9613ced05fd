"""A leader chooses cases on the map and reminds them together; what the role cannot do is not offered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked, painted


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture
def leader(logged_in) -> Page:
    page = logged_in("leader")
    page.goto("/map")
    painted(page)
    return page


def choose(page: Page, count: int = 3) -> list[str]:
    items = asked(page, "GET", "/api/cases?status=at_work&limit=20")["items"]
    numbers = [one["case_no"] for one in items if "remind" in one["moves"]][:count]
    page.evaluate("numbers => gridboard.page.store.select(numbers)", numbers)
    return numbers


def test_cases_are_reminded_together(leader: Page) -> None:
    numbers = choose(leader)
    tray = leader.locator("#tray")
    expect(tray).to_be_visible()
    expect(tray.locator("[data-action=open-bulk]")).to_have_count(0)
    leader.keyboard.press("r")
    dialog = leader.locator("#remarks-dialog")
    expect(dialog.locator(".bulk-row")).to_have_count(len(numbers))
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-told")).to_contain_text(f"{len(numbers)} 件中 {len(numbers)} 件已催办")
    for number in numbers:
        trace = asked(leader, "GET", f"/api/cases/{number}/events")["items"]
        assert trace[-1]["act"] == "remind"
    dialog.locator(".remarks-submit").click()
    expect(dialog).to_be_hidden()
    expect(tray).to_be_hidden()


def test_a_supervision_asks_for_its_form_and_reason(leader: Page) -> None:
    choose(leader, 2)
    leader.locator("#tray [data-remark=supervise]").click()
    dialog = leader.locator("#remarks-dialog")
    expect(dialog.locator(".remarks-submit")).to_be_enabled()
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-message")).to_contain_text("请填写")
    dialog.locator('label:has([value="letter"])').click()
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-message")).to_contain_text("请填写：内容")
    dialog.locator("textarea").fill("久拖未决，请抓紧")
    dialog.locator(".remarks-submit").click()
    expect(dialog.locator(".remarks-told")).to_contain_text("2 件中 2 件已督办")


def test_help_names_the_keys_of_the_role_alone(leader: Page, logged_in) -> None:
    choose(leader)
    leader.keyboard.press("?")
    words = leader.locator("#help-dialog .shortcuts").inner_text()
    assert "催办" in words and "派单" not in words
    desk = logged_in("dispatcher")
    desk.goto("/map")
    painted(desk)
    desk.keyboard.press("?")
    expect(desk.locator("#help-dialog .shortcuts")).to_contain_text("派单")
