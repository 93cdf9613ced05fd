"""Every flow by the keyboard alone: nothing here presses, focuses or fills by script."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.steps.browser import asked, dispatched, painted, put_in_queue

AT = "selector => Boolean(document.activeElement?.matches(selector))"
#: The focus is seen: in view, with a ring of its own or of what it stands in.
SEEN = """() => {
    const one = document.activeElement;
    const { top, bottom, left, right } = one.getBoundingClientRect();
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
}"""
NEW = "猫头鹰夜里数星星到天亮"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def reach(page: Page, selector: str, *, key: str = "Tab", most: int = 150) -> None:
    """Presses a key until the focus is there, and sees it."""
    for _ in range(most):
        if page.evaluate(AT, selector):
            assert page.evaluate(SEEN), f"{selector} has the focus out of sight"
            return
        page.keyboard.press(key)
    at = page.evaluate("document.activeElement.outerHTML")[:200]
    raise AssertionError(f"{selector} is not reached by {key}; the focus is on {at}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    reach(page, selector)
    page.keyboard.press(key)


@pytest.fixture
def leader(logged_in: Callable[..., Page]) -> Page:
    page = logged_in("leader")
    page.goto("/map?area=532801")
    painted(page, "532801")
    expect(page.locator("#list-open .case-row[data-case-no]").first).to_be_visible()
    return page


@pytest.fixture
def desk(logged_in: Callable[..., Page]) -> Page:
    page = logged_in("dispatcher")
    page.goto("/dispatch")
    expect(page.locator(".queue-row").first).to_be_visible()
    return page


def state_of(page: Page, case_no: str) -> dict[str, Any]:
    return dict(asked(page, "GET", f"/api/cases/{case_no}"))


def test_a_case_is_reported(logged_in) -> None:
    page = logged_in("dispatcher")
    page.goto("/map?area=532801")
    painted(page, "532801")
    press(page, '.topbar [data-action="open-report"]')
    expect(page.locator("#report-place-search")).to_be_focused()
    page.keyboard.type("嘎洒")
    expect(page.locator("#report-place-list [data-found]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    told = page.locator(".report-place")
    expect(told).not_to_have_text(told.get_attribute("data-none") or "")
    press(page, '#report-dialog [name="kind"]', "Space")
    press(page, '#report-dialog [name="category"]', "Space")
    reach(page, "#report-title")
    page.keyboard.type("只用键盘上报")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/api/cases")) as made:
        press(page, "#report-submit")
    assert made.value.status == 201
    expect(page.locator("#report-dialog")).to_be_hidden()


def test_a_case_is_found_and_opened_and_closed(leader: Page) -> None:
    number = asked(leader, "GET", "/api/cases?area=532801&limit=1")["items"][0]["case_no"]
    leader.keyboard.press("/")
    leader.keyboard.type(number)
    expect(leader.locator("#search-results [role=option]").first).to_be_visible()
    leader.keyboard.press("Enter")
    expect(leader.locator(f'.case-panel.shown .case[data-case-no="{number}"]')).to_be_visible()
    leader.keyboard.press("Escape")
    leader.keyboard.press("Escape")
    expect(leader.locator(".case-panel.shown")).to_have_count(0)


def test_a_case_is_dispatched_and_taken_back(desk: Page) -> None:
    expect(desk.locator(".case-panel.shown #assign-submit")).to_be_visible()
    number = desk.locator(".case-panel.shown .case").get_attribute("data-case-no") or ""
    press(desk, "#assign-submit")
    expect(desk.locator(".toast-undo")).to_be_visible()
    assert state_of(desk, number)["status"] == "dispatched"
    press(desk, ".toast-undo")
    expect(desk.locator(f'.queue-row[data-case-no="{number}"]')).to_be_visible()
    assert state_of(desk, number)["status"] == "waiting"


@pytest.fixture
def handler(logged_in: Callable[..., Page]) -> Page:
    return logged_in("handler")


def stands(page: Page, number: str, status: str) -> None:
    expect(page.locator(".case")).to_have_attribute("data-status", status)
    assert state_of(page, number)["status"] == status


def choose(page: Page, move: str) -> None:
    """By its button, or out of the list of further moves."""
    expect(page.locator(".case")).to_be_visible()
    if not page.locator(f'.case [data-move="{move}"]').is_visible():
        press(page, ".case-buttons summary")
    press(page, f'.case [data-move="{move}"]')


def test_a_case_is_signed_started_settled_with_a_result_and_that_is_taken_back(handler: Page, logged_in) -> None:
    number = dispatched(logged_in, handler)
    handler.goto("/mine")
    press(handler, f'li[data-case-no="{number}"] > a')
    choose(handler, "sign")
    stands(handler, number, "signed")
    choose(handler, "start")
    stands(handler, number, "handling")
    choose(handler, "settle")
    press(handler, '[data-form="settle"] [data-phrase]')
    expect(handler.locator('[data-form="settle"] textarea')).not_to_have_value("")
    press(handler, '[data-send="settle"]')
    stands(handler, number, "settled")
    press(handler, ".toast-undo")
    stands(handler, number, "handling")


def test_a_case_is_returned_with_its_reason(handler: Page, logged_in) -> None:
    number = dispatched(logged_in, handler)
    handler.goto(f"/mine?case={number}")
    choose(handler, "return")
    reach(handler, '[data-form="return"] textarea')
    handler.keyboard.type("事权不在本单位")
    press(handler, '[data-send="return"]')
    expect(handler.locator(".trace-reason").first).to_have_text("事权不在本单位")
    assert state_of(handler, number)["status"] == "waiting"


def test_a_list_is_exported(leader: Page, tmp_path: Path) -> None:
    press(leader, "[data-case-list=list-open] [data-action=toggle-list-more]")
    reach(leader, "[data-case-list=list-open] [data-file=csv]")
    with leader.expect_download() as loaded:
        leader.keyboard.press("Enter")
    file = tmp_path / "list.csv"
    loaded.value.save_as(file)
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert len(rows) > 1


def test_another_level_is_coloured(leader: Page) -> None:
    reach(leader, "#map-level")
    before = leader.locator("#map-level").input_value()
    leader.keyboard.press("ArrowDown")
    expect(leader.locator("#map-level")).not_to_have_value(before)
    expect(leader).to_have_url(re.compile("level="))


def test_a_figure_filters_and_one_key_clears(leader: Page) -> None:
    press(leader, ".door[data-list=waiting]")
    expect(leader).to_have_url(re.compile("list=waiting"))
    expect(leader.locator("#list-open-total")).to_have_text(leader.locator("#count-waiting").inner_text())
    leader.keyboard.press("0")
    expect(leader).not_to_have_url(re.compile("list="))


def test_areas_and_cases_of_the_map_are_lists_with_the_same_acts(leader: Page) -> None:
    reach(leader, "#area-list [role=option]")
    leader.keyboard.press("ArrowDown")
    code = leader.evaluate("document.activeElement.dataset.code")
    leader.keyboard.press("Enter")
    painted(leader, code)
    expect(leader).to_have_url(re.compile(f"area={code}"))
    leader.keyboard.press("Backspace")
    painted(leader, "532801")
    reach(leader, "#list-open :is([role=row], [role=gridcell]), #list-open .case-row")
    leader.keyboard.press("Enter")
    expect(leader.locator(".case-panel.shown .case")).to_be_visible()
    expect(leader.locator(".case-panel.shown [data-move]").first).to_be_attached()


def test_up_is_one_step_while_the_way_of_the_area_before_is_still_drawn(leader: Page) -> None:
    held: list[Route] = []
    reach(leader, "#area-list [role=option]")
    code = leader.evaluate("document.activeElement.dataset.code")
    leader.route("**/_dash-update-component", lambda route: held.append(route))
    leader.keyboard.press("Enter")
    expect(leader).to_have_url(re.compile(f"area={code}"))
    leader.keyboard.press("Backspace")
    leader.unroute("**/_dash-update-component")
    for route in held:
        route.continue_()
    expect(leader).to_have_url(re.compile("area=532801(&|$)"))
    painted(leader, "532801")


def test_the_password_is_changed(logged_in) -> None:
    page = logged_in("dispatcher.jinghong")
    page.goto("/dispatch")
    expect(page.locator(".user-menu > summary")).to_be_visible()
    press(page, ".user-menu > summary")
    press(page, '.user-menu a[href="/profile"]')
    expect(page.locator("#password-form")).to_be_visible()
    for field, words in (("old", "gridboard"), ("new", NEW), ("repeat", NEW)):
        reach(page, f"#password-form [name={field}]")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).not_to_be_empty()
    again = page.context.request.post("/api/session", data={"username": "dispatcher.jinghong", "password": NEW})
    assert again.ok


def test_a_user_is_added(logged_in) -> None:
    page = logged_in("admin")
    page.goto("/users")
    expect(page.locator("#users-box tbody tr").first).to_be_visible()
    press(page, "#user-add-open")
    expect(page.locator("#user-add-username")).to_be_focused()
    page.keyboard.type("by.keys")
    reach(page, "#user-add-role")
    while page.locator("#user-add-role").input_value() != "auditor":
        page.keyboard.press("ArrowDown")
    reach(page, "#user-add-area")
    page.keyboard.type("勐海县")
    expect(page.locator('#user-add [data-field="area"] .suggestion').first).to_be_visible()
    press(page, '[data-field="area"] .suggestion')
    expect(page.locator("#user-add-area")).to_have_value("532822")
    page.keyboard.press("Enter")
    expect(page.locator("#secret-value")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator('tr[data-user="by.keys"]')).to_be_visible()


def test_a_case_that_was_put_in_the_queue_is_reached_by_the_arrows(desk: Page) -> None:
    like = asked(desk, "GET", "/api/cases?limit=1")["items"][0]
    made = put_in_queue(desk, {name: like[name] for name in ("kind", "category", "area")} | {"title": "键盘选择的案件"})
    expect(desk.locator(f'.queue-row[data-case-no="{made["case_no"]}"]')).to_be_attached()
    reach(desk, ".queue-row")
    reach(desk, f'.queue-row[data-case-no="{made["case_no"]}"]', key="ArrowDown", most=400)
    desk.keyboard.press("Enter")
    expect(desk.locator(f'.case-panel.shown .case[data-case-no="{made["case_no"]}"]')).to_be_visible()
