"""The forms of moves beside the map: asked for what is missing, sent, seen in the trace; an Escape leaves the case alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.steps.browser import dispatched


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=30_000)


def a_case(page: Page, status: str) -> dict:
    return dict(page.request.get(f"/api/cases?status={status}&limit=1").json()["items"][0])


def open_case(page: Page, path: str, case_no: str) -> None:
    page.goto(f"{path}?case={case_no}")
    expect(page.locator(f'.case-panel.shown .case[data-case-no="{case_no}"]')).to_be_visible()


def press(page: Page, move: str) -> None:
    button = page.locator(f'.case [data-move="{move}"]')
    if not button.is_visible():
        page.locator(".case-buttons summary").click()
    button.click()


def test_a_leader_supervises_with_form_and_reason(logged_in: Callable[..., Page]) -> None:
    page = logged_in("leader")
    case = a_case(page, "handling")
    open_case(page, "/map", case["case_no"])
    press(page, "supervise")
    form = page.locator('.move-form[data-form="supervise"]')
    form.locator("[data-send]").click()
    expect(page.locator(".case-message")).to_contain_text("请填写：督办方式")
    form.locator('label:has([value="interview"])').click()
    form.locator("textarea").fill("联系人13812345678，请约谈")
    form.locator("[data-send]").click()
    expect(page.locator(".case-message")).to_contain_text("电话")
    expect(form.locator("textarea")).to_have_value("联系人13812345678，请约谈")
    form.locator("textarea").fill("久拖未决")
    form.locator("[data-send]").click()
    newest = page.locator(".trace-entry:not(.trace-notice)").first
    expect(newest.locator(".trace-act")).to_have_text("督办")
    expect(newest).to_contain_text("形式：约谈")
    assert page.request.get(f"/api/cases/{case['case_no']}").json()["version"] == case["version"] + 1


def test_a_dispatcher_refers_up_and_an_escape_closes_the_form_alone(logged_in: Callable[..., Page]) -> None:
    page = logged_in("dispatcher")
    case = a_case(page, "waiting")
    open_case(page, "/map", case["case_no"])
    press(page, "refer_up")
    form = page.locator('.move-form[data-form="refer_up"]')
    form.locator("textarea").fill("跨县纠纷")
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(page.locator(".case-panel.shown")).to_be_visible()
    press(page, "refer_up")
    form.locator("[data-send]").click()
    newest = page.locator(".trace-entry:not(.trace-notice)").first
    expect(newest.locator(".trace-act")).to_have_text("上报上级")
    after = page.request.get(f"/api/cases/{case['case_no']}").json()
    assert (after["status"], after["holder"]["id"] != case["holder"]["id"]) == ("waiting", True)


def test_an_extension_is_asked_in_the_deployments_time(logged_in: Callable[..., Page]) -> None:
    page = logged_in("handler", width=390, height=844)
    case_no = dispatched(logged_in, page)
    page.goto(f"/mine?case={case_no}")
    press(page, "sign")
    expect(page.locator(".case")).to_have_attribute("data-status", "signed")
    press(page, "extend")
    form = page.locator('.move-form[data-form="extend"]')
    form.locator("input").fill("2026-08-01T09:30")
    form.locator("textarea").fill("等待鉴定结论")
    form.locator("[data-send]").click()
    expect(page.locator(".case-facts")).to_contain_text(re.compile("申请延至 2026年8月1日 09:30"))
    after = page.request.get(f"/api/cases/{case_no}").json()
    assert after["extension_until"] == "2026-08-01T01:30:00Z"


def test_what_is_being_filled_in_outlives_a_redraw(logged_in: Callable[..., Page]) -> None:
    """Somebody else changes the case meanwhile: the form stands, with values, focus and caret, and goes out."""
    page = logged_in("leader")
    case = a_case(page, "handling")
    open_case(page, "/map", case["case_no"])
    press(page, "supervise")
    form = page.locator('.move-form[data-form="supervise"]')
    form.locator('label:has([value="interview"])').click()
    box = form.locator("textarea")
    box.fill("久拖未决")
    box.press("ArrowLeft")
    other = logged_in("dispatcher")
    token = other.request.get("/api/session").json()["csrf_token"]
    said = other.request.post(
        f"/api/cases/{case['case_no']}/moves",
        data={"move": "comment", "version": case["version"], "reason": "已催办两次"},
        headers={"X-CSRF-Token": token},
    )
    assert said.ok, said.text()
    expect(page.locator(f'.case[data-version="{case["version"] + 1}"]')).to_be_visible()
    expect(form).to_be_visible()
    expect(box).to_have_value("久拖未决")
    expect(box).to_be_focused()
    page.keyboard.insert_text("，一再拖延，")
    expect(box).to_have_value("久拖未，一再拖延，决")
    expect(form.locator('[value="interview"]')).to_be_checked()
    form.locator("[data-send]").click()
    newest = page.locator(".trace-entry:not(.trace-notice)").first
    expect(newest.locator(".trace-act")).to_have_text("督办")
    expect(form).to_be_hidden()
