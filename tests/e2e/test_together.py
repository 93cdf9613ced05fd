"""Two people at one case, and what changes under an open page: rights, the case, the world."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import asked, dispatched, put_in_queue

PHONE = {"width": 390, "height": 844}
WORDS = "写到一半的退回理由"


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def a_waiting_case(page: Page) -> dict:
    like = asked(page, "GET", "/api/cases?limit=1")["items"][0]
    return put_in_queue(page, {name: like[name] for name in ("kind", "category", "lon", "lat")} | {"title": "两人同办案件"})


def move(page: Page, case_no: str, **form) -> dict:
    version = asked(page, "GET", f"/api/cases/{case_no}")["version"]
    return dict(asked(page, "POST", f"/api/cases/{case_no}/moves", {"version": version, **form}))


def press(page: Page, name: str) -> None:
    button = page.locator(f'.case [data-move="{name}"]')
    if not button.is_visible():
        page.locator(".case-buttons summary").click()
    button.click()


def on_desk(page: Page, case_no: str) -> None:
    page.goto(f"/dispatch?case={case_no}")
    expect(page.locator(f'.case-panel.shown .case[data-case-no="{case_no}"]')).to_be_visible()
    expect(page.locator("#assign-submit")).to_be_enabled()


def on_mine(page: Page, case_no: str) -> None:
    page.goto(f"/mine?case={case_no}")
    expect(page.locator(f'.case[data-case-no="{case_no}"]')).to_be_visible()


def test_the_second_dispatcher_is_told_who_was_first_and_keeps_the_draft(logged_in: Callable[..., Page]) -> None:
    first, second = logged_in("dispatcher"), logged_in("dispatcher.jinghong")
    items = asked(second, "GET", "/api/queue?limit=20")["items"]
    case_no = next(one["case_no"] for one in items)
    on_desk(first, case_no)
    on_desk(second, case_no)
    expect(second.locator("#claim-bar")).to_contain_text("正在处理")
    press(second, "refer_up")
    box = second.locator('.move-form[data-form="refer_up"] textarea')
    box.fill(WORDS)
    first.locator("#assign-submit").click()
    expect(first.locator("#toast .toast-undo")).to_be_visible()
    kept = second.locator(".case-kept textarea, .move-form[data-form='refer_up']:not([hidden]) textarea")
    expect(kept.first).to_have_value(WORDS)
    assert asked(first, "GET", f"/api/cases/{case_no}")["status"] == "dispatched"


def test_a_comment_while_the_handler_writes_makes_its_move_no_later(logged_in: Callable[..., Page]) -> None:
    phone, leader = logged_in("handler", **PHONE), logged_in("leader")
    case_no = dispatched(logged_in, phone)
    on_mine(phone, case_no)
    press(phone, "return")
    box = phone.locator('.move-form[data-form="return"] textarea')
    box.fill(WORDS)
    move(leader, case_no, move="comment", reason="请今天反馈")
    expect(box).to_have_value(WORDS)
    phone.locator('.move-form[data-form="return"] [data-send]').click()
    expect(phone.locator(".trace-reason").first).to_have_text(WORDS)
    expect(phone.locator(".trace")).to_contain_text("请今天反馈")
    assert asked(leader, "GET", f"/api/cases/{case_no}")["status"] == "waiting"


def test_one_settles_while_the_other_returns(logged_in: Callable[..., Page]) -> None:
    one, other = logged_in("handler", **PHONE), logged_in("handler", **PHONE)
    case_no = dispatched(logged_in, one)
    for act in ("sign", "start"):
        move(one, case_no, move=act)
    for page in (one, other):
        on_mine(page, case_no)
    press(other, "return")
    form = other.locator('.move-form[data-form="return"]')
    form.locator("textarea").fill(WORDS)
    # the other hears nothing of it before it presses
    other.route(re.compile("/mine"), lambda route: route.abort())
    move(one, case_no, move="settle", reason="已调解")
    form.locator("[data-send]").click()
    expect(other.locator(".case-message")).to_contain_text("先行办结")
    expect(form.locator("textarea")).to_have_value(WORDS)
    assert asked(one, "GET", f"/api/cases/{case_no}")["status"] == "settled"


def test_an_undo_after_a_later_move_says_who_was_first(logged_in: Callable[..., Page]) -> None:
    desk, colleague = logged_in("dispatcher"), logged_in("dispatcher")
    case_no = a_waiting_case(desk)["case_no"]
    on_desk(desk, case_no)
    desk.locator("#assign-submit").click()
    undo = desk.locator("#toast .toast-undo")
    expect(undo).to_be_visible()
    move(colleague, case_no, move="recall")
    undo.click()
    expect(desk.locator("#toast .bad")).to_contain_text("已先行撤回")
    assert asked(colleague, "GET", f"/api/cases/{case_no}")["status"] == "waiting"


def test_another_role_is_another_page_within_seconds(logged_in: Callable[..., Page]) -> None:
    admin = logged_in("admin")
    (user,) = asked(admin, "GET", "/api/users?q=dispatcher.jinghong")["items"]
    page, colleague = logged_in("dispatcher.jinghong"), logged_in("dispatcher")
    case_no = a_waiting_case(page)["case_no"]
    on_desk(page, case_no)
    expect(page.locator("#claim-bar[data-state=mine]")).to_be_visible()
    press(page, "refer_up")
    page.locator('.move-form[data-form="refer_up"] textarea').fill(WORDS)
    asked(admin, "PATCH", f"/api/users/{user['id']}", {"role": "leader"})
    try:
        expect(page.locator("#assign-submit")).to_have_count(0, timeout=10_000)
        expect(page.locator(".state")).to_be_visible()
        expect(page.locator(".page-link[href='/dispatch']")).to_have_count(0)
        assert asked(colleague, "POST", f"/api/cases/{case_no}/claim", {"tab": "t"})
        page.goto(f"/map?case={case_no}")
        expect(page.locator(".case-panel.shown .case")).to_be_visible()
    finally:
        asked(admin, "PATCH", f"/api/users/{user['id']}", {"role": "dispatcher"})
